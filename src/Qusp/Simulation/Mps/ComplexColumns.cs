// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>Complex matrices as columns, real and imaginary parts apart.</summary>
internal sealed partial class ComplexColumns(int rows, int columns)
{
    private readonly double[] re = new double[rows * columns];
    private readonly double[] im = new double[rows * columns];

    public int Rows => rows;

    public int Columns => columns;

    public Complex this[int row, int column]
    {
        get => new(re[(column * rows) + row], im[(column * rows) + row]);
        set => (re[(column * rows) + row], im[(column * rows) + row]) = (value.Real, value.Imaginary);
    }

    public ComplexColumns Dagger()
    {
        var result = new ComplexColumns(columns, rows);
        for (var c = 0; c < columns; c++)
        {
            for (var r = 0; r < rows; r++)
            {
                result[c, r] = Complex.Conjugate(this[r, c]);
            }
        }

        return result;
    }

    /// <summary>The first columns.</summary>
    public ComplexColumns Take(int count)
    {
        var result = new ComplexColumns(rows, count);
        re.AsSpan(0, rows * count).CopyTo(result.re);
        im.AsSpan(0, rows * count).CopyTo(result.im);
        return result;
    }

    /// <summary>Each column times a number.</summary>
    public ComplexColumns Scaled(ReadOnlySpan<double> factors)
    {
        var result = Copy();
        for (var c = 0; c < columns; c++)
        {
            result.Scale(c, factors[c]);
        }

        return result;
    }

    public ComplexColumns Multiply(ComplexColumns other)
    {
        var result = new ComplexColumns(rows, other.Columns);
        for (var c = 0; c < other.Columns; c++)
        {
            for (var k = 0; k < columns; k++)
            {
                var factor = other[k, c];
                if (factor != Complex.Zero)
                {
                    result.Subtract(c, -factor, this, k);
                }
            }
        }

        return result;
    }

    private static ComplexColumns Identity(int size)
    {
        var result = new ComplexColumns(size, size);
        for (var k = 0; k < size; k++)
        {
            result[k, k] = 1;
        }

        return result;
    }

    private ComplexColumns Copy()
    {
        var result = new ComplexColumns(rows, columns);
        re.CopyTo(result.re, 0);
        im.CopyTo(result.im, 0);
        return result;
    }

    private double Norm2(int c) => Sum(re.AsSpan(c * rows, rows), re.AsSpan(c * rows, rows)) + Sum(im.AsSpan(c * rows, rows), im.AsSpan(c * rows, rows));

    private void Scale(int c, double factor)
    {
        for (var k = c * rows; k < (c + 1) * rows; k++)
        {
            re[k] *= factor;
            im[k] *= factor;
        }
    }

    // column −= factor · other's column
    private void Subtract(int column, Complex factor, ComplexColumns other, int of)
    {
        var xr = other.re.AsSpan(of * rows, rows);
        var xi = other.im.AsSpan(of * rows, rows);
        var yr = re.AsSpan(column * rows, rows);
        var yi = im.AsSpan(column * rows, rows);
        var (fr, fi, k) = (factor.Real, factor.Imaginary, 0);
        for (; k + Vector<double>.Count <= rows; k += Vector<double>.Count)
        {
            var (a, b) = (new Vector<double>(xr[k..]), new Vector<double>(xi[k..]));
            (new Vector<double>(yr[k..]) - ((fr * a) - (fi * b))).CopyTo(yr[k..]);
            (new Vector<double>(yi[k..]) - ((fr * b) + (fi * a))).CopyTo(yi[k..]);
        }

        for (; k < rows; k++)
        {
            yr[k] -= (fr * xr[k]) - (fi * xi[k]);
            yi[k] -= (fr * xi[k]) + (fi * xr[k]);
        }
    }

    // Σ conj(a) b
    private static Complex Dot(ComplexColumns a, int p, ComplexColumns b, int q)
    {
        var rows = a.Rows;
        var ar = a.re.AsSpan(p * rows, rows);
        var ai = a.im.AsSpan(p * rows, rows);
        var br = b.re.AsSpan(q * rows, rows);
        var bi = b.im.AsSpan(q * rows, rows);
        return new Complex(Sum(ar, br) + Sum(ai, bi), Sum(ar, bi) - Sum(ai, br));
    }

    private static double Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sum, k) = (Vector<double>.Zero, 0);
        for (; k + Vector<double>.Count <= a.Length; k += Vector<double>.Count)
        {
            sum += new Vector<double>(a[k..]) * new Vector<double>(b[k..]);
        }

        var total = Vector.Sum(sum);
        for (; k < a.Length; k++)
        {
            total += a[k] * b[k];
        }

        return total;
    }
}
