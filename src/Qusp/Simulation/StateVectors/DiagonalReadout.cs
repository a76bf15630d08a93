// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// The expectations of words of Z, all in one pass: each block's probabilities are transformed to the signed sums of every
/// parity of the low bits, and the high bits give each block its sign. Back, their cotangents make a diagonal in the
/// same way.
/// </summary>
internal sealed unsafe class DiagonalReadout<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (int Mask, int Output, double Coefficient)[] terms;

    /// <param name="readout">The measurements.</param>
    /// <param name="after">A permutation that is left undone between the state and the measurement.</param>
    public DiagonalReadout(Readout readout, IndexMap after)
    {
        ReadoutTerm[] all = [.. readout.Single, .. readout.Diagonal];
        Masks = [.. all.Select(term => after.Transposed(term.Sign)).Distinct()];
        terms =
        [
            .. all.Select(term => (
                Array.IndexOf(Masks, after.Transposed(term.Sign)),
                term.Output,
                IndexMap.Parity(term.Sign & after.Offset) == 0 ? term.Coefficient : -term.Coefficient)),
        ];
        Sums = new double[Masks.Length];
    }

    /// <summary>The distinct words.</summary>
    public nint[] Masks { get; }

    /// <summary>The words' expectations, or their cotangents.</summary>
    public double[] Sums { get; }

    /// <summary>Adds the words' expectations to the outputs.</summary>
    public void AddTo(Span<double> outputs)
    {
        foreach (var (mask, output, coefficient) in terms)
        {
            outputs[output] += coefficient * Sums[mask];
        }
    }

    /// <summary>Takes the outputs' cotangents to the words, twice: once for the bra, once for the ket.</summary>
    public void TakeFrom(ReadOnlySpan<T> cotangents)
    {
        Array.Clear(Sums);
        foreach (var (mask, output, coefficient) in terms)
        {
            Sums[mask] += 2 * coefficient * double.CreateTruncating(cotangents[output]);
        }
    }
}

/// <summary>Signed sums by parity words, and functions made of them, over a block of amplitudes.</summary>
internal static unsafe class WordSums<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Adds <c>Σ_y (−1)^{parity(mask &amp; y)} numbers[y]</c> for each mask; destroys the numbers.</summary>
    /// <param name="numbers">2^<paramref name="bits"/> numbers of block <paramref name="block"/>.</param>
    /// <param name="bits">log2 of a block's length.</param>
    /// <param name="block">The high bits of y.</param>
    /// <param name="masks">The words.</param>
    /// <param name="sums">Receives the sums, added to what is there.</param>
    public static void Add(T* numbers, int bits, nint block, ReadOnlySpan<nint> masks, Span<double> sums)
    {
        Walsh<V, T>.Transform(numbers, bits);
        for (var k = 0; k < masks.Length; k++)
        {
            var sum = double.CreateTruncating(numbers[masks[k] & (((nint)1 << bits) - 1)]);
            sums[k] += IndexMap.Parity((masks[k] >> bits) & block) == 0 ? sum : -sum;
        }
    }

    /// <summary><c>Σ_k ±coefficients[k]</c> with the sign of each word, for every y of a block.</summary>
    public static void Expand(T* numbers, int bits, nint block, ReadOnlySpan<nint> masks, ReadOnlySpan<double> coefficients)
    {
        new Span<T>(numbers, 1 << bits).Clear();
        for (var k = 0; k < masks.Length; k++)
        {
            var coefficient = T.CreateTruncating(coefficients[k]);
            numbers[masks[k] & (((nint)1 << bits) - 1)] += IndexMap.Parity((masks[k] >> bits) & block) == 0 ? coefficient : -coefficient;
        }

        Walsh<V, T>.Transform(numbers, bits);
    }
}
