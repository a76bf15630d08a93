// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// Four columns of a block at a time. Row r is joined with rows r + 4, r + 8…: what is left is 4×4 transposes side by
/// side, which are their own inverse.
/// </summary>
internal static unsafe class LaneTranspose
{
    /// <summary>How many columns one call moves.</summary>
    public const int Columns = 4;

    /// <summary>Whether there are shuffles for these lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has<V, T>() =>
        (Avx512F.IsSupported && (typeof(V) == typeof(Lanes512<double>) || typeof(V) == typeof(Lanes512<float>)))
        || (Avx.IsSupported && (typeof(V) == typeof(Lanes256<double>) || typeof(V) == typeof(Lanes256<float>)));

    /// <summary>As many rows as there are lanes, a stride of <paramref name="count"/> apart, to four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToColumns<V, T>(T* rows, int count, V* columns)
        where V : unmanaged
        where T : unmanaged
    {
        nint stride = count;
        if (typeof(V) == typeof(Lanes512<double>))
        {
            var from = (double*)rows;
            var to = (Vector512<double>*)columns;
            Vector512<double> Row(int r) => Vector512.Create(Vector256.Load(from + (r * stride)), Vector256.Load(from + ((r + 4) * stride)));
            (to[0], to[1], to[2], to[3]) = Transpose(Row(0), Row(1), Row(2), Row(3));
        }
        else if (typeof(V) == typeof(Lanes512<float>))
        {
            var from = (float*)rows;
            var to = (Vector512<float>*)columns;
            Vector256<float> Half(int r) => Vector256.Create(Vector128.Load(from + (r * stride)), Vector128.Load(from + ((r + 4) * stride)));
            Vector512<float> Row(int r) => Vector512.Create(Half(r), Half(r + 8));
            (to[0], to[1], to[2], to[3]) = Transpose(Row(0), Row(1), Row(2), Row(3));
        }
        else if (typeof(V) == typeof(Lanes256<double>))
        {
            var from = (double*)rows;
            var to = (Vector256<double>*)columns;
            (to[0], to[1], to[2], to[3]) = Transpose(
                Vector256.Load(from), Vector256.Load(from + stride), Vector256.Load(from + (2 * stride)), Vector256.Load(from + (3 * stride)));
        }
        else
        {
            var from = (float*)rows;
            var to = (Vector256<float>*)columns;
            Vector256<float> Row(int r) => Vector256.Create(Vector128.Load(from + (r * stride)), Vector128.Load(from + ((r + 4) * stride)));
            (to[0], to[1], to[2], to[3]) = Transpose(Row(0), Row(1), Row(2), Row(3));
        }
    }

    /// <summary>Four vectors to as many rows as there are lanes, a stride of <paramref name="count"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToRows<V, T>(V* columns, T* rows, int count)
        where V : unmanaged
        where T : unmanaged
    {
        nint stride = count;
        if (typeof(V) == typeof(Lanes512<double>))
        {
            var to = (double*)rows;
            var from = (Vector512<double>*)columns;
            void Row(int r, Vector512<double> joined)
            {
                joined.GetLower().Store(to + (r * stride));
                joined.GetUpper().Store(to + ((r + 4) * stride));
            }

            var (a, b, c, d) = Transpose(from[0], from[1], from[2], from[3]);
            Row(0, a);
            Row(1, b);
            Row(2, c);
            Row(3, d);
        }
        else if (typeof(V) == typeof(Lanes512<float>))
        {
            var to = (float*)rows;
            var from = (Vector512<float>*)columns;
            void Half(int r, Vector256<float> joined)
            {
                joined.GetLower().Store(to + (r * stride));
                joined.GetUpper().Store(to + ((r + 4) * stride));
            }

            void Row(int r, Vector512<float> joined)
            {
                Half(r, joined.GetLower());
                Half(r + 8, joined.GetUpper());
            }

            var (a, b, c, d) = Transpose(from[0], from[1], from[2], from[3]);
            Row(0, a);
            Row(1, b);
            Row(2, c);
            Row(3, d);
        }
        else if (typeof(V) == typeof(Lanes256<double>))
        {
            var to = (double*)rows;
            var from = (Vector256<double>*)columns;
            var (a, b, c, d) = Transpose(from[0], from[1], from[2], from[3]);
            a.Store(to);
            b.Store(to + stride);
            c.Store(to + (2 * stride));
            d.Store(to + (3 * stride));
        }
        else
        {
            var to = (float*)rows;
            var from = (Vector256<float>*)columns;
            void Row(int r, Vector256<float> joined)
            {
                joined.GetLower().Store(to + (r * stride));
                joined.GetUpper().Store(to + ((r + 4) * stride));
            }

            var (a, b, c, d) = Transpose(from[0], from[1], from[2], from[3]);
            Row(0, a);
            Row(1, b);
            Row(2, c);
            Row(3, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double>, Vector512<double>, Vector512<double>, Vector512<double>) Transpose(
        Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d)
    {
        var (even, odd) = (Vector512.Create(0L, 1, 8, 9, 4, 5, 12, 13), Vector512.Create(2L, 3, 10, 11, 6, 7, 14, 15));
        var (p, q, r, s) = (Avx512F.UnpackLow(a, b), Avx512F.UnpackHigh(a, b), Avx512F.UnpackLow(c, d), Avx512F.UnpackHigh(c, d));
        return (Avx512F.PermuteVar8x64x2(p, even, r), Avx512F.PermuteVar8x64x2(q, even, s), Avx512F.PermuteVar8x64x2(p, odd, r), Avx512F.PermuteVar8x64x2(q, odd, s));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Transpose(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var (p, q) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
        var (r, s) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
        return (Avx512F.UnpackLow(p, r).AsSingle(), Avx512F.UnpackHigh(p, r).AsSingle(), Avx512F.UnpackLow(q, s).AsSingle(), Avx512F.UnpackHigh(q, s).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double>, Vector256<double>, Vector256<double>, Vector256<double>) Transpose(
        Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d)
    {
        var (p, q, r, s) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        return (Avx.Permute2x128(p, r, 0x20), Avx.Permute2x128(q, s, 0x20), Avx.Permute2x128(p, r, 0x31), Avx.Permute2x128(q, s, 0x31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>) Transpose(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        var (p, q) = (Avx.UnpackLow(a, b).AsDouble(), Avx.UnpackHigh(a, b).AsDouble());
        var (r, s) = (Avx.UnpackLow(c, d).AsDouble(), Avx.UnpackHigh(c, d).AsDouble());
        return (Avx.UnpackLow(p, r).AsSingle(), Avx.UnpackHigh(p, r).AsSingle(), Avx.UnpackLow(q, s).AsSingle(), Avx.UnpackHigh(q, s).AsSingle());
    }
}
