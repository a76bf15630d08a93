// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// A tensor of one site, or of several side by side: <c>[Left, Size, Right]</c>, row-major; Size is 2 to the number of sites. Its room stays when it takes another shape.
/// </summary>
internal sealed class MpsTensor
{
    private Complex[] data = [];

    public int Left { get; private set; }

    public int Size { get; private set; }

    public int Right { get; private set; }

    public Span<Complex> Data => data.AsSpan(0, Left * Size * Right);

    /// <summary>Takes another shape; what it holds is not defined then.</summary>
    public Span<Complex> Shape(int left, int size, int right)
    {
        (Left, Size, Right) = (left, size, right);
        return Numbers.Room(ref data, left * size * right);
    }

    /// <summary>Becomes a 1 alone, or |0⟩ without bonds.</summary>
    public void SetUnit(int size)
    {
        var all = Shape(1, size, 1);
        all.Clear();
        all[0] = 1;
    }

    /// <summary>Becomes a copy.</summary>
    public void Set(MpsTensor other) => other.Data.CopyTo(Shape(other.Left, other.Size, other.Right));

    /// <summary>Becomes both side by side, the bond between them summed.</summary>
    public void SetJoined(MpsTensor first, MpsTensor next)
    {
        var all = Shape(first.Left, first.Size * next.Size, next.Right);
        all.Clear();
        var (width, bond, factors, numbers) = (next.Size * next.Right, first.Right, first.data, next.data);
        for (var row = 0; row < first.Left * first.Size; row++)
        {
            var target = all.Slice(row * width, width);
            for (var k = 0; k < bond; k++)
            {
                Add(factors[(row * bond) + k], numbers.AsSpan(k * width, width), target);
            }
        }
    }

    /// <summary>Becomes another with a matrix applied to its sites.</summary>
    public void SetApplied(Complex[,] matrix, MpsTensor other)
    {
        Shape(other.Left, other.Size, other.Right).Clear();
        for (var row = 0; row < other.Left; row++)
        {
            AddApplied(matrix, other, row, row, 0);
        }
    }

    /// <summary>Adds a matrix applied to a site's row of another to a row of this, from a place of the right bond on.</summary>
    public void AddApplied(Complex[,] matrix, MpsTensor other, int row, int toRow, int toColumn)
    {
        for (var i = 0; i < Size; i++)
        {
            var target = data.AsSpan((((toRow * Size) + i) * Right) + toColumn, other.Right);
            for (var j = 0; j < Size; j++)
            {
                Add(matrix[i, j], other.data.AsSpan(((row * Size) + j) * other.Right, other.Right), target);
            }
        }
    }

    /// <summary>Becomes Σ conj(bra[l, s, r]) half[l, s, c]: <c>[r, 1, c]</c>, a bond of each.</summary>
    public void SetLeftEnvironment(MpsTensor bra, MpsTensor half)
    {
        Shape(bra.Right, 1, half.Right).Clear();
        for (var row = 0; row < bra.Left * bra.Size; row++)
        {
            for (var r = 0; r < bra.Right; r++)
            {
                Add(Complex.Conjugate(bra.data[(row * bra.Right) + r]), half.data.AsSpan(row * half.Right, half.Right), data.AsSpan(r * half.Right, half.Right));
            }
        }
    }

    /// <summary>Becomes Σ half[k, s, r] conj(bra[l, s, r]): <c>[k, 1, l]</c>, a bond of each.</summary>
    public void SetRightEnvironment(MpsTensor half, MpsTensor bra)
    {
        var (all, width) = (0, bra.Size * bra.Right);
        _ = Shape(half.Left, 1, bra.Left);
        for (var k = 0; k < half.Left; k++)
        {
            for (var l = 0; l < bra.Left; l++)
            {
                data[all++] = Inner(bra.data.AsSpan(l * width, width), half.data.AsSpan(k * width, width));
            }
        }
    }

    /// <summary>Σ conj(a) b.</summary>
    public static Complex Inner(ReadOnlySpan<Complex> a, ReadOnlySpan<Complex> b)
    {
        var (re, im) = (0.0, 0.0);
        for (var k = 0; k < a.Length; k++)
        {
            re += (a[k].Real * b[k].Real) + (a[k].Imaginary * b[k].Imaginary);
            im += (a[k].Real * b[k].Imaginary) - (a[k].Imaginary * b[k].Real);
        }

        return new Complex(re, im);
    }

    /// <summary>Writes it as a matrix, the first <paramref name="sites"/> sites with the left bond as rows.</summary>
    public void CopyTo(ComplexColumns matrix, int sites)
    {
        matrix.Shape(Left << sites, Size * Right >> sites);
        for (var r = 0; r < matrix.Rows; r++)
        {
            for (var c = 0; c < matrix.Columns; c++)
            {
                matrix[r, c] = data[(r * matrix.Columns) + c];
            }
        }
    }

    /// <summary>The same matrix's conjugate transpose.</summary>
    public void CopyDaggerTo(ComplexColumns matrix, int sites)
    {
        matrix.Shape(Size * Right >> sites, Left << sites);
        for (var c = 0; c < matrix.Columns; c++)
        {
            for (var r = 0; r < matrix.Rows; r++)
            {
                matrix[r, c] = Complex.Conjugate(data[(c * matrix.Rows) + r]);
            }
        }
    }

    /// <summary>Becomes a matrix' first columns: <c>[rows / 2, 2, columns]</c>, or with sites 0 <c>[rows, 1, columns]</c>.</summary>
    public void Set(ComplexColumns matrix, int columns, int sites)
    {
        var all = Shape(matrix.Rows >> sites, 1 << sites, columns);
        var k = 0;
        for (var r = 0; r < matrix.Rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                all[k++] = matrix[r, c];
            }
        }
    }

    /// <summary>Becomes the conjugate transpose of a matrix' first columns: <c>[columns, size, rows / size]</c>.</summary>
    public void SetDagger(ComplexColumns matrix, int columns, int size)
    {
        var all = Shape(columns, size, matrix.Rows / size);
        var k = 0;
        for (var c = 0; c < columns; c++)
        {
            for (var r = 0; r < matrix.Rows; r++)
            {
                all[k++] = Complex.Conjugate(matrix[r, c]);
            }
        }
    }

    // target += factor · source
    private static void Add(Complex factor, ReadOnlySpan<Complex> source, Span<Complex> target)
    {
        if (factor == Complex.Zero)
        {
            return; // of gates and of states most are
        }

        for (var c = 0; c < source.Length; c++)
        {
            target[c] += factor * source[c];
        }
    }
}
