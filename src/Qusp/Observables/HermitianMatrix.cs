// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// An observable given as a Hermitian matrix on some wires. It converts to the equal sum of Pauli words, so
/// <c>Expect</c> and <c>Variance</c> take it, and every device and shot sampler knows it.
/// </summary>
public sealed class HermitianMatrix
{
    /// <summary>The most wires: beyond, the sum has more than 4^8 words.</summary>
    public const int MaxWires = 8;

    private const double Tolerance = 1e-10; // relative: data computed in double precision elsewhere

    private readonly Lazy<PauliSum> sum;

    /// <summary>A matrix on wires.</summary>
    /// <param name="matrix">The matrix, <c>[2^m, 2^m]</c>; the first wire is the most significant bit of rows and columns.</param>
    /// <param name="wires">The m wires, all different, at most <see cref="MaxWires"/>.</param>
    /// <exception cref="ArgumentException">The matrix is not Hermitian, not finite or not of that size, or the wires are wrong.</exception>
    public HermitianMatrix(Complex[,] matrix, params ImmutableArray<int> wires)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        OfWires = new DensityMatrix(wires).OfWires;
        if (OfWires.Length > MaxWires)
        {
            throw new ArgumentException($"{OfWires.Length} wires: a matrix is on at most {MaxWires}; write a Pauli sum.", nameof(wires));
        }

        var size = 1 << OfWires.Length;
        if (matrix.GetLength(0) != size || matrix.GetLength(1) != size)
        {
            throw new ArgumentException($"A matrix on {OfWires.Length} wires is {size} × {size}, not {matrix.GetLength(0)} × {matrix.GetLength(1)}.", nameof(matrix));
        }

        if (!matrix.Cast<Complex>().All(Complex.IsFinite) || MatrixAlgebra.Distance(matrix, MatrixAlgebra.Dagger(matrix)) > Tolerance * matrix.Cast<Complex>().Max(Complex.Abs))
        {
            throw new ArgumentException("An observable is a Hermitian matrix of finite numbers; this one differs from its conjugate transpose.", nameof(matrix));
        }

        Matrix = (Complex[,])matrix.Clone();
        sum = new(Decompose);
    }

    /// <summary>The wires; the first is the most significant bit.</summary>
    public ImmutableArray<int> OfWires { get; }

    /// <summary>The matrix, <c>[2^m, 2^m]</c>; do not write to it.</summary>
    internal Complex[,] Matrix { get; }

    /// <summary>The equal sum of Pauli words, <c>H = Σ_P Tr(P H)/2^m · P</c>.</summary>
    public static implicit operator PauliSum(HermitianMatrix matrix) => matrix.ToPauliSum();

    /// <summary>The equal sum of Pauli words, <c>H = Σ_P Tr(P H)/2^m · P</c>.</summary>
    public PauliSum ToPauliSum() => sum.Value;

    // P has one entry a row: row r, column r ⊕ flip, so a trace costs 2^m.
    private PauliSum Decompose()
    {
        var (wires, size) = (OfWires.Length, Matrix.GetLength(0));
        var negligible = 1e-16 * Matrix.Cast<Complex>().Max(Complex.Abs);
        var terms = ImmutableArray.CreateBuilder<(double, PauliWord)>();
        for (var flip = 0; flip < size; flip++)
        {
            for (var sign = 0; sign < size; sign++)
            {
                Complex trace = 0;
                for (var column = 0; column < size; column++)
                {
                    // P|c⟩ = i^{CountY} (−1)^{c·sign} |c ⊕ flip⟩ adds P[c ⊕ flip, c] H[c, c ⊕ flip].
                    var entry = Matrix[column, column ^ flip];
                    trace += (BitOperations.PopCount((uint)(column & sign)) & 1) == 0 ? entry : -entry;
                }

                // i^{CountY} Tr is real, for H is Hermitian.
                var coefficient = (BitOperations.PopCount((uint)(flip & sign)) % 4) switch
                {
                    0 => trace.Real,
                    1 => -trace.Imaginary,
                    2 => -trace.Real,
                    _ => trace.Imaginary,
                } / size;
                if (Math.Abs(coefficient) > negligible)
                {
                    terms.Add((coefficient, Word(wires, flip, sign)));
                }
            }
        }

        return terms.Count > 0 ? new PauliSum(terms.ToImmutable()) : new PauliSum((0, PauliWord.Identity));
    }

    private PauliWord Word(int wires, int flip, int sign) => PauliWord.Of(OfWires.Select((wire, k) =>
    {
        var bit = wires - 1 - k;
        return (wire, (((flip >> bit) & 1) != 0, ((sign >> bit) & 1) != 0) switch
        {
            (true, true) => 'Y',
            (true, false) => 'X',
            (false, true) => 'Z',
            _ => 'I',
        });
    }));
}
