// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>Amplitudes as callers have them, each real part followed by its imaginary part.</summary>
internal static unsafe class Interleaved<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Number p of two vectors is of lane p / 2, imaginary if p is odd.
    private static readonly V[] Sources = Two(half => LaneConstants<V, T>.Indices(lane => ((half * V.Count) + lane) / 2));
    private static readonly V[] Odd = Two(half => LaneConstants<V, T>.Mask(lane => (((half * V.Count) + lane) & 1) == 1));

    // A lane's part is number 2·lane + part.
    private static readonly V[] Parts = Two(part => LaneConstants<V, T>.Indices(lane => ((2 * lane) + part) & (V.Count - 1)));
    private static readonly V[] Second = Two(part => LaneConstants<V, T>.Mask(lane => (2 * lane) + part >= V.Count));

    /// <summary>Writes vectors, times a factor.</summary>
    /// <param name="state">The planes.</param>
    /// <param name="first">The first vector.</param>
    /// <param name="last">The one after the last.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="to">Where amplitude 0 goes, aligned or not.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(Planes<V> state, nint first, nint last, T factor, T* to)
    {
        var scale = V.Broadcast(factor);
        var (lower, upper, lowerOdd, upperOdd) = (Sources[0], Sources[1], Odd[0], Odd[1]);
        for (var k = first; k < last; k++)
        {
            var (re, im) = (scale * state.Re[k], scale * state.Im[k]);
            var at = to + (2 * k * V.Count);
            Unsafe.WriteUnaligned(at, V.Select(lowerOdd, V.Shuffle(im, lower), V.Shuffle(re, lower)));
            Unsafe.WriteUnaligned(at + V.Count, V.Select(upperOdd, V.Shuffle(im, upper), V.Shuffle(re, upper)));
        }
    }

    /// <summary>Adds to vectors, times a factor.</summary>
    /// <param name="to">The planes.</param>
    /// <param name="first">The first vector.</param>
    /// <param name="last">The one after the last.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="from">Where amplitude 0 is, aligned or not.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(Planes<V> to, nint first, nint last, T factor, T* from)
    {
        var scale = V.Broadcast(factor);
        var (real, imaginary, realSecond, imaginarySecond) = (Parts[0], Parts[1], Second[0], Second[1]);
        for (var k = first; k < last; k++)
        {
            var at = from + (2 * k * V.Count);
            var (lower, upper) = (Unsafe.ReadUnaligned<V>(at), Unsafe.ReadUnaligned<V>(at + V.Count));
            to.Re[k] = V.MultiplyAdd(scale, V.Select(realSecond, V.Shuffle(upper, real), V.Shuffle(lower, real)), to.Re[k]);
            to.Im[k] = V.MultiplyAdd(scale, V.Select(imaginarySecond, V.Shuffle(upper, imaginary), V.Shuffle(lower, imaginary)), to.Im[k]);
        }
    }

    private static V[] Two(Func<int, V> make) => [make(0), make(1)];
}
