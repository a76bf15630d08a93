// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Xunit;

namespace Qusp.Tests;

public sealed class HermitianEigenTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 5)]
    [InlineData(33, 33)]
    [InlineData(64, 3)]
    [InlineData(100, 100)]
    [InlineData(64, 0)]
    public void A_matrix_of_any_rank_is_its_eigenvalues_times_projectors_and_its_eigenvectors_are_orthonormal(int size, int rank)
    {
        // Σ_k k |a_k⟩⟨a_k|: positive, of the rank given, so with many eigenvalues that are 0.
        var random = new Random(size);
        var matrix = new Complex[size, size];
        for (var k = 1; k <= rank; k++)
        {
            Complex[] a = [.. Enumerable.Range(0, size).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
            matrix = MatrixAlgebra.Add(matrix, MatrixAlgebra.Map(matrix, (r, c) => a[r] * Complex.Conjugate(a[c])), k);
        }

        var scale = Math.Max(1, MatrixAlgebra.Distance(matrix, new Complex[size, size]));
        var (values, vectors) = HermitianEigen.Solve(matrix, vectors: true);
        var identity = MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(vectors!), vectors!);
        Assert.True(MatrixAlgebra.Distance(identity, MatrixAlgebra.Identity(size)) < 1e-12);
        Assert.True(MatrixAlgebra.Distance(matrix, MatrixAlgebra.Function((values, vectors!), value => value)) < 1e-12 * scale);
        Assert.Equal(values.Order(), HermitianEigen.Solve(matrix, vectors: false).Values.Order(), (a, b) => Math.Abs(a - b) < 1e-12 * scale);
        Assert.Equal(rank, values.Count(value => value > 1e-9 * scale));
    }

    [Fact]
    public void Diagonal_block_diagonal_and_degenerate_matrices_are_solved()
    {
        var pauli = MatrixAlgebra.Kron(Gates.Y.Matrix(), MatrixAlgebra.Kron(Gates.X.Matrix(), MatrixAlgebra.Identity(16)));
        Assert.Equal(32, HermitianEigen.Solve(pauli, vectors: false).Values.Count(value => Math.Abs(value - 1) < 1e-13));
        Assert.Equal(new double[40], HermitianEigen.Solve(new Complex[40, 40], vectors: true).Values);
        Assert.All(HermitianEigen.Solve(MatrixAlgebra.Identity(40), vectors: true).Values, value => Assert.Equal(1, value));
        Assert.All(HermitianEigen.Solve(new Complex[,] { { double.NaN, 1 }, { 1, 0 } }, vectors: false).Values, value => Assert.True(double.IsNaN(value)));
    }
}
