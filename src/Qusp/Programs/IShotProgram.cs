// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>A program that knows how far its outputs may be off because shots are finite.</summary>
internal interface IShotProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Estimates the variance of combinations <c>Σ_k c[b, r, k] output_k(b)</c>, from the very shots that <see cref="IProgram{T}.Evaluate"/>
    /// draws: outputs that share shots are correlated, so their own variances would not do.
    /// </summary>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="combinations"><c>[B, R, K]</c>.</param>
    /// <param name="variances">Receives <c>[B, R]</c>; NaN where there is a single shot.</param>
    /// <param name="draw">The randomness.</param>
    void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw);

    /// <summary>Estimates the variance of each number that <see cref="IProgram{T}.Pullback"/> gives, from the very shots that it draws.</summary>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="cotangents"><c>[B, K]</c>.</param>
    /// <param name="inputVariances">Receives <c>[B, I]</c>.</param>
    /// <param name="weightVariances">Receives <c>[W]</c>.</param>
    /// <param name="draw">The randomness.</param>
    /// <exception cref="NotSupportedException">The variance of these gradients is not known; the message says why.</exception>
    void PullbackVariances(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<double> inputVariances,
        Span<double> weightVariances,
        Draw draw);
}

/// <summary>What is asked of programs that may or may not know their errors.</summary>
internal static class ShotPrograms
{
    /// <summary>The program as one that knows how far its outputs may be off.</summary>
    /// <exception cref="NotSupportedException">It does not know.</exception>
    public static IShotProgram<T> Shots<T>(this IProgram<T> program)
        where T : unmanaged, IFloatingPointIeee754<T> => program as IShotProgram<T>
        ?? throw new NotSupportedException($"{program.Device}: how far its outputs may be off is not known for this circuit.");
}
