// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Kernels;

namespace Qusp;

/// <summary>
/// The fidelity kernel k(x, y) = |⟨φ(x)|φ(y)⟩|² (Havlíček et al. 2018, arXiv:1804.11326; Schuld and Killoran 2018,
/// arXiv:1803.07128) from state vectors: B circuits for B samples, then inner products, where hardware runs a circuit a pair.
/// </summary>
public sealed class FidelityKernel : IQuantumKernel
{
    private readonly IProgram<double> states;
    private readonly int threads;

    /// <summary>A kernel.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="device">An exact device; <c>cpu</c> if null.</param>
    /// <param name="options">How to run it; the method of differentiation is of no account.</param>
    /// <exception cref="NotSupportedException">The embedding is not unitary, or the device has no state vectors.</exception>
    public FidelityKernel(Circuit embedding, IDevice? device = null, ProgramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (!embedding.IsUnitary)
        {
            throw new NotSupportedException($"A fidelity kernel compares pure states; for an embedding with channels or measurements use {nameof(ProjectedKernel)}.");
        }

        Embedding = embedding;
        options = (options ?? new ProgramOptions()) with { Differentiation = Differentiation.None };
        threads = options.Threads;
        states = (device ?? new CpuDevice()).Compile<double>(embedding.WithMeasurements(new StateVector()), options);
    }

    /// <inheritdoc/>
    public Circuit Embedding { get; }

    /// <inheritdoc/>
    public Cost Cost => states.Cost;

    /// <inheritdoc/>
    public double[,] KernelMatrix(ReadOnlySpan<double> x, ReadOnlySpan<double> weights = default)
    {
        var rows = EmbeddedSamples.Run(states, x, weights);
        var turned = Turned(rows);
        return EmbeddedSamples.Symmetric(EmbeddedSamples.Count(Embedding, x), threads, (i, j) => Fidelity(rows, i, rows, turned, j));
    }

    /// <inheritdoc/>
    public double[,] KernelMatrixWith(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default)
    {
        var (rows, others) = (EmbeddedSamples.Run(states, x, weights), EmbeddedSamples.Run(states, y, weights));
        var turned = Turned(others);
        return EmbeddedSamples.Rectangular(
            EmbeddedSamples.Count(Embedding, x), EmbeddedSamples.Count(Embedding, y), threads, (i, j) => Fidelity(rows, i, others, turned, j));
    }

    /// <inheritdoc/>
    public void Dispose() => states.Dispose();

    // i|ψ⟩ as rows of (re, im): the imaginary part of an inner product is then a plain dot product too.
    private static double[] Turned(double[] rows)
    {
        var turned = new double[rows.Length];
        for (var k = 0; k < rows.Length; k += 2)
        {
            (turned[k], turned[k + 1]) = (-rows[k + 1], rows[k]);
        }

        return turned;
    }

    private double Fidelity(double[] rows, int i, double[] others, double[] turned, int j)
    {
        var length = states.Circuit.Outputs;
        var row = rows.AsSpan(i * length, length);
        var (re, im) = (Dot(row, others.AsSpan(j * length, length)), Dot(row, turned.AsSpan(j * length, length)));
        return (re * re) + (im * im);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sum, k) = (Vector<double>.Zero, 0);
        for (; k <= a.Length - Vector<double>.Count; k += Vector<double>.Count)
        {
            sum += new Vector<double>(a[k..]) * new Vector<double>(b[k..]);
        }

        var total = Vector.Sum(sum);
        for (; k < a.Length; k++)
        {
            total += a[k] * b[k];
        }

        return total;
    }
}
