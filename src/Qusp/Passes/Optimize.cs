// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>All passes that only remove, together.</summary>
public static class OptimizingPasses
{
    /// <summary>
    /// Undoes swaps, cancels inverses, merges rotations, fuses constant gates of one wire and removes global phases that no
    /// measurement sees and operations outside of the light cone, until nothing changes. The same results for all inputs and weights, to
    /// rounding; never more operations. Inputs and weights stay. Channels, measurements, resets and conditional operations stay where they are,
    /// if they are seen at all. A circuit with barriers keeps them, and what is outside of its light cone.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    public static Circuit Optimize(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var current = circuit.UndoSwaps();
        var hasBarriers = circuit.Operations.Any(operation => operation.Gate.Kind == GateKind.Barrier);
        while (true)
        {
            var before = current;
            current = Joined(hasBarriers ? current : current.LightCone()).FuseSingleQubit().RemoveGlobalPhases();
            if (current.Equals(before))
            {
                return current;
            }
        }
    }

    // Fusing hides what a gate commutes with, so it comes after all that can meet has met.
    private static Circuit Joined(Circuit circuit)
    {
        while (true)
        {
            var next = circuit.CancelInverses().MergeRotations();
            if (next.Equals(circuit))
            {
                return next;
            }

            circuit = next;
        }
    }
}
