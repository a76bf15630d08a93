// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <content>Matrices, Kraus operators and their derivatives, written out from formula, generator or decomposition.</content>
public sealed partial class Gate
{
    /// <summary>The unitary, <c>[2^m, 2^m]</c> for m wires, the first wire the most significant bit of the index.</summary>
    /// <param name="angles">The gate's angles, radians.</param>
    /// <exception cref="ArgumentException">Not as many angles as the gate takes.</exception>
    /// <exception cref="NotSupportedException">The gate has more than 12 wires.</exception>
    public Complex[,] Matrix(params ReadOnlySpan<double> angles)
    {
        CheckAngles(angles);
        CheckSize();
        CheckUnitary();
        return formula is not null ? formula(angles) : GeneratorFormula is not null ? Exponential(angles[0]) : Product(angles);
    }

    /// <summary>
    /// The Kraus operators K of the map <c>ρ → Σ K ρ K†</c>, each <c>[2^m, 2^m]</c>: of a unitary its matrix alone, of a
    /// measurement one for each outcome.
    /// </summary>
    /// <param name="angles">The row's angles: radians, or the strengths of a channel.</param>
    /// <exception cref="ArgumentException">Not as many angles as the row takes, or a strength out of its range.</exception>
    /// <exception cref="NotSupportedException">The row has more than 12 wires.</exception>
    public Complex[][,] Kraus(params ReadOnlySpan<double> angles)
    {
        CheckAngles(angles);
        CheckSize();
        return Form is null ? [Kind == GateKind.Barrier ? MatrixAlgebra.Identity(1 << Wires) : Matrix(angles)]
            : Form.Fault(angles) is { } fault ? throw new ArgumentException($"{Name}: {fault}.", nameof(angles))
            : Form.Kraus(angles);
    }

    /// <summary>
    /// The derivatives of the Kraus operators by an angle or strength, <c>∂K/∂θ</c>, in the order of <see cref="Kraus"/>. Where
    /// a probability is 0 that of its square root is infinite: it is cut off so that <c>K ⊗ ∂K* + ∂K ⊗ K*</c> is right.
    /// </summary>
    /// <param name="parameter">Which angle or strength, from 0.</param>
    /// <param name="angles">The row's angles: radians, or the strengths of a channel.</param>
    /// <exception cref="ArgumentException">There is no such angle, or not as many as the row takes, or a strength is out of its range.</exception>
    /// <exception cref="NotSupportedException">The row has more than 12 wires.</exception>
    public Complex[][,] KrausDerivative(int parameter, params ReadOnlySpan<double> angles)
    {
        if (Form is null)
        {
            return [Derivative(parameter, angles)];
        }

        CheckAngles(angles);
        ArgumentOutOfRangeException.ThrowIfNegative(parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameter, Parameters);
        return Form.Fault(angles) is { } fault ? throw new ArgumentException($"{Name}: {fault}.", nameof(angles)) : Form.Kraus(angles, parameter);
    }

    /// <summary>The derivative of the unitary by its angle <paramref name="parameter"/>: <c>∂U/∂θ</c>.</summary>
    /// <param name="parameter">Which angle, from 0.</param>
    /// <param name="angles">The gate's angles, radians.</param>
    /// <exception cref="ArgumentException">There is no such angle, or not as many angles as the gate takes.</exception>
    /// <exception cref="NotSupportedException">The gate has more than 12 wires.</exception>
    public Complex[,] Derivative(int parameter, params ReadOnlySpan<double> angles)
    {
        CheckAngles(angles);
        CheckUnitary();
        ArgumentOutOfRangeException.ThrowIfNegative(parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameter, Parameters);
        if (Generator is { } generator)
        {
            return MatrixAlgebra.Scale(MatrixAlgebra.Multiply(generator, Matrix(angles)), Complex.ImaginaryOne);
        }

        // The product rule over the decomposition.
        var total = new Complex[1 << Wires, 1 << Wires];
        for (var k = 0; k < Decomposition.Length; k++)
        {
            for (var j = 0; j < Decomposition[k].Angles.Length; j++)
            {
                var angle = Decomposition[k].Angles[j];
                if (!angle.IsConstant && angle.Index == parameter)
                {
                    total = MatrixAlgebra.Add(total, Product(angles, differentiate: (k, j)), angle.Scale);
                }
            }
        }

        return total;
    }

