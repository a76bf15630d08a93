// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// Any gate as gates of one wire, CNOTs and global phases. Which way is taken follows from what the row knows: its controls,
/// its generator, its decomposition, its matrix.
/// </summary>
internal static class Synthesis
{
    private const int MaxShannonWires = 8;

    /// <summary>The operation's parts, in order of application, without its guard and conditions.</summary>
    /// <exception cref="NotSupportedException">There is no known way.</exception>
    public static IEnumerable<Operation> ToCnots(Operation operation)
    {
        var (gate, wires, angles) = (operation.Gate, operation.Wires, operation.Angles);
        if (Commutation.IsIdentity(gate))
        {
            return [];
        }

        if (gate.Wires == 1 || gate.Equals(Gates.CNOT))
        {
            return [new Operation(gate, wires, angles)];
        }

        var isConstant = angles.All(angle => angle.IsConstant);
        if (isConstant && gate.Wires == 2)
        {
            return TwoQubitSynthesis.Of(gate.Matrix([.. angles.Select(angle => angle.Offset)]), wires[0], wires[1]);
        }

        if (gate.Target is { } target && ControlledSynthesis.Of(target, gate.ControlValues, wires, angles) is { } controlled)
        {
            return controlled;
        }

        if (gate.Parameters == 1 && gate.GeneratorScale > 0 && RotationSynthesis.Of(gate, wires, angles[0]) is { } rotation)
        {
            return rotation;
        }

        if (!gate.Decomposition.IsEmpty)
        {
            return operation.Parts().SelectMany(ToCnots);
        }

        if (isConstant && gate.Wires <= MaxShannonWires)
        {
            return ShannonSynthesis.Of(gate.Matrix([.. angles.Select(angle => angle.Offset)]), wires);
        }

        throw new NotSupportedException($"{gate.Name} on {gate.Wires} wires has no known decomposition; write it as a product of smaller gates.");
    }

    public static Operation Cnot(int control, int target) => new(Gates.CNOT, [control, target], []);

    public static Operation One(Gate gate, int wire, params ImmutableArray<Angle> angles) => new(gate, [wire], angles);

    /// <summary>A constant gate of one wire.</summary>
    public static Operation One(Complex[,] matrix, int wire) => new(Gates.Unitary(matrix), [wire], []);

    /// <summary>The factor e^{i·angle}.</summary>
    public static Operation Phase(int wire, Angle angle) => new(Gates.GlobalPhase, [wire], [-angle]);
}
