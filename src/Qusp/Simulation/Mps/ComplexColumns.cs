// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>A complex matrix as columns, real and imaginary parts apart. Its room stays when it takes another shape.</summary>
internal sealed class ComplexColumns
{
    private double[] re = [];
    private double[] im = [];

    public int Rows { get; private set; }

    public int Columns { get; private set; }

    public Complex this[int row, int column]
    {
        get => new(re[(column * Rows) + row], im[(column * Rows) + row]);
        set => (re[(column * Rows) + row], im[(column * Rows) + row]) = (value.Real, value.Imaginary);
    }

    /// <summary>Takes another shape; what it holds is not defined then.</summary>
    public void Shape(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        _ = Numbers.Room(ref re, rows * columns);
        _ = Numbers.Room(ref im, rows * columns);
    }

    /// <summary>Keeps the first columns.</summary>
    public void Truncate(int columns) => Columns = columns;

    /// <summary>Becomes 0.</summary>
    public void SetZero(int rows, int columns)
    {
        Shape(rows, columns);
        re.AsSpan(0, rows * columns).Clear();
        im.AsSpan(0, rows * columns).Clear();
    }

    /// <summary>Becomes the identity.</summary>
    public void SetIdentity(int size)
    {
        SetZero(size, size);
        for (var k = 0; k < size; k++)
        {
            re[(size + 1) * k] = 1;
        }
    }

    /// <summary>Becomes a copy.</summary>
    public void Set(ComplexColumns other)
    {
        Shape(other.Rows, other.Columns);
        other.re.AsSpan(0, Rows * Columns).CopyTo(re);
        other.im.AsSpan(0, Rows * Columns).CopyTo(im);
    }

    /// <summary>Becomes the conjugate transpose.</summary>
    public void SetDagger(ComplexColumns other)
    {
        Shape(other.Columns, other.Rows);
        for (var c = 0; c < Columns; c++)
        {
            for (var r = 0; r < Rows; r++)
            {
                this[r, c] = Complex.Conjugate(other[c, r]);
            }
        }
    }

    /// <summary>Becomes a product.</summary>
    public void SetProduct(ComplexColumns left, ComplexColumns right)
    {
        SetZero(left.Rows, right.Columns);
        for (var c = 0; c < Columns; c++)
        {
            for (var k = 0; k < left.Columns; k++)
            {
                var factor = right[k, c];
                if (factor != Complex.Zero)
                {
                    Subtract(c, -factor, left, k);
                }
            }
        }
    }

    /// <summary>A column becomes a multiple of one of another matrix with as many rows.</summary>
    public void SetColumn(int column, double factor, ComplexColumns other, int of)
    {
        var (to, from) = (column * Rows, of * Rows);
        for (var k = 0; k < Rows; k++)
        {
            (re[to + k], im[to + k]) = (factor * other.re[from + k], factor * other.im[from + k]);
        }
    }

    public double Norm2(int c) => Sum(Real(c), Real(c)) + Sum(Imaginary(c), Imaginary(c));

    public void Scale(int c, double factor) => SetColumn(c, factor, this, c);

    /// <summary>A column −= factor · another matrix's.</summary>
    public void Subtract(int column, Complex factor, ComplexColumns other, int of)
    {
        var xr = other.re.AsSpan(of * Rows, Rows);
        var xi = other.im.AsSpan(of * Rows, Rows);
        var yr = Real(column);
        var yi = Imaginary(column);
        var (fr, fi, k) = (factor.Real, factor.Imaginary, 0);
        for (; k + Vector<double>.Count <= xr.Length; k += Vector<double>.Count)
        {
            var (a, b) = (new Vector<double>(xr[k..]), new Vector<double>(xi[k..]));
            (new Vector<double>(yr[k..]) - ((fr * a) - (fi * b))).CopyTo(yr[k..]);
            (new Vector<double>(yi[k..]) - ((fr * b) + (fi * a))).CopyTo(yi[k..]);
        }

        for (; k < xr.Length; k++)
        {
            yr[k] -= (fr * xr[k]) - (fi * xi[k]);
            yi[k] -= (fr * xi[k]) + (fi * xr[k]);
        }
    }

    /// <summary>(p, q) → (cos p − sin e^{−iφ} q, sin e^{iφ} p + cos q), two columns.</summary>
    public void Rotate(int p, int q, double cos, double sin, Complex phase)
    {
        var pr = Real(p);
        var pi = Imaginary(p);
        var qr = Real(q);
        var qi = Imaginary(q);
        var (sr, si, k) = (sin * phase.Real, sin * phase.Imaginary, 0);
        for (; k + Vector<double>.Count <= pr.Length; k += Vector<double>.Count)
        {
            var (a, b) = (new Vector<double>(pr[k..]), new Vector<double>(pi[k..]));
            var (c, d) = (new Vector<double>(qr[k..]), new Vector<double>(qi[k..]));
            ((cos * a) - ((sr * c) + (si * d))).CopyTo(pr[k..]);
            ((cos * b) - ((sr * d) - (si * c))).CopyTo(pi[k..]);
            ((cos * c) + ((sr * a) - (si * b))).CopyTo(qr[k..]);
            ((cos * d) + ((sr * b) + (si * a))).CopyTo(qi[k..]);
        }

        for (; k < pr.Length; k++)
        {
            var (a, b, c, d) = (pr[k], pi[k], qr[k], qi[k]);
            pr[k] = (cos * a) - ((sr * c) + (si * d));
            pi[k] = (cos * b) - ((sr * d) - (si * c));
            qr[k] = (cos * c) + ((sr * a) - (si * b));
            qi[k] = (cos * d) + ((sr * b) + (si * a));
        }
    }

    /// <summary>Σ conj(a) b of two columns.</summary>
    public static Complex Dot(ComplexColumns a, int p, ComplexColumns b, int q)
    {
        var ar = a.Real(p);
        var ai = a.Imaginary(p);
        var br = b.Real(q);
        var bi = b.Imaginary(q);
        return new Complex(Sum(ar, br) + Sum(ai, bi), Sum(ar, bi) - Sum(ai, br));
    }

    private Span<double> Real(int c) => re.AsSpan(c * Rows, Rows);

    private Span<double> Imaginary(int c) => im.AsSpan(c * Rows, Rows);

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
