// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A circuit without the measurements that end it, and what they measure.</summary>
/// <param name="Circuit">The circuit before they are made. Its state, expectation values and probabilities are those that they sample.</param>
/// <param name="Bits">The wire and the bit of each, in order.</param>
public sealed record FinalMeasurements(Circuit Circuit, ImmutableArray<(int Wire, int Bit)> Bits);

/// <summary>A pass over measurements.</summary>
public static class MeasurementPasses
{
    /// <summary>
    /// Takes away the measurements that nothing follows: no operation of their wire but barriers and further ones of their kind, and no condition on
    /// their bit. A guarded or conditional measurement stays, and so does one whose bit is written twice.
    /// </summary>
    public static FinalMeasurements WithoutFinalMeasurements(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var (busy, read) = (new bool[circuit.Wires], new bool[circuit.Bits]);
        var kept = new List<Operation>();
        var final = new List<(int, int)>();
        foreach (var operation in circuit.Operations.Reverse())
        {
            if (operation is { Bit: { } bit, Guard: null, Conditions.IsEmpty: true } && !busy[operation.Wires[0]] && !read[bit])
            {
                final.Add((operation.Wires[0], bit));
                read[bit] = true;
                continue;
            }

            kept.Add(operation);
            foreach (var wire in operation.Wires)
            {
                busy[wire] |= operation.Gate.Kind != GateKind.Barrier;
            }

            foreach (var used in operation.Conditions.SelectMany(condition => condition.Bits))
            {
                read[used] = true;
            }

            if (operation.Bit is { } written)
            {
                read[written] = true;
            }
        }

        return new(circuit.WithOperations([.. Enumerable.Reverse(kept)]), [.. Enumerable.Reverse(final)]);
    }
}
