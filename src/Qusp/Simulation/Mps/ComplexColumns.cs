// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// Complex matrices as columns, real and imaginary parts apart, and their singular value decomposition by one-sided Jacobi rotations (Hestenes 1958;
/// Demmel and Veselić 1992): slow beside the fast ones for large matrices, but accurate for small singular values, and it always converges.
/// </summary>
internal sealed class ComplexColumns(int rows, int columns)
{
    private const int MaxSweeps = 60;
    private const double Tolerance = 1e-15;
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

    /// <summary>
    /// Q with orthonormal columns and R, <c>A = QR</c>, by Gram–Schmidt done twice; R is upper triangular unless A is wider than tall.
    /// A column that depends on those before gives a 0 in R and in Q.
    /// </summary>
    public (ComplexColumns Q, ComplexColumns R) Qr()
    {
        if (rows < columns)
        {
            var (u, s, v) = Svd();
            return (u, v.Scaled(s).Dagger());
        }

        var (q, r) = (new ComplexColumns(rows, columns), new ComplexColumns(columns, columns));
        for (var c = 0; c < columns; c++)
        {
            var v = new ComplexColumns(rows, 1);
            re.AsSpan(c * rows, rows).CopyTo(v.re);
            im.AsSpan(c * rows, rows).CopyTo(v.im);
            var before = Math.Sqrt(v.Norm2(0));
            for (var pass = 0; pass < 2; pass++) // the second removes what rounding left of the first
            {
                for (var k = 0; k < c; k++)
                {
                    var overlap = Dot(q, k, v, 0);
                    r[k, c] += overlap;
                    v.Subtract(0, overlap, q, k);
                }
            }

            var norm = Math.Sqrt(v.Norm2(0));
            if (norm > 1e-14 * before && norm > 0)
            {
                r[c, c] = norm;
                v.Scale(0, 1 / norm);
                v.re.CopyTo(q.re.AsSpan(c * rows));
                v.im.CopyTo(q.im.AsSpan(c * rows));
            }
        }

        return (q, r);
    }

    /// <summary><c>A = U diag(S) V†</c>, S falling; columns of U with S = 0 are 0.</summary>
    public (ComplexColumns U, double[] S, ComplexColumns V) Svd()
    {
        if (rows < columns)
        {
            var (u, s, v) = Dagger().Svd();
            return (v, s, u);
        }

        if (rows > columns)
        {
            // The rotations then work on a square.
            var (q, r) = Qr();
            var (u, s, v) = r.Svd();
            return (q.Multiply(u), s, v);
        }

        var a = Copy();
        var right = Identity(columns);
        a.Orthogonalize(right);
        return a.Sorted(right);
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

    // Rotates pairs of columns until all are orthogonal; the same rotations make V.
    private void Orthogonalize(ComplexColumns right)
    {
        var norms = new double[columns];
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            for (var c = 0; c < columns; c++)
            {
                norms[c] = Norm2(c);
            }

            var largest = norms.Length > 0 ? norms.Max() : 0;
            var rotated = false;
            for (var p = 0; p < columns; p++)
            {
                for (var q = p + 1; q < columns; q++)
                {
                    var overlap = Dot(this, p, this, q);
                    var size = overlap.Magnitude;
                    if (size <= Tolerance * Math.Sqrt(norms[p] * norms[q]) || size <= 1e-40 * largest)
                    {
                        continue;
                    }

                    rotated = true;
                    var zeta = (norms[q] - norms[p]) / (2 * size);
                    var t = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                    var cos = 1 / Math.Sqrt(1 + (t * t));
                    Rotate(p, q, cos, cos * t, overlap / size);
                    right.Rotate(p, q, cos, cos * t, overlap / size);
                    (norms[p], norms[q]) = (norms[p] - (t * size), norms[q] + (t * size));
                }
            }

            if (!rotated)
            {
                return;
            }
        }
    }

    private (ComplexColumns U, double[] S, ComplexColumns V) Sorted(ComplexColumns right)
    {
        double[] sizes = [.. Enumerable.Range(0, columns).Select(c => Math.Sqrt(Norm2(c)))];
        int[] order = [.. Enumerable.Range(0, columns).OrderByDescending(c => sizes[c])];
        var (u, v) = (new ComplexColumns(rows, columns), new ComplexColumns(right.Rows, columns));
        for (var c = 0; c < columns; c++)
        {
            if (sizes[order[c]] > 0)
            {
                u.Subtract(c, -1 / sizes[order[c]], this, order[c]);
            }

            v.Subtract(c, -1, right, order[c]);
        }

        return (u, [.. order.Select(c => sizes[c])], v);
    }

    // (p, q) → (cos p − sin e^{−iφ} q, sin e^{iφ} p + cos q)
    private void Rotate(int p, int q, double cos, double sin, Complex phase)
    {
        var pr = re.AsSpan(p * rows, rows);
        var pi = im.AsSpan(p * rows, rows);
        var qr = re.AsSpan(q * rows, rows);
        var qi = im.AsSpan(q * rows, rows);
        var (sr, si) = (sin * phase.Real, sin * phase.Imaginary);
        var k = 0;
        for (; k + Vector<double>.Count <= rows; k += Vector<double>.Count)
        {
            var (a, b) = (new Vector<double>(pr[k..]), new Vector<double>(pi[k..]));
            var (c, d) = (new Vector<double>(qr[k..]), new Vector<double>(qi[k..]));
            ((cos * a) - ((sr * c) + (si * d))).CopyTo(pr[k..]);
            ((cos * b) - ((sr * d) - (si * c))).CopyTo(pi[k..]);
            ((cos * c) + ((sr * a) - (si * b))).CopyTo(qr[k..]);
            ((cos * d) + ((sr * b) + (si * a))).CopyTo(qi[k..]);
        }

        for (; k < rows; k++)
        {
            var (a, b, c, d) = (pr[k], pi[k], qr[k], qi[k]);
            pr[k] = (cos * a) - ((sr * c) + (si * d));
            pi[k] = (cos * b) - ((sr * d) - (si * c));
            qr[k] = (cos * c) + ((sr * a) - (si * b));
            qi[k] = (cos * d) + ((sr * b) + (si * a));
        }
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
