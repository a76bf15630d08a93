// SPDX-License-Identifier: Apache-2.0
using Qusp.Kernels;

namespace Qusp;

/// <summary>
/// The projected kernel k(x, y) = exp(−γ Σ_w ‖ρ_w(x) − ρ_w(y)‖²) of the reduced density matrices of single wires, in the
/// Frobenius norm (Huang et al. 2020, arXiv:2011.01938, eq. 9). It needs expectation values alone, so it runs on every
/// device, by shots and with noise, and does not fade with the number of wires as fidelities do.
/// </summary>
public sealed class ProjectedKernel : IQuantumKernel
{
    private readonly IProgram<double> letters;
    private readonly double gamma;
    private readonly int threads;
    private readonly Draw draw;

    /// <summary>A kernel.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="gamma">γ, above 0.</param>
    /// <param name="device">A device; <c>cpu</c> if null.</param>
    /// <param name="options">How to run it; the method of differentiation is of no account.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="NotSupportedException">The device cannot run the embedding.</exception>
    public ProjectedKernel(Circuit embedding, double gamma = 1, IDevice? device = null, ProgramOptions? options = null, Draw draw = default)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (!(gamma > 0 && double.IsFinite(gamma)))
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "γ is a number above 0.");
        }

        (Embedding, this.gamma, this.draw) = (embedding, gamma, draw);
        options = (options ?? new ProgramOptions()) with { Differentiation = Differentiation.None };
        threads = options.Threads;
        letters = (device ?? new CpuDevice()).Compile<double>(
            embedding.WithMeasurements(
                [.. Enumerable.Range(0, embedding.Wires).SelectMany(wire => "XYZ".Select(letter => new Expectation(PauliWord.Of((wire, letter)))))]),
            options);
    }

    /// <inheritdoc/>
    public Circuit Embedding { get; }

    /// <inheritdoc/>
    public Cost Cost => letters.Cost;

    /// <inheritdoc/>
    public double[,] KernelMatrix(ReadOnlySpan<double> x, ReadOnlySpan<double> weights = default)
    {
        var rows = EmbeddedSamples.Run(letters, x, weights, draw);
        return EmbeddedSamples.Symmetric(EmbeddedSamples.Count(Embedding, x), threads, (i, j) => Similarity(rows, i, rows, j));
    }

    /// <inheritdoc/>
    public double[,] KernelMatrixWith(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default)
    {
        var count = EmbeddedSamples.Count(Embedding, x);
        var (rows, others) = (EmbeddedSamples.Run(letters, x, weights, draw), EmbeddedSamples.Run(letters, y, weights, draw with { FirstSample = draw.FirstSample + count }));
        return EmbeddedSamples.Rectangular(count, EmbeddedSamples.Count(Embedding, y), threads, (i, j) => Similarity(rows, i, others, j));
    }

    /// <inheritdoc/>
    public void Dispose() => letters.Dispose();

    // ρ = (1 + Σ⟨P⟩P)/2, so ‖ρ − σ‖² = Σ(⟨P⟩ − ⟨P⟩')²/2.
    private double Similarity(double[] rows, int i, double[] others, int j)
    {
        var length = letters.Circuit.Outputs;
        var sum = 0.0;
        for (var k = 0; k < length; k++)
        {
            var difference = rows[(i * length) + k] - others[(j * length) + k];
            sum += difference * difference;
        }

        return Math.Exp(-0.5 * gamma * sum);
    }
}
