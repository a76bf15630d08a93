// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// Any number of columns, four rows at a time: as many sums as the processor has operations in flight, each column read once for them.
internal sealed unsafe partial class BlockKernel<V, T>
{
    private const int ColumnVectors = 3; // re, im, −im

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Many<F, W>(Planes<V> planes, nint first, nint last, V* scratch)
        where F : IField
        where W : struct, IGroupWalk<W>
    {
        var walk = W.From(order, first);
        var (columns, rows) = (Columns, apart.Length);
        fixed (nint* vectors = apart)
        {
            for (var k = first; k < last; k++, walk.Next())
            {
                var start = walk.At;
                var column = scratch;
                for (var j = 0; j < rows; j++)
                {
                    var vector = vectors[j];
                    walk.Ask<V, F>(planes.Re, planes.Im, j, vector);
                    var (re, im) = (planes.Re[start + vector], F.IsReal ? default : planes.Im[start + vector]);
                    foreach (var exchange in exchanges)
                    {
                        column[0] = V.Shuffle(re, exchange);
                        if (!F.IsReal)
                        {
                            column[1] = V.Shuffle(im, exchange);
                            column[2] = -column[1];
                        }

                        column += ColumnVectors;
                    }
                }

                var row = 0;
                for (; row + 4 <= rows; row += 4)
                {
                    FourRows<F>(planes, start, vectors + row, entries.Start + (Entry * row * columns), scratch, columns);
                }

                for (; row < rows; row++)
                {
                    OneRow<F>(planes, start + vectors[row], entries.Start + (Entry * row * columns), scratch, columns);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows<F>(Planes<V> planes, nint start, nint* vectors, V* m, V* column, int columns)
        where F : IField
    {
        V a = default, b = default, c = default, d = default;
        V e = default, f = default, g = default, h = default;
        var (second, third, fourth) = (Entry * columns, 2 * Entry * columns, 3 * Entry * columns);
        for (var k = 0; k < columns; k++, m += Entry, column += ColumnVectors)
        {
            var re = column[0];
            a = V.MultiplyAdd(m[0], re, a);
            b = V.MultiplyAdd(m[second], re, b);
            c = V.MultiplyAdd(m[third], re, c);
            d = V.MultiplyAdd(m[fourth], re, d);
            if (!F.IsReal)
            {
                var (im, negative) = (column[1], column[2]);
                e = V.MultiplyAdd(m[0], im, V.MultiplyAdd(m[1], re, e));
                f = V.MultiplyAdd(m[second], im, V.MultiplyAdd(m[second + 1], re, f));
                g = V.MultiplyAdd(m[third], im, V.MultiplyAdd(m[third + 1], re, g));
                h = V.MultiplyAdd(m[fourth], im, V.MultiplyAdd(m[fourth + 1], re, h));
                a = V.MultiplyAdd(m[1], negative, a);
                b = V.MultiplyAdd(m[second + 1], negative, b);
                c = V.MultiplyAdd(m[third + 1], negative, c);
                d = V.MultiplyAdd(m[fourth + 1], negative, d);
            }
        }

        var plane = planes.Re + start;
        (plane[vectors[0]], plane[vectors[1]], plane[vectors[2]], plane[vectors[3]]) = (a, b, c, d);
        if (!F.IsReal)
        {
            plane = planes.Im + start;
            (plane[vectors[0]], plane[vectors[1]], plane[vectors[2]], plane[vectors[3]]) = (e, f, g, h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRow<F>(Planes<V> planes, nint vector, V* m, V* column, int columns)
        where F : IField
    {
        V a = default, b = default, c = default, d = default;
        for (var k = 0; k < columns; k++, m += Entry, column += ColumnVectors)
        {
            a = V.MultiplyAdd(m[0], column[0], a);
            if (!F.IsReal)
            {
                b = V.MultiplyAdd(m[1], column[2], b);
                c = V.MultiplyAdd(m[0], column[1], c);
                d = V.MultiplyAdd(m[1], column[0], d);
            }
        }

        planes.Re[vector] = a + b;
        if (!F.IsReal)
        {
            planes.Im[vector] = c + d;
        }
    }
}
