// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// Sine and cosine of all lanes at once, from arithmetic alone: every width, a single lane too, gives the same bits.
/// Reduction to |r| ≤ π/4 by Cody and Waite with π/2 in two parts, each product fused; minimax polynomials of fdlibm
/// (double, below 1 unit in the last place of the reduced problem) and Cephes (single).
/// </summary>
internal static class LaneMath
{
    private const int Widest = 8; // numbers of double precision in a vector

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V Sin, V Cos) SinCos<V, T>(V angle)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // The reduction lives by fused products; a processor without them takes the library's way.
        if (!Fused<T>.IsFused)
        {
            return OneByOne<V, T>(angle);
        }

        // Beyond, the reduction would lose digits; such angles are rare.
        var limit = V.Broadcast(T.CreateTruncating(typeof(T) == typeof(float) ? 8_000 : 500_000));
        return V.Any(V.Exceeds(V.Abs(angle), limit)) ? OneByOne<V, T>(angle) : Reduced<V, T>(angle);
    }

    /// <summary>So many numbers in whole vectors of every width.</summary>
    public static int Whole(int count) => (count + Widest - 1) / Widest * Widest;

    /// <summary>Angles become their cosines, and their sines are written elsewhere.</summary>
    /// <param name="angles">The angles.</param>
    /// <param name="sines">Receives the sines.</param>
    /// <param name="count">How many, in whole vectors.</param>
    public static unsafe void Turn(double* angles, double* sines, nint count)
    {
        // Every width gives the same bits.
        if (Vector512.IsHardwareAccelerated)
        {
            Turn<Lanes512<double>>(angles, sines, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Turn<Lanes256<double>>(angles, sines, count);
        }
        else
        {
            Turn<Lanes128<double>>(angles, sines, count);
        }
    }

    private static unsafe void Turn<D>(double* angles, double* sines, nint count)
        where D : unmanaged, ILanes<D, double>
    {
        for (nint k = 0; k < count; k += D.Count)
        {
            (*(D*)(sines + k), *(D*)(angles + k)) = SinCos<D, double>(*(D*)(angles + k));
        }
    }

    /// <summary>Whether the processor has fused products in this precision.</summary>
    public static bool IsFused<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => Fused<T>.IsFused;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Sin, V Cos) Reduced<V, T>(V angle)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        V C(double value) => V.Broadcast(T.CreateTruncating(value));
        var single = typeof(T) == typeof(float);
        var half = C(0.5);
        var k = V.Round(angle * C(2 / Math.PI));
        var r = V.MultiplyAdd(-k, C(single ? 1.57079637050628662109375 : 1.57079632679489655799898), angle);
        r = V.MultiplyAdd(-k, C(single ? -4.37113900018624283e-8 : 6.12323399573676603587e-17), r);
        var z = r * r;

        V sine, cosine;
        if (single)
        {
            sine = V.MultiplyAdd(z, C(-1.9515295891e-4), C(8.3321608736e-3));
            sine = V.MultiplyAdd(z, sine, C(-1.6666654611e-1));
            cosine = V.MultiplyAdd(z, C(2.443315711809948e-5), C(-1.388731625493765e-3));
            cosine = V.MultiplyAdd(z, cosine, C(4.166664568298827e-2));
        }
        else
        {
            sine = V.MultiplyAdd(z, C(1.58969099521155010221e-10), C(-2.50507602534068634195e-8));
            sine = V.MultiplyAdd(z, sine, C(2.75573137070700676789e-6));
            sine = V.MultiplyAdd(z, sine, C(-1.98412698298579493134e-4));
            sine = V.MultiplyAdd(z, sine, C(8.33333333332248946124e-3));
            sine = V.MultiplyAdd(z, sine, C(-1.66666666666666324348e-1));
            cosine = V.MultiplyAdd(z, C(-1.13596475577881948265e-11), C(2.08757232129817482790e-9));
            cosine = V.MultiplyAdd(z, cosine, C(-2.75573143513906633035e-7));
            cosine = V.MultiplyAdd(z, cosine, C(2.48015872894767294178e-5));
            cosine = V.MultiplyAdd(z, cosine, C(-1.38888888888741095749e-3));
            cosine = V.MultiplyAdd(z, cosine, C(4.16666666666666019037e-2));
        }

        sine = V.MultiplyAdd(sine, z * r, r);
        cosine = V.MultiplyAdd(cosine, z * z, V.MultiplyAdd(-half, z, C(1)));

        // The quadrant k mod 4 from k's and ⌊k/2⌋'s parities: odd exchanges the two, the second bit is the sine's sign.
        var pairs = V.Floor(k * half);
        var odd = V.MultiplyAdd(C(-2), pairs, k);
        var second = V.MultiplyAdd(C(-2), V.Floor(pairs * half), pairs);
        var isOdd = V.Exceeds(odd, half);
        var sineSign = V.MultiplyAdd(C(-2), second, C(1));
        var cosineSign = V.Select(isOdd, -sineSign, sineSign);
        return (sineSign * V.Select(isOdd, cosine, sine), cosineSign * V.Select(isOdd, sine, cosine));
    }

    private static unsafe (V Sin, V Cos) OneByOne<V, T>(V angle)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        V sin = default, cos = default;
        for (var lane = 0; lane < V.Count; lane++)
        {
            (((T*)&sin)[lane], ((T*)&cos)[lane]) = T.SinCos(((T*)&angle)[lane]);
        }

        return (sin, cos);
    }

    private static class Fused<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // (1 + δ)² − rounded((1 + δ)²) is δ² if the product is not rounded, and 0 if it is.
        public static readonly bool IsFused = Excess(T.One + T.CreateTruncating(typeof(T) == typeof(float) ? 1.0 / (1 << 14) : 1.0 / (1 << 30))) != T.Zero;

        private static T Excess(T x) => T.MultiplyAddEstimate(x, x, -(x * x));
    }
}
