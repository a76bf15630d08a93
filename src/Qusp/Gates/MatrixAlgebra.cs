// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>Small dense complex matrices, row-major <c>m[row, column]</c>. For gates (at most a few wires), not for states.</summary>
internal static class MatrixAlgebra
{
    private const int MaxJacobi = 32; // exact to the last digits, but slow beyond

    public static Complex[,] Identity(int size)
    {
        var result = new Complex[size, size];
        for (var i = 0; i < size; i++)
        {
            result[i, i] = 1;
        }

        return result;
    }

    public static Complex[,] Map(Complex[,] a, Func<int, int, Complex> entry)
    {
        var result = new Complex[a.GetLength(0), a.GetLength(1)];
        for (var r = 0; r < result.GetLength(0); r++)
        {
            for (var c = 0; c < result.GetLength(1); c++)
            {
                result[r, c] = entry(r, c);
            }
        }

        return result;
    }

    public static Complex[,] Multiply(Complex[,] a, Complex[,] b)
    {
        var result = new Complex[a.GetLength(0), b.GetLength(1)];
        for (var r = 0; r < a.GetLength(0); r++)
        {
            for (var k = 0; k < a.GetLength(1); k++)
            {
                var factor = a[r, k];
                if (factor == Complex.Zero)
                {
                    continue; // gates' matrices are mostly zeros
                }

                for (var c = 0; c < b.GetLength(1); c++)
                {
                    result[r, c] += factor * b[k, c];
                }
            }
        }

        return result;
    }

    public static Complex[,] Add(Complex[,] a, Complex[,] b, Complex factor) => Map(a, (r, c) => a[r, c] + (factor * b[r, c]));

    public static Complex[,] Scale(Complex[,] a, Complex factor) => Map(a, (r, c) => factor * a[r, c]);

    public static Complex[,] Dagger(Complex[,] a) => Map(a, (r, c) => Complex.Conjugate(a[c, r]));

    public static Complex[,] Kron(Complex[,] a, Complex[,] b)
    {
        var (n, m) = (a.GetLength(0), b.GetLength(0));
        return Map(new Complex[n * m, n * m], (r, c) => a[r / m, c / m] * b[r % m, c % m]);
    }

    /// <summary>The block-diagonal matrix that applies <paramref name="a"/> where the controls have the values given.</summary>
    public static Complex[,] Controlled(Complex[,] a, IReadOnlyList<bool> controlValues, Complex elsewhere)
    {
        var size = a.GetLength(0);
        var active = controlValues.Aggregate(0, (index, value) => (index << 1) | (value ? 1 : 0));
        var total = size << controlValues.Count;
        return Map(new Complex[total, total], (r, c) => (r / size == active, c / size == active) switch
        {
            (true, true) => a[r % size, c % size],
            _ => r == c ? elsewhere : 0,
        });
    }

    /// <summary>
    /// The matrix on all <paramref name="wires"/> wires that acts as <paramref name="a"/> on <paramref name="on"/>
    /// (the first is the most significant bit of <paramref name="a"/>'s index) and leaves the others alone.
    /// </summary>
    public static Complex[,] Embed(Complex[,] a, ReadOnlySpan<int> on, int wires)
    {
        var targets = on.ToArray();
        var mask = targets.Aggregate(0, (bits, wire) => bits | (1 << (wires - 1 - wire)));
        return Map(new Complex[1 << wires, 1 << wires], (r, c) => (r & ~mask) == (c & ~mask) ? a[Local(r), Local(c)] : 0);

        int Local(int index) => targets.Aggregate(0, (bits, wire) => (bits << 1) | ((index >> (wires - 1 - wire)) & 1));
    }

    /// <summary>The largest absolute difference of two matrices' entries.</summary>
    public static double Distance(Complex[,] a, Complex[,] b)
    {
        var largest = 0.0;
        for (var r = 0; r < a.GetLength(0); r++)
        {
            for (var c = 0; c < a.GetLength(1); c++)
            {
                largest = Math.Max(largest, Complex.Abs(a[r, c] - b[r, c]));
            }
        }

        return largest;
    }

    /// <summary>The angle φ with b = e^{iφ}·a to 1e-12, or null if there is none.</summary>
    public static double? PhaseBetween(Complex[,] a, Complex[,] b)
    {
        Complex overlap = 0;
        for (var r = 0; r < a.GetLength(0); r++)
        {
            for (var c = 0; c < a.GetLength(1); c++)
            {
                overlap += Complex.Conjugate(a[r, c]) * b[r, c];
            }
        }

        return Distance(Scale(a, Complex.FromPolarCoordinates(1, overlap.Phase)), b) < 1e-12 ? overlap.Phase : null;
    }

    /// <summary>
    /// The principal power of a unitary: eigenvalues <c>e^{iφ}</c>, −π &lt; φ ≤ π, become <c>e^{ipφ}</c>. The Hermitian and
    /// anti-Hermitian parts of a unitary, <c>cos φ</c> and <c>sin φ</c> in its eigenbasis, commute, so a real combination of
    /// both is Hermitian with its eigenvectors, unless it happens to join two eigenvalues; then another one is taken.
    /// </summary>
    public static Complex[,] Power(Complex[,] u, double power)
    {
        if (power == Math.Truncate(power) && Math.Abs(power) <= 64)
        {
            // Exact where the entries are: a permutation's square has no rounding in it.
            return Enumerable.Repeat(power < 0 ? Dagger(u) : u, (int)Math.Abs(power)).Aggregate(Identity(u.GetLength(0)), Multiply);
        }

        var (vectors, phases) = Diagonalize(u);
        var powered = Map(u, (r, c) => r == c ? Complex.FromPolarCoordinates(1, power * phases[r]) : 0);
        return Multiply(vectors, Multiply(powered, Dagger(vectors)));
    }

