// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>Which orders of a gate's wires are the same operation: CZ 0 1 is CZ 1 0.</summary>
internal static class WireSymmetry
{
    private const int MaxMatrixWires = 4;

    /// <summary>Whether the gate on these wires in one order is the gate on them in the other, for all angles.</summary>
    public static bool ActsAlike(this Gate gate, ImmutableArray<int> first, ImmutableArray<int> second)
    {
        if (first.AsSpan().SequenceEqual(second.AsSpan()))
        {
            return true;
        }

        if (!first.ToHashSet().SetEquals(second))
        {
            return false;
        }

        if (gate.Wires <= MaxMatrixWires)
        {
            double[] angles = [.. Enumerable.Range(0, gate.Parameters).Select(k => 0.7310585786 + (0.9 * k))];
            var matrix = gate.Matrix(angles);
            int[] places = [.. second.Select(wire => first.IndexOf(wire))];
            return MatrixAlgebra.Distance(matrix, MatrixAlgebra.Embed(matrix, places, gate.Wires)) < 1e-12;
        }

        // Of many wires: the controls may change places, each with its value.
        var controls = gate.ControlValues.Length;
        return gate.Target is { } target && target.ActsAlike(first[controls..], second[controls..])
            && first[..controls].Zip(gate.ControlValues).ToHashSet().SetEquals(second[..controls].Zip(gate.ControlValues));
    }
}
