// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

/// <summary>
/// The cosine–sine decomposition U = (A⊕B) [[C, −S], [S, C]] (A'⊕B') of a unitary in four equal blocks (Golub and Van Loan,
/// Matrix Computations, 2.5.4), by one-sided Jacobi rotations: the columns of the left blocks become orthogonal to their own precision,
/// first where cosines are small, then where sines are.
/// </summary>
internal static class CosineSine
{
    /// <summary>The left pair, the angles θ of C = cos θ and S = sin θ, and the right pair.</summary>
    public static ((Complex[,] A, Complex[,] B) Left, double[] Angles, (Complex[,] A, Complex[,] B) Right) Of(Complex[,] u)
    {
        var half = u.GetLength(0) / 2;
        var (top, bottom, right) = (Columns(u, 0, half), Columns(u, half, half), Identity(half).ToColumns());
        Complex[][][] all = [top, bottom, right];
        Orthogonalize(top, [.. Enumerable.Range(0, half)], all);
        int[] small = [.. Enumerable.Range(0, half).Where(k => Norm(bottom[k]) < 0.7)];
        foreach (var k in small)
        {
            foreach (var other in Enumerable.Range(0, half).Except(small))
            {
                var overlap = Inner(bottom[other], bottom[k]) / Inner(bottom[other], bottom[other]).Real;
                bottom[k] = Subtract(bottom[k], bottom[other], overlap);
            }
        }

        Orthogonalize(bottom, small, all);
        double[] angles = [.. Enumerable.Range(0, half).Select(k => Math.Atan2(Norm(bottom[k]), Norm(top[k])))];
        var (a, b) = (Complete(top), Complete(bottom));

        // The second block column: −S A†U01 + C B†U11, where neither sine nor cosine is divided by.
        var (upper, lower) = (Multiply(Dagger(a), Block(u, 0, half)), Multiply(Dagger(b), Block(u, half, half)));
        var second = Map(upper, (r, c) => (Math.Cos(angles[r]) * lower[r, c]) - (Math.Sin(angles[r]) * upper[r, c]));
        return ((a, b), angles, (Dagger(FromColumns(right)), second));
    }

    // Rotations of two columns at a time, in all matrices alike, until the columns of one are orthogonal.
    private static void Orthogonalize(Complex[][] columns, int[] among, Complex[][][] alike)
    {
        for (var (sweep, done) = (0, false); sweep < 60 && !done; sweep++)
        {
            done = true;
            foreach (var p in among)
            {
                foreach (var q in among.Where(other => other > p))
                {
                    var overlap = Inner(columns[p], columns[q]);
                    var (np, nq) = (Norm(columns[p]), Norm(columns[q]));
                    if (overlap.Magnitude <= 1e-15 * np * nq || overlap.Magnitude < 1e-300)
                    {
                        continue;
                    }

                    done = false;
                    var (sin, cos) = Math.SinCos(0.5 * Math.Atan2(2 * overlap.Magnitude, (np * np) - (nq * nq)));
                    var phase = overlap / overlap.Magnitude;
                    foreach (var matrix in alike)
                    {
                        for (var r = 0; r < matrix[p].Length; r++)
                        {
                            (matrix[p][r], matrix[q][r]) = (
                                (cos * matrix[p][r]) + (sin * Complex.Conjugate(phase) * matrix[q][r]),
                                (cos * matrix[q][r]) - (sin * phase * matrix[p][r]));
                        }
                    }
                }
            }
        }
    }

    // Columns of length 1; those that vanish are any that complete the basis.
    private static Complex[,] Complete(Complex[][] columns)
    {
        var size = columns.Length;
        var done = new List<int>();
        foreach (var k in Enumerable.Range(0, size).OrderByDescending(k => Norm(columns[k])))
        {
            var candidates = Norm(columns[k]) > 1e-12 ? [columns[k]] : Identity(size).ToColumns();
            columns[k] = candidates.Select(Rest).MaxBy(Norm)!;
            var norm = Norm(columns[k]);
            columns[k] = [.. columns[k].Select(entry => entry / norm)];
            done.Add(k);
        }

        return FromColumns(columns);

        // Twice is enough (Golub and Van Loan, 5.2.8).
        Complex[] Rest(Complex[] column)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                column = done.Aggregate(column, (rest, k) => Subtract(rest, columns[k], Inner(columns[k], rest)));
            }

            return column;
        }
    }

    private static Complex[][] Columns(Complex[,] u, int row, int size) =>
        [.. Enumerable.Range(0, size).Select(c => Enumerable.Range(0, size).Select(r => u[row + r, c]).ToArray())];

    private static Complex[][] ToColumns(this Complex[,] matrix) => Columns(matrix, 0, matrix.GetLength(0));

    private static Complex[,] FromColumns(Complex[][] columns) => Map(new Complex[columns.Length, columns.Length], (r, c) => columns[c][r]);

    private static Complex[,] Block(Complex[,] u, int row, int column) =>
        Map(new Complex[u.GetLength(0) / 2, u.GetLength(0) / 2], (r, c) => u[row + r, column + c]);

    private static Complex[] Subtract(Complex[] from, Complex[] column, Complex factor) => [.. from.Zip(column, (a, b) => a - (factor * b))];

    private static Complex Inner(Complex[] a, Complex[] b)
    {
        Complex sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += Complex.Conjugate(a[i]) * b[i];
        }

        return sum;
    }

    private static double Norm(Complex[] column) => Math.Sqrt(Inner(column, column).Real);
}
