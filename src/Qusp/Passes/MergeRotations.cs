// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A pass that adds angles.</summary>
public static class RotationPasses
{
    private const double Tiny = 1e-12;

    // Fixed gates that are points of a rotation exp(iθG).
    private static readonly (Gate Fixed, Gate Rotation, double Angle)[] Points =
    [
        (Gates.Z, Gates.PhaseShift, Math.PI),
        (Gates.S, Gates.PhaseShift, Math.PI / 2),
        (Gates.Sdg, Gates.PhaseShift, -Math.PI / 2),
        (Gates.T, Gates.PhaseShift, Math.PI / 4),
        (Gates.Tdg, Gates.PhaseShift, -Math.PI / 4),
    ];

    /// <summary>
    /// Joins rotations of one generator, RX(a) RX(b) = RX(a + b), whose angles are constants or affine in the same source, next
    /// to one another or with operations between that commute, under the same guard; Z, S, T and their inverses count as phase
    /// shifts, with any controls. Drops what is then the identity, for the period that the generator has; a rotation that is −1
    /// becomes a global phase π. Exactly the same unitary.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    public static Circuit MergeRotations(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        while (true)
        {
            // What becomes nothing, or a global phase, no longer stands between two others.
            var simple = circuit.Simplify();
            var joined = simple.JoinPairs(Join);
            if (ReferenceEquals(joined, circuit))
            {
                return circuit;
            }

            circuit = joined;
        }
    }

    private static Circuit Simplify(this Circuit circuit)
    {
        var simple = circuit.Operations.Select(operation => Commutation.IsWall(operation) ? operation : Simplified(operation)).ToList();
        return simple.SequenceEqual(circuit.Operations) ? circuit : circuit.WithOperations([.. simple.OfType<Operation>()]);
    }

    private static bool Join(Operation earlier, Operation later, out Operation? joined)
    {
        joined = null;
        var (first, second) = (AsRotation(earlier), AsRotation(later));
        if (first is not { } a || second is not { } b || Sum(a.Angle, b.Angle) is not { } angle || !Same(a.Gate, b.Gate, ref angle, b.Angle, a.Angle)
            || !a.Gate.ActsAlike(earlier.Wires, later.Wires))
        {
            return false;
        }

        joined = Simplified(new Operation(a.Gate, earlier.Wires, [angle], earlier.Guard));
        return true;

        // The inverse of a rotation turns the other way.
        static bool Same(Gate left, Gate right, ref Angle angle, Angle added, Angle to)
        {
            if (left.Equals(right))
            {
                return true;
            }

            if (!left.Equals(right.Adjoint()) || Sum(to, -added) is not { } difference)
            {
                return false;
            }

            angle = difference;
            return true;
        }
    }

    // A rotation of one angle about a generator, and the operation's angle; null for what is none.
    private static (Gate Gate, Angle Angle)? AsRotation(Operation operation)
    {
        if (operation.Gate is { Parameters: 1, GeneratorScale: > 0 })
        {
            return (operation.Gate, operation.Angles[0]);
        }

        var target = operation.Gate.Target ?? operation.Gate;
        foreach (var (point, rotation, angle) in Points)
        {
            if (point.Equals(target))
            {
                return (operation.Gate.Target is null ? rotation : rotation.Controlled(operation.Gate.ControlValues), angle);
            }
        }

        return null;
    }

    private static Angle? Sum(Angle a, Angle b) => (a.IsConstant, b.IsConstant) switch
    {
        (_, true) => a + b.Offset,
        (true, _) => b + a.Offset,
        _ when (a with { Scale = 1, Offset = 0 }) == (b with { Scale = 1, Offset = 0 }) => Affine(a, a.Scale + b.Scale, a.Offset + b.Offset, Math.Abs(a.Scale) + Math.Abs(b.Scale)),
        _ => null,
    };

    // Scales that cancel up to rounding leave a constant.
    private static Angle Affine(Angle of, double scale, double offset, double size) =>
        Math.Abs(scale) <= 1e-15 * size ? Angle.Constant(offset) : of with { Scale = scale, Offset = offset };

    // Nothing for the identity, a global phase for −1, a fixed gate for its point; else as it is.
    private static Operation? Simplified(Operation operation)
    {
        var gate = operation.Gate;
        if (Commutation.IsIdentity(gate))
        {
            return null;
        }

        if (gate is not { Parameters: 1, GeneratorScale: > 0 } || (!operation.Angles[0].IsConstant && operation.Angles[0].Scale != 0))
        {
            return operation;
        }

        // exp(iθG) has the eigenvalues e^{±iλθ} and, where G has the eigenvalue 0, 1: the identity where λθ is a multiple of 2π.
        var turns = gate.GeneratorScale * operation.Angles[0].Offset / Math.PI;
        var whole = Math.Round(turns);
        if (Math.Abs(turns - whole) < Tiny)
        {
            if (whole % 2 == 0 || gate.Equals(Gates.GlobalPhase))
            {
                return whole % 2 == 0 ? null : operation.WithAngles([Math.PI]);
            }

            if (gate.Target is null && gate.Wires <= Gate.MaxMatrixWires && IsInvolution(gate))
            {
                return new Operation(Gates.GlobalPhase, [operation.Wires[0]], [Math.PI], operation.Guard);
            }
        }

        return Named(operation) ?? (operation.Angles[0].IsConstant ? operation : operation.WithAngles([operation.Angles[0].Offset]));
    }

    private static Operation? Named(Operation operation)
    {
        var target = operation.Gate.Target ?? operation.Gate;
        foreach (var (point, rotation, angle) in Points)
        {
            if (rotation.Equals(target) && Math.Abs(Math.IEEERemainder(operation.Angles[0].Offset - angle, 2 * Math.PI)) < Tiny)
            {
                var named = operation.Gate.Target is null ? point : point.Controlled(operation.Gate.ControlValues);
                return new Operation(named, operation.Wires, [], operation.Guard);
            }
        }

        return null;
    }

    // G² = λ²: both eigenvalues ±λ and no 0, so that half a period is −1.
    private static bool IsInvolution(Gate gate)
    {
        var g = gate.Generator!;
        var unit = MatrixAlgebra.Scale(MatrixAlgebra.Identity(g.GetLength(0)), gate.GeneratorScale * gate.GeneratorScale);
        return MatrixAlgebra.Distance(MatrixAlgebra.Multiply(g, g), unit) < Tiny;
    }
}
