// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp;

/// <summary>The Pauli matrices of one wire with which a gate commutes: along such an axis the gate leaves the wire alone.</summary>
[Flags]
internal enum WireAxis
{
    /// <summary>None: the gate turns the wire about no single axis.</summary>
    None = 0,

    /// <summary>X, as the target of a CNOT.</summary>
    X = 1,

    /// <summary>Y.</summary>
    Y = 2,

    /// <summary>Z, as a control, and any wire of a diagonal gate.</summary>
    Z = 4,
}

/// <summary>
/// Which operations may change places. Two gates that keep a common axis of each wire they share are block-diagonal in the
/// same product basis of these wires, with blocks on different wires, so they commute; a guard only decides whether one of
/// them is the identity, which commutes too. What is not a gate, or hangs on measured bits, commutes with nothing it touches.
/// </summary>
internal static class Commutation
{
    private const int MaxMatrixWires = 5;
    private const double Tiny = 1e-12;
    private static readonly ConditionalWeakTable<Gate, WireAxis[]> Known = [];

    /// <summary>Whether the order of two operations does not matter.</summary>
    public static bool Commute(Operation a, Operation b)
    {
        for (var i = 0; i < a.Wires.Length; i++)
        {
            var j = b.Wires.IndexOf(a.Wires[i]);
            if (j >= 0 && (IsWall(a) || IsWall(b) || (Axes(a.Gate)[i] & Axes(b.Gate)[j]) == WireAxis.None))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether no pass may move, join or remove the operation.</summary>
    public static bool IsWall(Operation operation) => !operation.IsGate || !operation.Conditions.IsEmpty;

    /// <summary>Whether a row is the identity for all angles: I and powers 0, with any controls.</summary>
    public static bool IsIdentity(Gate gate) => (gate.Target ?? gate) is var inner && (inner.Equals(Gates.I) || inner.Exponent == 0);

    /// <summary>The axes of each of a gate's wires, for all angles.</summary>
    public static WireAxis[] Axes(Gate gate) => Known.GetValue(gate, Find);

    /// <summary>The axes with their matrices, the cheapest to turn to first.</summary>
    public static (WireAxis Axis, Gate Pauli)[] Paulis { get; } = [(WireAxis.Z, Gates.Z), (WireAxis.X, Gates.X), (WireAxis.Y, Gates.Y)];

    /// <summary>Whether a matrix commutes with a Pauli matrix of one wire.</summary>
    public static bool Keeps(Complex[,] matrix, Gate pauli, int wire, int wires)
    {
        var p = MatrixAlgebra.Embed(pauli.Matrix(), [wire], wires);
        return MatrixAlgebra.Distance(MatrixAlgebra.Multiply(matrix, p), MatrixAlgebra.Multiply(p, matrix)) < Tiny;
    }

    private static WireAxis[] Find(Gate gate)
    {
        if (gate.Target is { } target)
        {
            return [.. gate.ControlValues.Select(_ => WireAxis.Z), .. Axes(target)];
        }

        if (gate.Wires > MaxMatrixWires)
        {
            return [.. Enumerable.Repeat(gate.Structure.HasFlag(GateStructure.Diagonal) ? WireAxis.Z : WireAxis.None, gate.Wires)];
        }

        // Two generic points tell what holds for all angles: entries are trigonometric polynomials.
        var axes = Enumerable.Repeat(WireAxis.X | WireAxis.Y | WireAxis.Z, gate.Wires).ToArray();
        foreach (var seed in (ReadOnlySpan<double>)[0.7310585786, 2.1972245773])
        {
            var u = gate.Matrix([.. Enumerable.Range(0, gate.Parameters).Select(k => seed + (0.9 * k))]);
            for (var wire = 0; wire < gate.Wires; wire++)
            {
                foreach (var (axis, pauli) in Paulis)
                {
                    axes[wire] &= Keeps(u, pauli, wire, gate.Wires) ? ~WireAxis.None : ~axis;
                }
            }
        }

        return axes;
    }
}
