// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// One, two, four or eight columns, all in registers: straight code. Four and eight take three products a complex number instead of four, as Gauss did:
// re = Σ p·a − Σ q·b, im = Σ (p + q)·(a + b) − Σ p·a − Σ q·b.
internal sealed unsafe partial class BlockKernel<V, T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One<F, W>(Planes<V> planes, nint first, nint last)
        where F : IField
        where W : struct, IGroupWalk<W>
    {
        var walk = W.From(order, first);
        var re = planes.Re + apart[0];
        var im = planes.Im + apart[0];
        var (p, q) = (entries.Start[0], entries.Start[1]);
        for (var k = first; k < last; k++, walk.Next())
        {
            walk.Ask<V, F>(re, im, 0, 0);
            var start = walk.At;
            var a = re[start];
            if (F.IsReal)
            {
                re[start] = p * a;
                continue;
            }

            var b = im[start];
            re[start] = V.MultiplyAdd(p, a, -(q * b));
            im[start] = V.MultiplyAdd(p, b, q * a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Two<F, X, W>(Planes<V> planes, nint first, nint last)
        where F : IField
        where X : IExchanges
        where W : struct, IGroupWalk<W>
    {
        // Before anything is in a register that a call would spill.
        var walk = W.From(order, first);
        var other = X.Count == 1 ? apart[1] - apart[0] : 0;
        var re = planes.Re + apart[0];
        var im = planes.Im + apart[0];
        var exchange = exchanges[^1];
        var m = entries.Start;
        var (kr, ki, lr, li) = (m[0], m[1], m[Entry], m[Entry + 1]);
        var (mr, mi, nr, ni) = X.Count == 1 ? (m[2 * Entry], m[(2 * Entry) + 1], m[3 * Entry], m[(3 * Entry) + 1]) : default;
        for (var k = first; k < last; k++, walk.Next())
        {
            walk.Ask<V, F>(re, im, 0, 0);
            if (X.Count == 1)
            {
                walk.Ask<V, F>(re, im, 1, other);
            }

            var start = walk.At;
            var a = re[start];
            var b = X.Count == 1 ? re[start + other] : V.Shuffle(a, exchange);
            if (F.IsReal)
            {
                re[start] = V.MultiplyAdd(kr, a, lr * b);
                if (X.Count == 1)
                {
                    re[start + other] = V.MultiplyAdd(mr, a, nr * b);
                }

                continue;
            }

            var c = im[start];
            var d = X.Count == 1 ? im[start + other] : V.Shuffle(c, exchange);
            re[start] = V.MultiplyAdd(kr, a, lr * b) - V.MultiplyAdd(ki, c, li * d);
            im[start] = V.MultiplyAdd(kr, c, lr * d) + V.MultiplyAdd(ki, a, li * b);
            if (X.Count == 1)
            {
                re[start + other] = V.MultiplyAdd(mr, a, nr * b) - V.MultiplyAdd(mi, c, ni * d);
                im[start + other] = V.MultiplyAdd(mr, c, nr * d) + V.MultiplyAdd(mi, a, ni * b);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four<F, X, W>(Planes<V> planes, nint first, nint last)
        where F : IField
        where X : IExchanges
        where W : struct, IGroupWalk<W>
    {
        var walk = W.From(order, first);
        fixed (nint* vectors = apart)
        fixed (V* moves = exchanges)
        {
            for (var k = first; k < last; k++, walk.Next())
            {
                var re = planes.Re + walk.At;
                var im = planes.Im + walk.At;
                var (a, b, c, d) = (Column<X>(re, vectors, moves, 0), Column<X>(re, vectors, moves, 1), Column<X>(re, vectors, moves, 2), Column<X>(re, vectors, moves, 3));
                V e = default, f = default, g = default, h = default;
                if (!F.IsReal)
                {
                    (e, f, g, h) = (Column<X>(im, vectors, moves, 0), Column<X>(im, vectors, moves, 1), Column<X>(im, vectors, moves, 2), Column<X>(im, vectors, moves, 3));
                }

                var (i, j, l, o) = (a + e, b + f, c + g, d + h);
                var m = entries.Start;
                for (var row = 0; row < 4 / X.Count; row++, m += 4 * Entry)
                {
                    var vector = vectors[row];
                    walk.Ask<V, F>(planes.Re, planes.Im, row, vector);
                    var p = Dot(m, a, b, c, d);
                    if (F.IsReal)
                    {
                        re[vector] = p;
                        continue;
                    }

                    var q = Dot(m + 1, e, f, g, h);
                    re[vector] = p - q;
                    im[vector] = Dot(m + 2, i, j, l, o) - (p + q);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Eight<F, X, W>(Planes<V> planes, nint first, nint last)
        where F : IField
        where X : IExchanges
        where W : struct, IGroupWalk<W>
    {
        var walk = W.From(order, first);
        fixed (nint* vectors = apart)
        fixed (V* moves = exchanges)
        {
            for (var k = first; k < last; k++, walk.Next())
            {
                var re = planes.Re + walk.At;
                var im = planes.Im + walk.At;
                var (a, b, c, d) = (Column<X>(re, vectors, moves, 0), Column<X>(re, vectors, moves, 1), Column<X>(re, vectors, moves, 2), Column<X>(re, vectors, moves, 3));
                var (e, f, g, h) = (Column<X>(re, vectors, moves, 4), Column<X>(re, vectors, moves, 5), Column<X>(re, vectors, moves, 6), Column<X>(re, vectors, moves, 7));
                V i = default, j = default, l = default, n = default;
                V o = default, p = default, q = default, r = default;
                if (!F.IsReal)
                {
                    (i, j, l, n) = (Column<X>(im, vectors, moves, 0), Column<X>(im, vectors, moves, 1), Column<X>(im, vectors, moves, 2), Column<X>(im, vectors, moves, 3));
                    (o, p, q, r) = (Column<X>(im, vectors, moves, 4), Column<X>(im, vectors, moves, 5), Column<X>(im, vectors, moves, 6), Column<X>(im, vectors, moves, 7));
                }

                var (s, t, u, v) = (a + i, b + j, c + l, d + n);
                var (w, x, y, z) = (e + o, f + p, g + q, h + r);
                var m = entries.Start;
                for (var row = 0; row < 8 / X.Count; row++, m += 8 * Entry)
                {
                    var vector = vectors[row];
                    walk.Ask<V, F>(planes.Re, planes.Im, row, vector);
                    var ofRe = Dot(m, a, b, c, d, e, f, g, h);
                    if (F.IsReal)
                    {
                        re[vector] = ofRe;
                        continue;
                    }

                    var ofIm = Dot(m + 1, i, j, l, n, o, p, q, r);
                    re[vector] = ofRe - ofIm;
                    im[vector] = Dot(m + 2, s, t, u, v, w, x, y, z) - (ofRe + ofIm);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Column<X>(V* plane, nint* vectors, V* moves, int k)
        where X : IExchanges
    {
        var value = plane[vectors[k / X.Count]];
        return k % X.Count == 0 ? value : V.Shuffle(value, moves[k % X.Count]);
    }

    // One statement a product: the compiler then multiplies by memory and needs no register for the entry.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot(V* row, V a, V b, V c, V d)
    {
        var sum = row[0] * a;
        sum = V.MultiplyAdd(row[Entry], b, sum);
        sum = V.MultiplyAdd(row[2 * Entry], c, sum);
        return V.MultiplyAdd(row[3 * Entry], d, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot(V* row, V a, V b, V c, V d, V e, V f, V g, V h)
    {
        var sum = Dot(row, a, b, c, d);
        sum = V.MultiplyAdd(row[4 * Entry], e, sum);
        sum = V.MultiplyAdd(row[5 * Entry], f, sum);
        sum = V.MultiplyAdd(row[6 * Entry], g, sum);
        return V.MultiplyAdd(row[7 * Entry], h, sum);
    }

    // How many columns come from a vector by exchanging its lanes, as a type argument.
    private interface IExchanges
    {
        static abstract int Count { get; }
    }

    private readonly struct None : IExchanges
    {
        public static int Count => 1;
    }

    private readonly struct OneWire : IExchanges
    {
        public static int Count => 2;
    }

    private readonly struct TwoWires : IExchanges
    {
        public static int Count => 4;
    }

    private readonly struct ThreeWires : IExchanges
    {
        public static int Count => 8;
    }
}
