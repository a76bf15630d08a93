// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>What is counted of a circuit that runs.</summary>
public enum CostKind
{
    /// <summary>Gates on two or more wires that fire.</summary>
    TwoQubit,

    /// <summary>Gates that fire.</summary>
    Gates,

    /// <summary>The longest chain of gates that fire, each waiting for those before it on its wires.</summary>
    Depth,

    /// <summary>
    /// Amplitudes that a simulator touches: over the groups of wires that fired gates connect, the gates in the group times
    /// <c>2^wires</c>.
    /// </summary>
    Simulated,
}

/// <summary>
/// The cost of a circuit as a function of which of its guards hold. Of a pattern z in {0,1}^G it gives the cost itself, as the
/// executor's ledger counts it, and the differences <c>cost(g on) − cost(g off)</c>: the exact gradient of its multilinear
/// extension, so that an expected cost can be differentiated by the probabilities of the guards. Counts are additive, and their
/// differences the same for all patterns; depth and simulated cost are not.
/// </summary>
/// <remarks>Not safe for concurrent calls: patterns that were met are kept.</remarks>
public sealed class PatternCost
{
    private const int MostKept = 1 << 14;
    private readonly ImmutableArray<(int Guard, int[] Wires)> operations; // guard −1: always
    private readonly Dictionary<Pattern, (double Cost, double[] Differences)> kept = [];
    private readonly int wires;

    /// <summary>The cost of a circuit's patterns.</summary>
    /// <param name="circuit">The circuit; patterns are by <see cref="Circuit.Guards"/>, G of them.</param>
    /// <param name="kind">What is counted.</param>
    public PatternCost(Circuit circuit, CostKind kind = CostKind.TwoQubit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        (Circuit, Kind, wires) = (circuit, kind, circuit.Wires);
        operations =
        [
            .. circuit.Operations.Where(operation => operation.IsGate)
                .Select(operation => (operation.Guard is { } guard ? circuit.Guards.IndexOf(guard) : -1, operation.Wires.ToArray())),
        ];
        Dense = Count(Enumerable.Repeat(true, Guards).ToArray());
        Least = Count(new bool[Guards]);
    }

    /// <summary>The circuit.</summary>
    public Circuit Circuit { get; }

    /// <summary>What is counted.</summary>
    public CostKind Kind { get; }

    /// <summary>The number G of guards.</summary>
    public int Guards => Circuit.Guards.Length;

    /// <summary>The cost where all guards hold.</summary>
    public double Dense { get; }

    /// <summary>The cost where none holds.</summary>
    public double Least { get; }

    /// <summary>The cost of a pattern.</summary>
    /// <param name="on">Which guards hold, <c>[G]</c>.</param>
    /// <param name="differences">Receives <c>cost(g on) − cost(g off)</c>, the other guards as they are, <c>[G]</c>; empty if not wanted.</param>
    /// <exception cref="ArgumentException">A span has not G entries.</exception>
    public double Of(ReadOnlySpan<bool> on, Span<double> differences = default)
    {
        if (on.Length != Guards || (differences.Length != 0 && differences.Length != Guards))
        {
            throw new ArgumentException($"the circuit has {Guards} guards; give as many decisions and room for as many differences", nameof(on));
        }

        if (Guards > Pattern.MostGuards)
        {
            return Compute(on, differences);
        }

        var key = Pattern.Of(on);
        if (!kept.TryGetValue(key, out var found))
        {
            var all = new double[Guards];
            found = (Compute(on, all), all);
            if (kept.Count < MostKept)
            {
                kept[key] = found;
            }
        }

        if (differences.Length > 0)
        {
            found.Differences.CopyTo(differences);
        }

        return found.Cost;
    }

    private double Compute(ReadOnlySpan<bool> on, Span<double> differences)
    {
        var pattern = on.ToArray();
        var cost = Count(pattern);
        for (var g = 0; g < differences.Length; g++)
        {
            pattern[g] = !pattern[g];
            differences[g] = (cost - Count(pattern)) * (on[g] ? 1 : -1);
            pattern[g] = !pattern[g];
        }

        return cost;
    }

    private double Count(bool[] on)
    {
        var fired = operations.Where(operation => operation.Guard < 0 || on[operation.Guard]);
        return Kind switch
        {
            CostKind.TwoQubit => fired.Count(operation => operation.Wires.Length > 1),
            CostKind.Gates => fired.Count(),
            CostKind.Depth => Depth(fired),
            _ => Simulated(fired),
        };
    }

    private int Depth(IEnumerable<(int Guard, int[] Wires)> fired)
    {
        var depth = new int[wires];
        foreach (var (_, on) in fired)
        {
            var layer = on.Max(wire => depth[wire]) + 1;
            foreach (var wire in on)
            {
                depth[wire] = layer;
            }
        }

        return depth.Max();
    }

    private double Simulated(IEnumerable<(int Guard, int[] Wires)> fired)
    {
        var group = Enumerable.Range(0, wires).ToArray();
        var list = fired.ToList();
        foreach (var (_, on) in list)
        {
            foreach (var wire in on)
            {
                var (from, to) = (group[wire], group[on[0]]);
                group = from == to ? group : Array.ConvertAll(group, g => g == from ? to : g);
            }
        }

        var size = group.CountBy(g => g).ToDictionary();
        return list.Sum(operation => Math.ScaleB(1, size[group[operation.Wires[0]]]));
    }

    /// <summary>Up to 128 decisions as a key.</summary>
    private readonly record struct Pattern(UInt128 Bits)
    {
        public const int MostGuards = 128;

        public static Pattern Of(ReadOnlySpan<bool> on)
        {
            var bits = UInt128.Zero;
            for (var g = 0; g < on.Length; g++)
            {
                bits |= (on[g] ? UInt128.One : UInt128.Zero) << g;
            }

            return new Pattern(bits);
        }
    }
}
