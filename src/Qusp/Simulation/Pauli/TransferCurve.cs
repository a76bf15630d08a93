// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Pauli;

/// <summary>
/// The transfer matrix of <c>U = 1 + (cos φ − 1)K² + i sin φ K</c>, K = G/λ, φ = λθ, as a function of the angle: bilinear in (1, cos φ, sin φ), so six matrices
/// give it and its derivative.
/// </summary>
internal sealed class TransferCurve
{
    private readonly double scale; // λ
    private readonly double[][] terms; // of 1, c, s, c², cs, s²

    /// <param name="gate">A gate with a generator.</param>
    public TransferCurve(Gate gate)
    {
        scale = gate.GeneratorScale;
        var unit = MatrixAlgebra.Scale(gate.Generator!, 1 / scale);
        var square = MatrixAlgebra.Multiply(unit, unit);
        var rest = MatrixAlgebra.Add(MatrixAlgebra.Identity(unit.GetLength(0)), square, -1);
        var turned = MatrixAlgebra.Scale(unit, Complex.ImaginaryOne);
        terms =
        [
            TransferMatrix.Of(rest), Both(rest, square), Both(rest, turned),
            TransferMatrix.Of(square), Both(square, turned), TransferMatrix.Of(turned),
        ];
    }

    /// <summary>How many entries the matrix has.</summary>
    public int Length => terms[0].Length;

    /// <summary>R at an angle θ.</summary>
    public void Fill(double theta, Span<double> to)
    {
        var (s, c) = Math.SinCos(scale * theta);
        Sum([1, c, s, c * c, c * s, s * s], to);
    }

    /// <summary>∂R/∂θ at an angle θ.</summary>
    public void FillDerivative(double theta, Span<double> to)
    {
        var (s, c) = Math.SinCos(scale * theta);
        Sum([0, -scale * s, scale * c, -2 * scale * c * s, scale * ((c * c) - (s * s)), 2 * scale * c * s], to);
    }

    private static double[] Both(Complex[,] u, Complex[,] v) => [.. TransferMatrix.Of(u, v).Zip(TransferMatrix.Of(v, u), (a, b) => a + b)];

    private void Sum(ReadOnlySpan<double> factors, Span<double> to)
    {
        to.Clear();
        for (var term = 0; term < factors.Length; term++)
        {
            var entries = terms[term];
            for (var k = 0; k < to.Length; k++)
            {
                to[k] += factors[term] * entries[k];
            }
        }
    }
}
