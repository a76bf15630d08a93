// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;

namespace Qusp;

/// <summary>
/// Eigenvalues and eigenvectors of larger Hermitian matrices in O(n³): Householder reflections to a tridiagonal matrix, made
/// real by phases, then implicit QL steps with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 8.3; Press et al., Numerical Recipes, 11.3).
/// Rows are kept as planes of real and imaginary parts, and eigenvectors as rows, so that every inner loop runs along memory.
/// </summary>
internal sealed class HermitianEigen
{
    private const int MaxSteps = 60; // an eigenvalue takes two on average

    private readonly int size;
    private readonly double[][] re; // of the matrix, then of the reflections' vectors
    private readonly double[][] im;
    private readonly double[][] rowsRe; // eigenvectors' conjugates; empty if not wanted
    private readonly double[][] rowsIm;
    private readonly double[] diagonal;
    private readonly double[] beside; // beside[k] joins k and k + 1

    private HermitianEigen(Complex[,] matrix, bool vectors)
    {
        size = matrix.GetLength(0);
        (re, im) = (Rows(size), Rows(size));
        for (var r = 0; r < size; r++)
        {
            for (var c = 0; c < size; c++)
            {
                (re[r][c], im[r][c]) = (matrix[r, c].Real, matrix[r, c].Imaginary);
            }
        }

        (rowsRe, rowsIm) = vectors ? (Rows(size), Rows(size)) : ([], []);
        (diagonal, beside) = (new double[size], new double[size]);
    }

    /// <summary>
    /// The eigenvalues, in no order, and the eigenvectors, the columns; null if they are not wanted. The eigenvalues are NaN where entries are not finite.
    /// </summary>
    public static (double[] Values, Complex[,]? Vectors) Solve(Complex[,] hermitian, bool vectors)
    {
        var solver = new HermitianEigen(hermitian, vectors);
        var phases = solver.Reduce();
        if (vectors)
        {
            solver.Accumulate(phases);
        }

        solver.Diagonalize();
        return (solver.diagonal, vectors ? solver.Columns() : null);
    }

    // A → HAH with H = 1 − 2vv†, column by column; v is left where the column was. Returns the phases that make the rest real.
    private Complex[] Reduce()
    {
        var phases = new Complex[size];
        phases[0] = 1;
        var (vectorRe, vectorIm, productRe, productIm) = (new double[size], new double[size], new double[size], new double[size]);
        for (var k = 0; k + 1 < size; k++)
        {
            // Row k right of the diagonal holds the conjugate of the column below it.
            var first = k + 1;
            var norm = 0.0;
            for (var j = first; j < size; j++)
            {
                (vectorRe[j], vectorIm[j]) = (re[k][j], -im[k][j]);
                norm += (vectorRe[j] * vectorRe[j]) + (vectorIm[j] * vectorIm[j]);
            }

            norm = Math.Sqrt(norm);
            var head = new Complex(vectorRe[first], vectorIm[first]);
            var direction = head.Magnitude > 0 ? head / head.Magnitude : 1;
            var target = -norm * direction;
            var length = Math.Sqrt(2 * norm * (norm + head.Magnitude)); // of x − target·e
            (diagonal[k], beside[k]) = (re[k][k], norm);
            phases[first] = phases[k] * (norm > 0 ? target / norm : 1);
            Array.Clear(re[k]);
            Array.Clear(im[k]);
            if (length > 0)
            {
                (vectorRe[first], vectorIm[first]) = ((head - target).Real, (head - target).Imaginary);
                for (var j = first; j < size; j++)
                {
                    (re[k][j], im[k][j]) = (vectorRe[j] / length, vectorIm[j] / length);
                }

                Reflect(re[k], im[k], first, productRe, productIm);
            }
        }

        diagonal[size - 1] = re[size - 1][size - 1];
        return phases;
    }

    // The block from `first` on: A − 2(v q† + q v†) with p = Av, q = p − (v†p) v.
    private void Reflect(double[] vRe, double[] vIm, int first, double[] qRe, double[] qIm)
    {
        var overlap = 0.0;
        for (var r = first; r < size; r++)
        {
            var (sumRe, sumIm) = Dot(re[r], im[r], vRe, vIm, first);
            (qRe[r], qIm[r]) = (sumRe, sumIm);
            overlap += (vRe[r] * sumRe) + (vIm[r] * sumIm);
        }

        for (var r = first; r < size; r++)
        {
            qRe[r] -= overlap * vRe[r];
            qIm[r] -= overlap * vIm[r];
        }

        for (var r = first; r < size; r++)
        {
            // A[r, c] −= 2(v_r q_c* + q_r v_c*)
            Add(re[r], im[r], qRe, qIm, -2 * vRe[r], -2 * vIm[r], first);
            Add(re[r], im[r], vRe, vIm, -2 * qRe[r], -2 * qIm[r], first);
        }
    }

    // Rows of (Q D)†, so that A = (Q D) T (Q D)†: the identity with phases, then the reflections from the last to the first.
    private void Accumulate(Complex[] phases)
    {
        for (var k = 0; k < size; k++)
        {
            (rowsRe[k][k], rowsIm[k][k]) = (phases[k].Real, -phases[k].Imaginary);
        }

        for (var k = size - 2; k >= 0; k--)
        {
            // Row (H x)† = x† − 2 (x†v) v†.
            for (var r = k + 1; r < size; r++)
            {
                var (sumRe, sumIm) = Dot(rowsRe[r], rowsIm[r], re[k], im[k], k + 1);
                Add(rowsRe[r], rowsIm[r], re[k], im[k], -2 * sumRe, -2 * sumIm, k + 1);
            }
        }
    }

