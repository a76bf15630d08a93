// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// A basis state after real rotations of its wires: a product of real numbers, one factor a wire. It is written in one
/// pass, whatever the number of rotations, and their derivatives are read from the adjoint state in one pass.
/// </summary>
internal sealed unsafe class ProductState<V, T> : IDisposable
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxLowBits = 9;

    private readonly Turn[] turns;
    private readonly nint start;
    private readonly int bits;
    private readonly (double Cos, double Sin)[] filled; // at first (0, 0), as no angle has: NaN is one that must be seen
    private readonly AlignedArray<T> low;
    private readonly AlignedArray<T> high;
    private readonly AlignedArray<T> highSums; // of the adjoint state, by the high bits

    /// <param name="turns">The rotations.</param>
    /// <param name="start">The basis state before them.</param>
    /// <param name="bits">n.</param>
    public ProductState(IEnumerable<Turn> turns, nint start, int bits)
    {
        (this.turns, this.start, this.bits) = ([.. turns], start, bits);
        LowBits = Math.Min(bits, MaxLowBits);
        filled = new (double, double)[bits];
        low = new AlignedArray<T>((nint)1 << LowBits);
        high = new AlignedArray<T>((nint)1 << Math.Max(bits - LowBits, LaneConstants<V, T>.Bits));
        highSums = new AlignedArray<T>(high.Length);
    }

    public ReadOnlySpan<Turn> Turns => turns;

    /// <summary>log2 of a block's length.</summary>
    public int LowBits { get; }

    public void Dispose()
    {
        low.Dispose();
        high.Dispose();
        highSums.Dispose();
    }

    /// <summary>Computes the factors for a call.</summary>
    public void Fill(ReadOnlySpan<double> cosines, ReadOnlySpan<double> sines)
    {
        Span<(double Cos, double Sin)> factors = stackalloc (double, double)[bits];
        factors.Fill((1, 0));
        foreach (var turn in turns)
        {
            factors[turn.Bit] = turn.At(cosines, sines);
        }

        if (!factors.SequenceEqual(filled))
        {
            factors.CopyTo(filled);
            Fill(low.Start, 0, LowBits);
            Fill(high.Start, LowBits, bits);
        }
    }

    /// <summary>Writes blocks of 2^<see cref="LowBits"/> amplitudes, which are real.</summary>
    public void Write(V* re, nint first, nint last)
    {
        var count = (nint)1 << (LowBits - LaneConstants<V, T>.Bits);
        var factors = (V*)low.Start;
        for (var block = first; block < last; block++)
        {
            var factor = V.Broadcast(high.Start[block]);
            var to = re + (block * count);
            for (nint k = 0; k < count; k++)
            {
                to[k] = factor * factors[k];
            }
        }
    }

    /// <summary>
    /// Sums blocks of the adjoint state over the low bits, each block's by itself, and over the high bits, into
    /// <paramref name="lowSums"/>, both weighted by the other bits' amplitudes.
    /// </summary>
    public void Sum(V* dual, nint first, nint last, V* lowSums)
    {
        var count = (nint)1 << (LowBits - LaneConstants<V, T>.Bits);
        var factors = (V*)low.Start;
        for (var block = first; block < last; block++)
        {
            var factor = V.Broadcast(high.Start[block]);
            var from = dual + (block * count);
            var sum = V.Broadcast(T.Zero);
            for (nint k = 0; k < count; k++)
            {
                lowSums[k] = V.MultiplyAdd(factor, from[k], lowSums[k]);
                sum = V.MultiplyAdd(factors[k], from[k], sum);
            }

            highSums.Start[block] = T.CreateTruncating(LaneConstants<V, T>.Sum(sum));
        }
    }

    /// <summary>The derivative by a rotation of a low bit, from one <see cref="Sum"/>.</summary>
    public double LowDerivative(int bit, T* lowSums) => Derivative(low.Start, lowSums, bit, LowBits);

    /// <summary>The derivative by a rotation of a high bit, once every block is summed.</summary>
    public double HighDerivative(int bit) => Derivative(high.Start, highSums.Start, bit - LowBits, bits - LowBits);

    // Amplitudes of basis states in a row, from the wires' factors.
    private void Fill(T* to, int from, int until)
    {
        to[0] = T.One;
        for (var bit = from; bit < until; bit++)
        {
            var (cos, sin) = filled[bit];
            var (zero, one) = ((start >> bit) & 1) == 0 ? (cos, sin) : (-sin, cos);
            var (lower, upper) = (T.CreateTruncating(zero), T.CreateTruncating(one));
            var half = (nint)1 << (bit - from);
            for (nint k = 0; k < half; k++)
            {
                to[half + k] = to[k] * upper;
                to[k] *= lower;
            }
        }
    }

    // A rotation's derivative exchanges its wire's amplitudes, and turns the sign of one: (p, q) → (−q, p).
    private static double Derivative(T* product, T* sums, int bit, int bits)
    {
        if (bits < LaneConstants<V, T>.Bits)
        {
            return ProductState<Lanes1<T>, T>.Derivative(product, sums, bit, bits);
        }

        var p = (V*)product;
        var s = (V*)sums;
        var count = (nint)1 << (bits - LaneConstants<V, T>.Bits);
        var sum = V.Broadcast(T.Zero);
        if (bit < LaneConstants<V, T>.Bits)
        {
            for (nint k = 0; k < count; k++)
            {
                sum = V.MultiplyAdd(s[k], V.Shuffle(p[k], LaneConstants<V, T>.Exchange(bit)), sum);
            }

            return -LaneConstants<V, T>.Sum(sum, LaneConstants<V, T>.Sign(bit));
        }

        var distance = (nint)1 << (bit - LaneConstants<V, T>.Bits);
        for (nint group = 0; group < count / 2; group++)
        {
            var k = TurnKernels<V, T>.Spread(group, bit - LaneConstants<V, T>.Bits);
            sum = V.MultiplyAdd(s[k + distance], p[k], V.MultiplyAdd(-s[k], p[k + distance], sum));
        }

        return LaneConstants<V, T>.Sum(sum);
    }
}
