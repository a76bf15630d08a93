// SPDX-License-Identifier: Apache-2.0
using Qusp.Kernels;

namespace Qusp;

/// <summary>
/// The fidelity kernel as hardware measures it: U(x), then the inverse of U(y); the share of |0…0⟩ is |⟨φ(x)|φ(y)⟩|². One
/// circuit a pair. On the sampler a matrix entry is an estimate from its own shots, so the matrix need not be positive.
/// </summary>
public sealed class ComputeUncomputeKernel : IQuantumKernel
{
    private const int NumbersPerCall = 1 << 20; // probabilities held at once

    private readonly IProgram<double> pairs;
    private readonly Draw draw;

    /// <summary>A kernel.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="device">A device; the sampler if null.</param>
    /// <param name="options">How to run it; the method of differentiation is of no account.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="NotSupportedException">The embedding is not unitary, or the device cannot run it.</exception>
    public ComputeUncomputeKernel(Circuit embedding, IDevice? device = null, ProgramOptions? options = null, Draw draw = default)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        (Embedding, this.draw) = (embedding, draw);
        var inverse = embedding.Inverse().ShiftInputs(embedding.Inputs);
        var both = new Circuit(
            embedding.Wires,
            inverse.Inputs,
            embedding.WeightGroups,
            [.. embedding.Operations, .. inverse.Operations],
            [new Probabilities([.. Enumerable.Range(0, embedding.Wires)])]);
        pairs = (device ?? new SamplerDevice()).Compile<double>(both, (options ?? new ProgramOptions()) with { Differentiation = Differentiation.None });
    }

    /// <inheritdoc/>
    public Circuit Embedding { get; }

    /// <inheritdoc/>
    public Cost Cost => pairs.Cost;

    /// <inheritdoc/>
    public double[,] KernelMatrix(ReadOnlySpan<double> x, ReadOnlySpan<double> weights = default)
    {
        var count = EmbeddedSamples.Count(Embedding, x);
        var matrix = new double[count, count];
        var upper = new List<(int, int)>();
        for (var i = 0; i < count; i++)
        {
            matrix[i, i] = 1;
            upper.AddRange(Enumerable.Range(i + 1, count - i - 1).Select(j => (i, j)));
        }

        Fill(matrix, upper, x, x, weights);
        foreach (var (i, j) in upper)
        {
            matrix[j, i] = matrix[i, j];
        }

        return matrix;
    }

    /// <inheritdoc/>
    public double[,] KernelMatrixWith(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default)
    {
        var (rows, columns) = (EmbeddedSamples.Count(Embedding, x), EmbeddedSamples.Count(Embedding, y));
        var matrix = new double[rows, columns];
        Fill(matrix, [.. Enumerable.Range(0, rows).SelectMany(i => Enumerable.Range(0, columns).Select(j => (i, j)))], x, y, weights);
        return matrix;
    }

    /// <inheritdoc/>
    public void Dispose() => pairs.Dispose();

    private void Fill(double[,] matrix, List<(int Row, int Column)> which, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights)
    {
        var (inputs, outputs) = (Embedding.Inputs, pairs.Circuit.Outputs);
        var capacity = Math.Max(1, Math.Min(which.Count, NumbersPerCall / outputs));
        var (rows, probabilities) = (new double[capacity * 2 * inputs], new double[capacity * outputs]);
        for (var first = 0; first < which.Count; first += capacity)
        {
            var count = Math.Min(capacity, which.Count - first);
            for (var k = 0; k < count; k++)
            {
                var (i, j) = which[first + k];
                x.Slice(i * inputs, inputs).CopyTo(rows.AsSpan(2 * k * inputs));
                y.Slice(j * inputs, inputs).CopyTo(rows.AsSpan(((2 * k) + 1) * inputs));
            }

            pairs.Evaluate(
                count, rows.AsSpan(0, count * 2 * inputs), weights, probabilities.AsSpan(0, count * outputs), draw with { FirstSample = draw.FirstSample + first });
            for (var k = 0; k < count; k++)
            {
                matrix[which[first + k].Row, which[first + k].Column] = probabilities[k * outputs];
            }
        }
    }
}
