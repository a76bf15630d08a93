// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// QR, and the singular value decomposition by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992): slow beside the fast ones for
/// large matrices, but accurate for small singular values, and it always converges. Factors are its own and valid until the next call.
/// </summary>
internal sealed class Factorization
{
    private const int MaxSweeps = 60;
    private const double Tolerance = 1e-15;

    private readonly ComplexColumns tall = new();
    private readonly ComplexColumns rotated = new();
    private readonly ComplexColumns rotations = new();
    private readonly ComplexColumns left = new();
    private readonly ComplexColumns right = new();
    private readonly ComplexColumns product = new();
    private readonly ComplexColumns q = new();
    private readonly ComplexColumns r = new();
    private double[] norms = [];
    private double[] values = [];
    private int[] order = [];
    private int count;

    /// <summary>The singular values, falling, that <see cref="Svd"/> found.</summary>
    public ReadOnlySpan<double> Values => values.AsSpan(0, count);

    /// <summary>
    /// Q with orthonormal columns and R, <c>A = QR</c>, by Gram–Schmidt done twice; R is upper triangular unless A is wider than tall.
    /// A column that depends on those before gives a 0 in R and in Q.
    /// </summary>
    public (ComplexColumns Q, ComplexColumns R) Qr(ComplexColumns a)
    {
        if (a.Rows >= a.Columns)
        {
            Orthonormalize(a);
            return (q, r);
        }

        var (u, v) = Svd(a);
        for (var c = 0; c < count; c++)
        {
            v.Scale(c, values[c]);
        }

        r.SetDagger(v);
        return (u, r);
    }

    /// <summary><c>A = U diag(S) V†</c>; S is <see cref="Values"/>, and columns of U with S = 0 are 0.</summary>
    public (ComplexColumns U, ComplexColumns V) Svd(ComplexColumns a)
    {
        if (a.Rows >= a.Columns)
        {
            return OfTall(a);
        }

        tall.SetDagger(a);
        var (v, u) = OfTall(tall);
        return (u, v);
    }

    private (ComplexColumns U, ComplexColumns V) OfTall(ComplexColumns a)
    {
        var isSquare = a.Rows == a.Columns;
        if (!isSquare)
        {
            Orthonormalize(a); // the rotations then work on a square
        }

        rotated.Set(isSquare ? a : r);
        rotations.SetIdentity(a.Columns);
        Orthogonalize();
        Sort();
        if (isSquare)
        {
            return (left, right);
        }

        product.SetProduct(q, left);
        return (product, right);
    }

    private void Orthonormalize(ComplexColumns a)
    {
        q.Set(a);
        r.SetZero(a.Columns, a.Columns);
        for (var c = 0; c < a.Columns; c++)
        {
            var before = Math.Sqrt(q.Norm2(c));
            for (var pass = 0; pass < 2; pass++) // the second removes what rounding left of the first
            {
                for (var k = 0; k < c; k++)
                {
                    var overlap = ComplexColumns.Dot(q, k, q, c);
                    r[k, c] += overlap;
                    q.Subtract(c, overlap, q, k);
                }
            }

            var norm = Math.Sqrt(q.Norm2(c));
            var isNew = norm > 1e-14 * before && norm > 0;
            r[c, c] = isNew ? norm : 0;
            q.Scale(c, isNew ? 1 / norm : 0);
        }
    }

    // Rotates pairs of columns until all are orthogonal; the same rotations make V.
    private void Orthogonalize()
    {
        var columns = rotated.Columns;
        var squares = Numbers.Room(ref norms, columns);
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var largest = 0.0;
            for (var c = 0; c < columns; c++)
            {
                squares[c] = rotated.Norm2(c);
                largest = Math.Max(largest, squares[c]);
            }

            var isDone = true;
            for (var p = 0; p < columns; p++)
            {
                for (var q = p + 1; q < columns; q++)
                {
                    var overlap = ComplexColumns.Dot(rotated, p, rotated, q);
                    var size = overlap.Magnitude;
                    if (size <= Tolerance * Math.Sqrt(squares[p] * squares[q]) || size <= 1e-40 * largest)
                    {
                        continue;
                    }

                    isDone = false;
                    var zeta = (squares[q] - squares[p]) / (2 * size);
                    var t = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                    var cos = 1 / Math.Sqrt(1 + (t * t));
                    rotated.Rotate(p, q, cos, cos * t, overlap / size);
                    rotations.Rotate(p, q, cos, cos * t, overlap / size);
                    (squares[p], squares[q]) = (squares[p] - (t * size), squares[q] + (t * size));
                }
            }

            if (isDone)
            {
                return;
            }
        }
    }

    private void Sort()
    {
        count = rotated.Columns;
        var sizes = Numbers.Room(ref values, count);
        var places = Numbers.Room(ref order, count);
        for (var c = 0; c < count; c++)
        {
            (sizes[c], places[c]) = (-Math.Sqrt(rotated.Norm2(c)), c);
        }

        sizes.Sort(places);
        left.Shape(rotated.Rows, count);
        right.Shape(rotations.Rows, count);
        for (var c = 0; c < count; c++)
        {
            sizes[c] = -sizes[c] is > 0 and var size ? size : 0;
            left.SetColumn(c, sizes[c] > 0 ? 1 / sizes[c] : 0, rotated, places[c]);
            right.SetColumn(c, 1, rotations, places[c]);
        }
    }
}