    private void CheckAngles(ReadOnlySpan<double> angles)
    {
        if (angles.Length != Parameters)
        {
            throw new ArgumentException($"{Name} takes {Parameters} angle(s), not {angles.Length}.", nameof(angles));
        }
    }

    private void CheckSize()
    {
        if (Wires > MaxMatrixWires)
        {
            throw new NotSupportedException(
                $"{Name} has {Wires} wires: matrices are written out up to {MaxMatrixWires}; use its controls and target or its decomposition.");
        }
    }

    /// <summary>Refuses what only a unitary has: a matrix, an inverse, controls, powers.</summary>
    internal void CheckUnitary()
    {
        if (Kind is GateKind.Channel or GateKind.Measure)
        {
            throw new NotSupportedException($"{Name} is no unitary: it has Kraus operators, but no matrix, inverse, controls or powers.");
        }
    }

    private Complex[,] Exponential(double angle)
    {
        var unit = MatrixAlgebra.Scale(Generator!, 1 / GeneratorScale);
        var (sin, cos) = Math.SinCos(GeneratorScale * angle);
        var even = MatrixAlgebra.Add(MatrixAlgebra.Identity(unit.GetLength(0)), MatrixAlgebra.Multiply(unit, unit), cos - 1);
        return MatrixAlgebra.Add(even, unit, new Complex(0, sin));
    }

    private Complex[,] Product(ReadOnlySpan<double> angles, (int Factor, int Angle)? differentiate = null)
    {
        var product = MatrixAlgebra.Identity(1 << Wires);
        for (var k = 0; k < Decomposition.Length; k++)
        {
            var part = Decomposition[k];
            var values = new double[part.Angles.Length];
            for (var j = 0; j < values.Length; j++)
            {
                values[j] = part.Angles[j].Value(angles, default);
            }

            var factor = differentiate is { } at && at.Factor == k ? part.Gate.Derivative(at.Angle, values) : part.Gate.Matrix(values);
            product = MatrixAlgebra.Multiply(MatrixAlgebra.Embed(factor, part.Wires.AsSpan(), Wires), product);
        }

        return product;
    }

    private GateStructure InferStructure()
    {
        if (KnownStructure is { } known)
        {
            return known;
        }

        // A control adds rows of the identity; an inverse is a conjugate transpose: neither changes the structure.
        if (Origin is { } origin && Exponent is null)
        {
            return origin.Structure;
        }

        if (Wires > MaxMatrixWires)
        {
            return GateStructure.Dense;
        }

        // Two generic points tell what holds for all angles: entries are trigonometric polynomials.
        var result = GateStructure.Diagonal | GateStructure.Permutation | GateStructure.Real;
        foreach (var seed in (ReadOnlySpan<double>)[0.7310585786, 2.1972245773])
        {
            var u = Matrix([.. Enumerable.Range(0, Parameters).Select(k => seed + (0.9 * k))]);
            for (var r = 0; r < u.GetLength(0); r++)
            {
                var filled = 0;
                for (var c = 0; c < u.GetLength(1); c++)
                {
                    filled += u[r, c].Magnitude > 1e-14 ? 1 : 0;
                    result &= r != c && u[r, c].Magnitude > 1e-14 ? ~GateStructure.Diagonal : ~GateStructure.Dense;
                    result &= Math.Abs(u[r, c].Imaginary) > 1e-14 ? ~GateStructure.Real : ~GateStructure.Dense;
                }

                result &= filled > 1 ? ~GateStructure.Permutation : ~GateStructure.Dense;
            }
        }

        return result;
    }
}
