// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// What an operation's angles make of its map: a few real factors, of which the map is a sum with constant matrices. Everything
/// that differs between a rotation and a channel of noise, for value and derivative, is here.
/// </summary>
internal abstract class FactorSource(ImmutableArray<Angle> angles, int factors, int guard)
{
    /// <summary>The angles.</summary>
    public ImmutableArray<Angle> Angles => angles;

    /// <summary>How many factors there are; the first may be 1.</summary>
    public int Factors => factors;

    /// <summary>The plan's guard, or −1.</summary>
    public int Guard => guard;

    /// <summary>Whether any angle is not a constant.</summary>
    public bool Varies => !angles.All(angle => angle.IsConstant);

    /// <summary>The factors and their derivatives.</summary>
    /// <param name="values">The angles, P of them.</param>
    /// <param name="result">Receives the factors, F of them.</param>
    /// <param name="slopes">Receives <c>∂factor/∂angle</c>, <c>[P, F]</c>.</param>
    public abstract void Evaluate(ReadOnlySpan<double> values, Span<double> result, Span<double> slopes);
}

internal static class RotationBasis
{
    /// <summary>A fixed matrix alone, or of exp(iθG) the matrices of the factors 1, cos λθ, sin λθ.</summary>
    public static IReadOnlyList<Complex[,]> Basis(this Gate gate, double scale)
    {
        if (gate.Parameters == 0)
        {
            return [gate.Matrix()];
        }

        var unit = MatrixAlgebra.Scale(gate.Generator!, 1 / scale);
        var square = MatrixAlgebra.Multiply(unit, unit);
        return [MatrixAlgebra.Add(MatrixAlgebra.Identity(unit.GetLength(0)), square, -1), square, MatrixAlgebra.Scale(unit, Complex.ImaginaryOne)];
    }
}

/// <summary>
/// Of <c>U(θ) = (1 − (G/λ)²) + cos λθ · (G/λ)² + sin λθ · iG/λ</c>: 1, cos, sin for U on one side of a density matrix, and
/// their products 1, c, s, c², cs, s² for U on one side and U* on the other.
/// </summary>
internal sealed class RotationFactors(Angle angle, double scale, bool onBothSides, int guard) : FactorSource([angle], onBothSides ? 6 : 3, guard)
{
    public override void Evaluate(ReadOnlySpan<double> values, Span<double> result, Span<double> slopes)
    {
        var (sin, cos) = Math.SinCos(scale * values[0]);
        var (slopeOfCos, slopeOfSin) = (-scale * sin, scale * cos);
        (result[0], result[1], result[2]) = (1, cos, sin);
        (slopes[0], slopes[1], slopes[2]) = (0, slopeOfCos, slopeOfSin);
        if (Factors == 6)
        {
            (result[3], result[4], result[5]) = (cos * cos, cos * sin, sin * sin);
            (slopes[3], slopes[4], slopes[5]) = (2 * cos * slopeOfCos, (cos * slopeOfSin) + (sin * slopeOfCos), 2 * sin * slopeOfSin);
        }
    }
}

/// <summary>Of a channel: 1, and w, wu, wu² for each Kraus operator √w(A + uB).</summary>
internal sealed class ChannelFactors(KrausForm form, ImmutableArray<Angle> angles, int guard) : FactorSource(angles, 1 + (3 * form.Terms.Length), guard)
{
    public override void Evaluate(ReadOnlySpan<double> values, Span<double> result, Span<double> slopes)
    {
        Span<KrausFactor> terms = stackalloc KrausFactor[form.Terms.Length];
        slopes.Clear();
        for (var k = values.Length - 1; k >= 0; k--)
        {
            form.Factors(values, k, terms);
            for (var i = 0; i < terms.Length; i++)
            {
                var (weight, scale) = terms[i];
                var (once, twice) = (weight * scale, weight * scale * scale);
                var at = 1 + (3 * i);
                (result[at], result[at + 1], result[at + 2]) = (weight.Value, once.Value, twice.Value);
                var row = slopes.Slice(k * Factors, Factors);
                (row[at], row[at + 1], row[at + 2]) = (weight.Slope, once.Slope, twice.Slope);
            }
        }

        result[0] = 1;
    }
}
