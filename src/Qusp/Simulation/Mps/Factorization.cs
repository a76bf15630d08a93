// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// QR with pivots, and the singular value decomposition by one-sided Jacobi rotations of R† (Hestenes 1958; Drmač and Veselić 2008): slow beside the fast ones for
/// large matrices, but accurate for small singular values, and it always converges; the pivots leave out what is rounding and bring the columns nearly
/// into order, so that it takes few sweeps. Factors are its own and valid until the next call.
/// </summary>
internal sealed class Factorization
{
    private const int MaxSweeps = 60;
    private const double Tolerance = 1e-15;
    private const double Rounding = 1e-32; // of the largest column's square
    private const double Vanishing = 1e-260; // a square; singular values 10^13 times smaller still have squares of all digits

    private readonly ComplexColumns tall = new();
    private readonly ComplexColumns rest = new(); // what is not yet spanned
    private readonly ComplexColumns q = new();
    private readonly ComplexColumns daggerOfR = new();
    private readonly ComplexColumns rotations = new();
    private readonly ComplexColumns left = new();
    private readonly ComplexColumns right = new();
    private readonly ComplexColumns product = new();
    private double[] norms = [];
    private double[] values = [];
    private int[] order = [];
    private int count;

    /// <summary>The singular values, falling, that <see cref="Svd"/> found.</summary>
    public ReadOnlySpan<double> Values => values.AsSpan(0, count);

    /// <summary>
    /// Q with orthonormal columns and R†, <c>A = QR</c>, by Gram–Schmidt with pivots, done twice; as many columns as A's rank, up to rounding. What is
    /// below 1e-130 is 0, and A = 0 has one column, of zeros.
    /// </summary>
    public (ComplexColumns Q, ComplexColumns DaggerOfR) Qr(ComplexColumns a)
    {
        var most = Math.Min(a.Rows, a.Columns);
        rest.Set(a);
        q.SetZero(a.Rows, most);
        daggerOfR.SetZero(a.Columns, most);
        var squares = Numbers.Room(ref norms, a.Columns);
        var least = Vanishing;
        for (var c = 0; c < a.Columns; c++)
        {
            squares[c] = rest.Norm2(c);
            least = Math.Max(least, Rounding * squares[c]);
        }

        var rank = 0;
        while (rank < most)
        {
            var pivot = 0;
            for (var c = 1; c < a.Columns; c++)
            {
                pivot = squares[c] > squares[pivot] ? c : pivot;
            }

            if (squares[pivot] <= least)
            {
                break;
            }

            rank += Span(pivot, rank, squares, least) ? 1 : 0;
        }

        q.Truncate(Math.Max(1, rank));
        daggerOfR.Truncate(q.Columns);
        return (q, daggerOfR);
    }

    /// <summary><c>A = U diag(S) V†</c>; S is <see cref="Values"/>, as many as A's rank, up to rounding, and at least one.</summary>
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

    // A = QR and R† = U'SV'†: A = (QV')SU'†.
    private (ComplexColumns U, ComplexColumns V) OfTall(ComplexColumns a)
    {
        _ = Qr(a);
        rotations.SetIdentity(daggerOfR.Columns);
        Orthogonalize();
        Sort();
        product.SetProduct(q, right);
        return (product, left);
    }

    // Takes a column as the next of Q and what it spans from the others; false if nothing new is left of it.
    private bool Span(int pivot, int rank, Span<double> squares, double least)
    {
        squares[pivot] = 0;
        q.SetColumn(rank, 1, rest, pivot);
        for (var k = 0; k < rank; k++) // removes what rounding left
        {
            var overlap = ComplexColumns.Dot(q, k, q, rank);
            daggerOfR[pivot, k] += Complex.Conjugate(overlap);
            q.Subtract(rank, overlap, q, k);
        }

        var square = q.Norm2(rank);
        if (square <= least)
        {
            q.Scale(rank, 0);
            return false;
        }

        q.Scale(rank, 1 / Math.Sqrt(square));
        daggerOfR[pivot, rank] = Math.Sqrt(square);
        for (var c = 0; c < squares.Length; c++)
        {
            if (squares[c] > 0)
            {
                var overlap = ComplexColumns.Dot(q, rank, rest, c);
                daggerOfR[c, rank] = Complex.Conjugate(overlap);
                rest.Subtract(c, overlap, q, rank);
                squares[c] = rest.Norm2(c);
            }
        }

        return true;
    }

    // Rotates pairs of columns of R† until all are orthogonal.
    private void Orthogonalize()
    {
        var columns = daggerOfR.Columns;
        var squares = Numbers.Room(ref norms, columns);
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var largest = 0.0;
            for (var c = 0; c < columns; c++)
            {
                squares[c] = daggerOfR.Norm2(c);
                largest = Math.Max(largest, squares[c]);
            }

            var isDone = true;
            for (var p = 0; p < columns; p++)
            {
                for (var o = p + 1; o < columns; o++)
                {
                    var overlap = ComplexColumns.Dot(daggerOfR, p, daggerOfR, o);
                    var size = overlap.Magnitude;
                    if (size <= Tolerance * Math.Sqrt(squares[p] * squares[o]) || size <= 1e-40 * largest)
                    {
                        continue;
                    }

                    isDone = false;
                    var zeta = (squares[o] - squares[p]) / (2 * size);
                    var t = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                    var cos = 1 / Math.Sqrt(1 + (t * t));
                    daggerOfR.Rotate(p, o, cos, cos * t, overlap / size);
                    rotations.Rotate(p, o, cos, cos * t, overlap / size);
                    (squares[p], squares[o]) = (squares[p] - (t * size), squares[o] + (t * size));
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
        count = daggerOfR.Columns;
        var sizes = Numbers.Room(ref values, count);
        var places = Numbers.Room(ref order, count);
        for (var c = 0; c < count; c++)
        {
            (sizes[c], places[c]) = (-Math.Sqrt(daggerOfR.Norm2(c)), c);
        }

        sizes.Sort(places);
        left.Shape(daggerOfR.Rows, count);
        right.Shape(rotations.Rows, count);
        for (var c = 0; c < count; c++)
        {
            sizes[c] = -sizes[c] is > 0 and var size ? size : 0;
            left.SetColumn(c, sizes[c] > 0 ? 1 / sizes[c] : 0, daggerOfR, places[c]);
            right.SetColumn(c, 1, rotations, places[c]);
        }
    }
}
