// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Tests.Simulation.StateVectors;

/// <summary>Measurements of a state by definition, amplitude by amplitude, and how their cotangents act on it.</summary>
/// <param name="psi">The state ψ.</param>
internal sealed class ReadoutByDefinition(Complex[] psi)
{
    private readonly int wires = BitOperations.Log2((uint)psi.Length);

    /// <summary>λ, with <c>d(Σ_k g_k·output_k) = Re⟨λ|dψ⟩</c>.</summary>
    public Complex[] Adjoint { get; } = new Complex[psi.Length];

    /// <summary>A measurement's outputs; adds to the adjoint what their cotangents ask for.</summary>
    public double[] Measure(Measurement measurement, ReadOnlySpan<double> cotangents) => measurement switch
    {
        Probabilities of => Probabilities([.. of.OfWires], cotangents),
        DensityMatrix of => Density([.. of.OfWires], cotangents),
        Expectation of => [of.Observable.Terms.Select(Expectation(cotangents[0])).Sum()],
        _ => throw new NotSupportedException($"No definition of {measurement} here."),
    };

    private double[] Probabilities(int[] of, ReadOnlySpan<double> g)
    {
        var p = new double[1 << of.Length];
        for (var x = 0; x < psi.Length; x++)
        {
            var row = Row(x, of);
            p[row] += (psi[x].Real * psi[x].Real) + (psi[x].Imaginary * psi[x].Imaginary);
            Adjoint[x] += 2 * g[row] * psi[x];
        }

        return p;
    }

    private double[] Density(int[] of, ReadOnlySpan<double> g)
    {
        var size = 1 << of.Length;
        var entries = new double[2 * size * size];
        int[] flips = [.. Enumerable.Range(0, size).Select(row => Index(row, of))];
        for (var x = 0; x < psi.Length; x++)
        {
            var row = Row(x, of);
            for (var column = 0; column < size; column++)
            {
                // ρ[row, column] = Σ ψ[x] ψ[y]*, and g_re Re ρ + g_im Im ρ = Re((g_re − i g_im) ρ).
                var (y, at) = (x ^ flips[row ^ column], 2 * ((row * size) + column));
                var (product, h) = (psi[x] * Complex.Conjugate(psi[y]), new Complex(g[at], -g[at + 1]));
                entries[at] += product.Real;
                entries[at + 1] += product.Imaginary;
                Adjoint[x] += Complex.Conjugate(h) * psi[y];
                Adjoint[y] += h * psi[x];
            }
        }

        return entries;
    }

    private Func<(double Coefficient, PauliWord Word), double> Expectation(double g) => term =>
    {
        var (coefficient, word) = term;
        var sum = Complex.Zero;
        for (var x = 0; x < psi.Length; x++)
        {
            var (y, amplitude) = (x, psi[x]);
            foreach (var (wire, pauli) in word.Letters)
            {
                var bit = 1 << (wires - 1 - wire);
                var sign = (x & bit) == 0 ? 1 : -1;
                y ^= pauli == 'Z' ? 0 : bit;
                amplitude *= pauli == 'Y' ? sign * Complex.ImaginaryOne : pauli == 'Z' ? sign : 1;
            }

            sum += Complex.Conjugate(psi[y]) * amplitude;
            Adjoint[y] += 2 * g * coefficient * amplitude;
        }

        return coefficient * sum.Real;
    };

    private int Row(int x, int[] of)
    {
        var row = 0;
        foreach (var wire in of)
        {
            row = (row << 1) | ((x >> (wires - 1 - wire)) & 1);
        }

        return row;
    }

    private int Index(int row, int[] of) =>
        of.Select((wire, k) => ((row >> (of.Length - 1 - k)) & 1) << (wires - 1 - wire)).Aggregate(0, (index, bit) => index | bit);
}