    private void Diagonalize()
    {
        var norm = 0.0;
        for (var k = 0; k < size; k++)
        {
            norm = Math.Max(norm, Math.Abs(diagonal[k]) + Math.Abs(beside[k]));
        }

        if (!double.IsFinite(norm))
        {
            Array.Fill(diagonal, double.NaN); // as any other function of such numbers
            return;
        }

        for (var low = 0; low < size; low++)
        {
            for (var step = 0; ; step++)
            {
                var end = low;
                while (end + 1 < size && Math.Abs(beside[end]) > (2e-16 * (Math.Abs(diagonal[end]) + Math.Abs(diagonal[end + 1]))) + (1e-17 * norm))
                {
                    end++;
                }

                if (end == low)
                {
                    break;
                }

                if (step == MaxSteps)
                {
                    throw new InvalidOperationException($"An eigenvalue was not found in {MaxSteps} steps.");
                }

                Step(low, end);
            }
        }
    }

    // One implicit QL step on the block from low to end.
    private void Step(int low, int end)
    {
        var half = (diagonal[low + 1] - diagonal[low]) / (2 * beside[low]);
        var shifted = diagonal[end] - diagonal[low] + (beside[low] / (half + Math.CopySign(double.Hypot(half, 1), half)));
        var (sin, cos, moved) = (1.0, 1.0, 0.0);
        for (var i = end - 1; i >= low; i--)
        {
            var (f, b) = (sin * beside[i], cos * beside[i]);
            var r = double.Hypot(f, shifted);
            beside[i + 1] = r;
            if (r == 0)
            {
                // The block falls apart.
                diagonal[i + 1] -= moved;
                beside[end] = 0;
                return;
            }

            (sin, cos) = (f / r, shifted / r);
            shifted = diagonal[i + 1] - moved;
            r = ((diagonal[i] - shifted) * sin) + (2 * cos * b);
            moved = sin * r;
            diagonal[i + 1] = shifted + moved;
            shifted = (cos * r) - b;
            if (rowsRe.Length > 0)
            {
                Rotate(rowsRe[i], rowsRe[i + 1], cos, sin);
                Rotate(rowsIm[i], rowsIm[i + 1], cos, sin);
            }
        }

        diagonal[low] -= moved;
        beside[low] = shifted;
        beside[end] = 0;
    }

    private Complex[,] Columns() =>
        MatrixAlgebra.Map(new Complex[size, size], (r, c) => new(rowsRe[c][r], -rowsIm[c][r]));

    private static double[][] Rows(int size) => [.. Enumerable.Range(0, size).Select(_ => new double[size])];

    // Σ_c (a_c)(v_c) from a place on.
    private static (double Re, double Im) Dot(double[] aRe, double[] aIm, double[] vRe, double[] vIm, int first)
    {
        var xr = Vectors(aRe, first);
        var xi = Vectors(aIm, first);
        var yr = Vectors(vRe, first);
        var yi = Vectors(vIm, first);
        var (sumRe, sumIm) = (Vector<double>.Zero, Vector<double>.Zero);
        for (var k = 0; k < xr.Length; k++)
        {
            sumRe += (xr[k] * yr[k]) - (xi[k] * yi[k]);
            sumIm += (xr[k] * yi[k]) + (xi[k] * yr[k]);
        }

        var (totalRe, totalIm) = (Vector.Sum(sumRe), Vector.Sum(sumIm));
        for (var c = first + (xr.Length * Vector<double>.Count); c < aRe.Length; c++)
        {
            totalRe += (aRe[c] * vRe[c]) - (aIm[c] * vIm[c]);
            totalIm += (aRe[c] * vIm[c]) + (aIm[c] * vRe[c]);
        }

        return (totalRe, totalIm);
    }

    // a_c += factor · v_c* from a place on.
    private static void Add(double[] aRe, double[] aIm, double[] vRe, double[] vIm, double factorRe, double factorIm, int first)
    {
        var xr = Vectors(aRe, first);
        var xi = Vectors(aIm, first);
        var yr = Vectors(vRe, first);
        var yi = Vectors(vIm, first);
        for (var k = 0; k < xr.Length; k++)
        {
            xr[k] += (factorRe * yr[k]) + (factorIm * yi[k]);
            xi[k] += (factorIm * yr[k]) - (factorRe * yi[k]);
        }

        for (var c = first + (xr.Length * Vector<double>.Count); c < aRe.Length; c++)
        {
            aRe[c] += (factorRe * vRe[c]) + (factorIm * vIm[c]);
            aIm[c] += (factorIm * vRe[c]) - (factorRe * vIm[c]);
        }
    }

    private static void Rotate(double[] upper, double[] lower, double cos, double sin)
    {
        var u = Vectors(upper, 0);
        var l = Vectors(lower, 0);
        for (var k = 0; k < u.Length; k++)
        {
            var kept = l[k];
            l[k] = (sin * u[k]) + (cos * kept);
            u[k] = (cos * u[k]) - (sin * kept);
        }

        for (var c = u.Length * Vector<double>.Count; c < upper.Length; c++)
        {
            (upper[c], lower[c]) = ((cos * upper[c]) - (sin * lower[c]), (sin * upper[c]) + (cos * lower[c]));
        }
    }

    private static Span<Vector<double>> Vectors(double[] numbers, int first) => MemoryMarshal.Cast<double, Vector<double>>(numbers.AsSpan(first));
}
