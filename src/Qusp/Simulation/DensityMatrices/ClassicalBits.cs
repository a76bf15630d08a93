// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>Which classical bits will still be read: the others need not be told apart.</summary>
internal static class ClassicalBits
{
    /// <summary>For each operation the bits that are read after it, by a condition or at the end.</summary>
    public static ImmutableArray<IReadOnlySet<int>> LiveAfter(Circuit circuit)
    {
        var live = circuit.Measurements.OfType<BitProbabilities>().SelectMany(measurement => measurement.OfBits).ToImmutableHashSet();
        var after = new IReadOnlySet<int>[circuit.Operations.Length];
        for (var i = after.Length - 1; i >= 0; i--)
        {
            var operation = circuit.Operations[i];
            after[i] = live;
            if (operation is { Bit: { } bit, Guard: null, Conditions.IsEmpty: true })
            {
                live = live.Remove(bit);
            }

            live = live.Union(operation.Conditions.SelectMany(condition => condition.Bits));
        }

        return [.. after];
    }

    /// <summary>The most bits that must be told apart at any time.</summary>
    public static int MostLive(Circuit circuit)
    {
        var (written, most) = (new HashSet<int>(), 0);
        foreach (var (operation, live) in circuit.Operations.Zip(LiveAfter(circuit)))
        {
            if (operation.Bit is { } bit)
            {
                written.Add(bit);
            }

            most = Math.Max(most, live.Count(written.Contains));
        }

        return most;
    }
}
