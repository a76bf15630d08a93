// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A similarity of samples by the states that a circuit embeds them in, k(x, y) = k(y, x), k(x, x) = 1.</summary>
public interface IQuantumKernel : IDisposable
{
    /// <summary>The embedding: a circuit with inputs; what it measures is of no account.</summary>
    Circuit Embedding { get; }

    /// <summary>What has been executed.</summary>
    Cost Cost { get; }

    /// <summary>The kernel matrix of samples with themselves, symmetric, of which only one half is computed.</summary>
    /// <param name="x">The samples, <c>[B, I]</c> row-major.</param>
    /// <param name="weights">The embedding's weights, <c>[W]</c>.</param>
    /// <returns><c>[B, B]</c>.</returns>
    /// <exception cref="ArgumentException">The samples are not whole rows, or the weights are not as many as the embedding's.</exception>
    double[,] KernelMatrix(ReadOnlySpan<double> x, ReadOnlySpan<double> weights = default);

    /// <summary>The kernel matrix of samples with others, such as of test samples with training samples.</summary>
    /// <param name="x">The samples, <c>[B, I]</c> row-major.</param>
    /// <param name="y">The others, <c>[C, I]</c> row-major.</param>
    /// <param name="weights">The embedding's weights, <c>[W]</c>.</param>
    /// <returns><c>[B, C]</c>.</returns>
    /// <exception cref="ArgumentException">The samples are not whole rows, or the weights are not as many as the embedding's.</exception>
    double[,] KernelMatrixWith(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default);
}
