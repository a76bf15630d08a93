// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Blocks of a state beside the same state with bits f of its indices flipped. Every observable is made of these: Pauli words
/// that flip the same bits differ by signs of the products <c>ψ[x] ψ*[x ⊕ f]</c>, and those are entries of density matrices.
/// </summary>
internal static unsafe class FlipKernels<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// <c>ψ[x] ψ*[x ⊕ flip]</c>, its real or its imaginary part, for the x of a block, or for those where one bit is 0.
    /// </summary>
    /// <param name="state">ψ; a real one has no imaginary part to ask for.</param>
    /// <param name="flip">f.</param>
    /// <param name="isImaginary">Which part.</param>
    /// <param name="blockBits">log2 of a block's length.</param>
    /// <param name="block">The high bits of x.</param>
    /// <param name="halved">The bit that is 0, not one of a lane's, or −1.</param>
    /// <param name="to">Receives the numbers, by rising x.</param>
    public static void Products(Planes<V> state, nint flip, bool isImaginary, int blockBits, nint block, int halved, V* to)
    {
        if (state.Im is null)
        {
            Products<RealState>(state, flip, blockBits, block, halved, to);
        }
        else if (isImaginary)
        {
            Products<ImaginaryPart>(state, flip, blockBits, block, halved, to);
        }
        else
        {
            Products<RealPart>(state, flip, blockBits, block, halved, to);
        }
    }

    /// <summary>Adds <c>factors[x] ψ[x ⊕ flip]</c>, or i times that, to a block of another state.</summary>
    /// <param name="to">The other state.</param>
    /// <param name="state">ψ.</param>
    /// <param name="flip">f.</param>
    /// <param name="isImaginary">Whether times i; a real state has none of that.</param>
    /// <param name="blockBits">log2 of a block's length.</param>
    /// <param name="block">The high bits of x.</param>
    /// <param name="factors">By the low bits of x.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(Planes<V> to, Planes<V> state, nint flip, bool isImaginary, int blockBits, nint block, V* factors)
    {
        var laneBits = LaneConstants<V, T>.Bits;
        var count = (nint)1 << (blockBits - laneBits);
        var start = block << (blockBits - laneBits);
        var apart = flip >> laneBits;
        var exchange = LaneConstants<V, T>.Flip(flip);
        if (state.Im is null)
        {
            for (nint k = 0; k < count; k++)
            {
                to.Re[start + k] = V.MultiplyAdd(factors[k], V.Shuffle(state.Re[(start + k) ^ apart], exchange), to.Re[start + k]);
            }
        }
        else if (isImaginary)
        {
            for (nint k = 0; k < count; k++)
            {
                var (re, im) = (V.Shuffle(state.Re[(start + k) ^ apart], exchange), V.Shuffle(state.Im[(start + k) ^ apart], exchange));
                to.Re[start + k] = V.MultiplyAdd(-factors[k], im, to.Re[start + k]);
                to.Im[start + k] = V.MultiplyAdd(factors[k], re, to.Im[start + k]);
            }
        }
        else
        {
            for (nint k = 0; k < count; k++)
            {
                var (re, im) = (V.Shuffle(state.Re[(start + k) ^ apart], exchange), V.Shuffle(state.Im[(start + k) ^ apart], exchange));
                to.Re[start + k] = V.MultiplyAdd(factors[k], re, to.Re[start + k]);
                to.Im[start + k] = V.MultiplyAdd(factors[k], im, to.Im[start + k]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products<P>(Planes<V> state, nint flip, int blockBits, nint block, int halved, V* to)
        where P : IPart
    {
        var laneBits = LaneConstants<V, T>.Bits;
        var start = block << (blockBits - laneBits);
        var end = start + ((nint)1 << (blockBits - laneBits));
        var run = halved < 0 ? end - start : (nint)1 << (halved - laneBits);
        var apart = flip >> laneBits;
        var exchange = LaneConstants<V, T>.Flip(flip);
        for (; start < end; start += 2 * run)
        {
            for (var i = start; i < start + run; i++)
            {
                *to++ = P.Of(state, i, i ^ apart, exchange);
            }
        }
    }

    private interface IPart
    {
        static abstract V Of(Planes<V> state, nint here, nint there, V exchange);
    }

    private readonly struct RealState : IPart
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of(Planes<V> state, nint here, nint there, V exchange) => state.Re[here] * V.Shuffle(state.Re[there], exchange);
    }

    private readonly struct RealPart : IPart
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of(Planes<V> state, nint here, nint there, V exchange) =>
            V.MultiplyAdd(state.Im[here], V.Shuffle(state.Im[there], exchange), state.Re[here] * V.Shuffle(state.Re[there], exchange));
    }

    private readonly struct ImaginaryPart : IPart
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of(Planes<V> state, nint here, nint there, V exchange) =>
            V.MultiplyAdd(state.Im[here], V.Shuffle(state.Re[there], exchange), -(state.Re[here] * V.Shuffle(state.Im[there], exchange)));
    }
}
