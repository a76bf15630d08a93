// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>Which guards of a circuit fire for a sample, and what it costs by the ledger.</summary>
internal sealed class GuardLedger<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Guard[] guards;
    private readonly bool[] fires; // of the sample last asked about
    private readonly (int Gates, int TwoQubitGates)[] counts; // by guard; the last is of operations without

    public GuardLedger(Circuit circuit)
    {
        guards = [.. circuit.Guards];
        fires = new bool[guards.Length];
        counts = new (int, int)[guards.Length + 1];
        var number = circuit.Guards.Select((guard, g) => (guard, g)).ToDictionary(pair => pair.guard, pair => pair.g);
        foreach (var operation in circuit.Operations)
        {
            ref var count = ref counts[operation.Guard is { } guard ? number[guard] : guards.Length];
            count = (count.Gates + (operation.IsGate ? 1 : 0), count.TwoQubitGates + (operation.IsTwoQubitGate ? 1 : 0));
        }
    }

    /// <summary>Which guards fire; valid until the next call.</summary>
    public ReadOnlySpan<bool> Fires(ReadOnlySpan<T> sample)
    {
        for (var g = 0; g < fires.Length; g++)
        {
            fires[g] = guards[g].Fires(sample);
        }

        return fires;
    }

    /// <summary>One execution of the circuit with these guards firing.</summary>
    public Cost Cost(ReadOnlySpan<bool> fires)
    {
        var (gates, twoQubitGates) = counts[^1];
        var skipped = 0;
        for (var g = 0; g < guards.Length; g++)
        {
            gates += fires[g] ? counts[g].Gates : 0;
            twoQubitGates += fires[g] ? counts[g].TwoQubitGates : 0;
            skipped += fires[g] ? 0 : counts[g].Gates;
        }

        return new Cost(1, gates, twoQubitGates, skipped, 0);
    }
}
