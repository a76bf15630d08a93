// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <content>
/// QR, and the singular value decomposition by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992): slow beside the fast ones for
/// large matrices, but accurate for small singular values, and it always converges.
/// </content>
internal sealed partial class ComplexColumns
{
    private const int MaxSweeps = 60;
    private const double Tolerance = 1e-15;

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
}
