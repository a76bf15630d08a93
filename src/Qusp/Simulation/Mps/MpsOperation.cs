// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>A gate as an MPS applies it: a matrix, or <c>exp(iθG) = 1 + (cos λθ − 1)K² + i sin λθ K</c> with K = G/λ.</summary>
internal sealed class MpsOperation
{
    private readonly double scale; // λ
    private readonly Complex[,]? unit; // K; null where the matrix is constant
    private readonly Complex[,] even; // K², or the matrix
    private readonly Complex[,] back; // the conjugate transpose of a constant matrix

    /// <param name="operation">Of a gate with one angle at most.</param>
    public MpsOperation(Operation operation)
    {
        (Wires, Guard) = ([.. operation.Wires], operation.Guard);
        var gate = operation.Gate;
        if (gate.Parameters == 0 || operation.Angles[0].IsConstant)
        {
            even = gate.Matrix(operation.AngleValues([], []));
            back = MatrixAlgebra.Dagger(even);
            return;
        }

        (Angle, scale) = (operation.Angles[0], gate.GeneratorScale);
        unit = MatrixAlgebra.Scale(gate.Generator!, 1 / scale);
        (even, back) = (MatrixAlgebra.Multiply(unit, unit), unit);
        Change = MatrixAlgebra.Scale(gate.Generator!, Complex.ImaginaryOne);
    }

    public int[] Wires { get; }

    public Guard? Guard { get; }

    /// <summary>The angle, where it varies.</summary>
    public Angle? Angle { get; }

    /// <summary>iG: <c>dU/dθ = iG U</c>; null where no angle varies.</summary>
    public Complex[,]? Change { get; }

    /// <summary>The matrix for a sample, or its inverse; valid until the next call with the same scratch.</summary>
    public Complex[,] Matrix(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, bool inverse, MpsScratch scratch)
    {
        if (unit is null)
        {
            return inverse ? back : even;
        }

        var (sin, cos) = Math.SinCos(scale * Angle!.Value.Value(inputs, weights));
        var (odd, size, made) = (new Complex(0, inverse ? -sin : sin), 1 << Wires.Length, scratch.Made(Wires.Length));
        for (var r = 0; r < size; r++)
        {
            for (var c = 0; c < size; c++)
            {
                made[r, c] = (r == c ? 1 : 0) + ((cos - 1) * even[r, c]) + (odd * unit[r, c]);
            }
        }

        return made;
    }
}
