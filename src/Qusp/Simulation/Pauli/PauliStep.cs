// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Pauli;

/// <summary>
/// What an operation does to Pauli words: one of three. A Clifford step turns each word into one; a turn exp(−iφP/2) mixes each word Q that anticommutes with P and
/// iPQ by an angle; a map mixes the words on a few wires by a matrix.
/// </summary>
internal sealed record PauliStep
{
    /// <summary>The wires.</summary>
    public required int[] Wires { get; init; }

    /// <summary>The circuit's guard, or −1.</summary>
    public required int Guard { get; init; }

    /// <summary>Of a Clifford step: what it makes of words.</summary>
    public CliffordAction? Action { get; init; }

    /// <summary>Of a turn: the letters x, z of P on each wire; null for others.</summary>
    public byte[]? Letters { get; init; }

    /// <summary>Of a map: the gate.</summary>
    public Gate? Gate { get; init; }

    /// <summary>θ of a turn or a map.</summary>
    public Angle Angle { get; init; }

    /// <summary>φ = factor · θ of a turn.</summary>
    public double Factor { get; init; }

    /// <summary>Of a map whose angle does not vary, or that has none: its matrix. Of another: where the matrix may have entries.</summary>
    public double[] Matrix { get; init; } = [];

    /// <summary>Of a map whose angle varies: its matrix as a function of the angle.</summary>
    public TransferCurve? Curve { get; init; }

    /// <summary>Whether an angle of the circuit's inputs or weights turns it.</summary>
    public bool Varies => Action is null && !Angle.IsConstant;
}