    /// <summary>A unitary's eigenvectors, in columns, and its eigenvalues' phases, −π &lt; φ ≤ π.</summary>
    public static (Complex[,] Vectors, double[] Phases) Diagonalize(Complex[,] u)
    {
        var (best, vectors, spectrum) = (double.PositiveInfinity, u, u);
        foreach (var weight in (ReadOnlySpan<double>)[0.6180339887, -1.3247179572, 2.7692923542, -0.2113248654])
        {
            var candidate = Eigen(Hermitian(u, weight)).Vectors;
            var rotated = Multiply(Dagger(candidate), Multiply(u, candidate));
            var residue = Distance(rotated, Map(rotated, (r, c) => r == c ? rotated[r, c] : 0));
            if (residue < best)
            {
                (best, vectors, spectrum) = (residue, candidate, rotated);
            }

            if (best < 1e-13)
            {
                break;
            }
        }

        return (vectors, [.. Enumerable.Range(0, u.GetLength(0)).Select(k => Phase(spectrum[k, k]))]);

        // The branch cut lies at −1: rounding must not throw an eigenvalue −1 from +π to −π.
        static double Phase(Complex value) => value.Phase < -Math.PI + 1e-9 ? value.Phase + (2 * Math.PI) : value.Phase;
    }

    /// <summary>The determinant, by elimination with pivots.</summary>
    public static Complex Determinant(Complex[,] matrix)
    {
        var a = (Complex[,])matrix.Clone();
        var (size, product) = (a.GetLength(0), Complex.One);
        for (var p = 0; p < size; p++)
        {
            var best = Enumerable.Range(p, size - p).MaxBy(r => Complex.Abs(a[r, p]));
            product *= best == p ? a[best, p] : -a[best, p];
            if (product == Complex.Zero)
            {
                return product;
            }

            for (var c = 0; c < size; c++)
            {
                (a[p, c], a[best, c]) = (a[best, c], a[p, c]);
            }

            for (var r = p + 1; r < size; r++)
            {
                var factor = a[r, p] / a[p, p];
                for (var c = p; c < size; c++)
                {
                    a[r, c] -= factor * a[p, c];
                }
            }
        }

        return product;
    }

    private static Complex[,] Hermitian(Complex[,] u, double weight)
    {
        var dagger = Dagger(u);
        return Map(u, (r, c) => 0.5 * (u[r, c] + dagger[r, c] - (new Complex(0, weight) * (u[r, c] - dagger[r, c]))));
    }

    /// <summary>The eigenvalues of a Hermitian matrix, in no order.</summary>
    public static double[] Eigenvalues(Complex[,] hermitian) => HermitianEigen.Solve(hermitian, vectors: false).Values;

    /// <summary>
    /// The eigenvalues of a Hermitian matrix, in no order, and its eigenvectors, the columns: of small ones by cyclic Jacobi rotations
    /// (Golub and Van Loan, Matrix Computations, 8.5), each on two rows and two columns, of larger ones by <see cref="HermitianEigen"/>.
    /// </summary>
    public static (double[] Values, Complex[,] Vectors) Eigen(Complex[,] hermitian)
    {
        var size = hermitian.GetLength(0);
        if (size > MaxJacobi)
        {
            var (values, found) = HermitianEigen.Solve(hermitian, vectors: true);
            return (values, found!);
        }

        var a = (Complex[,])hermitian.Clone();
        var vectors = Identity(size);
        for (var (sweep, off) = (0, 1.0); sweep < 60 && off > 1e-15; sweep++)
        {
            off = 0;
            for (var p = 0; p < size; p++)
            {
                for (var q = p + 1; q < size; q++)
                {
                    var magnitude = Complex.Abs(a[p, q]);
                    off = Math.Max(off, magnitude);
                    if (magnitude > 1e-300)
                    {
                        Rotate(a, vectors, p, q, 0.5 * Math.Atan2(2 * magnitude, a[p, p].Real - a[q, q].Real), a[p, q] / magnitude);
                    }
                }
            }
        }

        return ([.. Enumerable.Range(0, size).Select(k => a[k, k].Real)], vectors);
    }

    /// <summary>A function of a Hermitian matrix by its eigenvalues, <c>Σ_k f(λ_k) |v_k⟩⟨v_k|</c>.</summary>
    public static Complex[,] Function((double[] Values, Complex[,] Vectors) eigen, Func<double, double> f)
    {
        var scaled = Map(eigen.Vectors, (r, c) => eigen.Vectors[r, c] * f(eigen.Values[c]));
        return Multiply(scaled, Dagger(eigen.Vectors));
    }

    // a → R†aR and v → vR with the rotation R of the plane (p, q).
    private static void Rotate(Complex[,] a, Complex[,] vectors, int p, int q, double theta, Complex phase)
    {
        var (sin, cos) = Math.SinCos(theta);
        var (right, left) = (sin * phase, sin * Complex.Conjugate(phase));
        for (var k = 0; k < a.GetLength(0); k++)
        {
            (a[k, p], a[k, q]) = ((cos * a[k, p]) + (left * a[k, q]), (cos * a[k, q]) - (right * a[k, p]));
            (vectors[k, p], vectors[k, q]) = ((cos * vectors[k, p]) + (left * vectors[k, q]), (cos * vectors[k, q]) - (right * vectors[k, p]));
        }

        for (var k = 0; k < a.GetLength(0); k++)
        {
            (a[p, k], a[q, k]) = ((cos * a[p, k]) + (right * a[q, k]), (cos * a[q, k]) - (left * a[p, k]));
        }
    }
}
