// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Signed sums by parity words, and functions made of them, over a block of numbers: a few words one by one, more by a
/// transform that has every word.
/// </summary>
internal static unsafe class WordSums<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int MaxBlockBits = sizeof(T) == sizeof(double) ? 11 : 12;
    private const int FewSums = 4; // as measured: a transform costs as much as so many sums
    private const int FewTerms = 8;

    /// <summary>log2 of the length of blocks: their numbers, and half as many for scratch, stay in the first cache.</summary>
    /// <param name="bits">log2 of the state's length.</param>
    public static int BlockBits(int bits) => Math.Min(bits, MaxBlockBits);

    /// <summary>Adds <c>Σ_y (−1)^{parity(mask &amp; y)} numbers[y]</c> for each mask; destroys the numbers.</summary>
    /// <param name="numbers">2^<paramref name="bits"/> numbers of block <paramref name="block"/>, whole vectors; half as many follow as scratch.</param>
    /// <param name="bits">log2 of a block's length.</param>
    /// <param name="block">The high bits of y.</param>
    /// <param name="masks">The words.</param>
    /// <param name="sums">Receives the sums, added to what is there.</param>
    public static void Add(T* numbers, int bits, nint block, ReadOnlySpan<nint> masks, Span<double> sums)
    {
        var isFew = masks.Length <= FewSums;
        if (!isFew)
        {
            Walsh<V, T>.Transform(numbers, bits);
        }

        for (var k = 0; k < masks.Length; k++)
        {
            var low = masks[k] & (((nint)1 << bits) - 1);
            var sum = isFew ? Sum((V*)numbers, bits - LaneConstants<V, T>.Bits, low) : double.CreateTruncating(numbers[low]);
            sums[k] += IndexMap.Parity((masks[k] >> bits) & block) == 0 ? sum : -sum;
        }
    }

    /// <summary><c>Σ_k ±coefficients[k]</c> with the sign of each word, for every y of a block.</summary>
    /// <param name="numbers">Receives 2^<paramref name="bits"/> numbers, whole vectors.</param>
    /// <param name="bits">log2 of a block's length.</param>
    /// <param name="block">The high bits of y.</param>
    /// <param name="masks">The words.</param>
    /// <param name="coefficients">Their coefficients.</param>
    public static void Expand(T* numbers, int bits, nint block, ReadOnlySpan<nint> masks, ReadOnlySpan<double> coefficients)
    {
        var isFew = masks.Length <= FewTerms && masks.Length > 0;
        if (!isFew)
        {
            new Span<T>(numbers, 1 << bits).Clear();
        }

        for (var k = 0; k < masks.Length; k++)
        {
            var low = masks[k] & (((nint)1 << bits) - 1);
            var coefficient = T.CreateTruncating(IndexMap.Parity((masks[k] >> bits) & block) == 0 ? coefficients[k] : -coefficients[k]);
            if (!isFew)
            {
                numbers[low] += coefficient;
            }
            else if (k == 0)
            {
                Write((V*)numbers, bits - LaneConstants<V, T>.Bits, low, coefficient);
            }
            else
            {
                Add((V*)numbers, (nint)1 << (bits - LaneConstants<V, T>.Bits), low, coefficient);
            }
        }

        if (!isFew)
        {
            Walsh<V, T>.Transform(numbers, bits);
        }
    }

    // Halves are added or subtracted, from the highest bit down: less rounding than one after the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(V* numbers, int vectorBits, nint mask)
    {
        var from = numbers;
        var to = numbers + ((nint)1 << vectorBits);
        for (var bit = vectorBits - 1; bit >= 0; bit--)
        {
            var half = (nint)1 << bit;
            var isOdd = ((mask >> LaneConstants<V, T>.Bits >> bit) & 1) != 0;
            for (nint i = 0; i < half; i++)
            {
                to[i] = isOdd ? from[i] - from[i + half] : from[i] + from[i + half];
            }

            from = to;
        }

        return LaneConstants<V, T>.Sum(*from, LaneConstants<V, T>.Parity(mask));
    }

    // The mirror image: what is written so far follows itself, with the sign of the next bit.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(V* numbers, int vectorBits, nint mask, T coefficient)
    {
        *numbers = V.Broadcast(coefficient) * LaneConstants<V, T>.Parity(mask);
        for (var bit = 0; bit < vectorBits; bit++)
        {
            var half = (nint)1 << bit;
            var isOdd = ((mask >> LaneConstants<V, T>.Bits >> bit) & 1) != 0;
            for (nint i = 0; i < half; i++)
            {
                numbers[half + i] = isOdd ? -numbers[i] : numbers[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(V* numbers, nint count, nint mask, T coefficient)
    {
        var even = V.Broadcast(coefficient) * LaneConstants<V, T>.Parity(mask);
        var odd = -even;
        mask >>= LaneConstants<V, T>.Bits;
        for (nint i = 0; i < count; i++)
        {
            numbers[i] += IndexMap.Parity(mask & i) == 0 ? even : odd;
        }
    }
}
