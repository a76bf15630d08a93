// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Sampling;

namespace Qusp;

/// <summary>
/// Minimises <c>L = Σ_b Σ_k g[b, k] O_k(b)</c> by simultaneous perturbation (Spall 1998): all weights move by ±c at once, and two values of L give
/// a slope along that direction, whatever the number of weights. With <see cref="SpsaOptions.Natural"/> four overlaps give a sample of the
/// metric too: with Δ, Δ′ two directions and F the fidelity with the state at θ, <c>−(F(θ+cΔ+cΔ′) − F(θ+cΔ) − F(θ−cΔ+cΔ′) + F(θ−cΔ))/(4c²) ·
/// (ΔΔ′ᵀ + Δ′Δᵀ)/2</c>; their running mean ḡ makes the step <c>θ ← θ − a (√(ḡḡ) + β1)⁻¹ ∇L</c> (Gacon et al. 2021, eqs. 10 to 14).
/// Noise of finite shots does not disturb it; the gradient of any device with <see cref="Differentiation.Spsa"/> is the same estimate for other optimizers.
/// </summary>
public sealed class Spsa : IDisposable
{
    private const uint Stream = 0x5B5B; // of directions, apart from the streams of shots

    private readonly IProgram<double> program;
    private readonly IProgram<double>? overlap;
    private readonly double[,] metric; // ḡ, [W, W]
    private ulong evaluations;

    /// <summary>Compiles the circuit.</summary>
    /// <param name="device">The device; with a sampled one L is estimated.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="settings">How to step; the defaults if null.</param>
    /// <param name="options">How to run it; its differentiation is not used.</param>
    /// <exception cref="ArgumentException">The circuit has no weights, or a setting is out of its range.</exception>
    /// <exception cref="NotSupportedException">
    /// The device cannot run it; or natural steps are asked for and the circuit has channels, measurements in its course, or weights inside of expressions.
    /// </exception>
    public Spsa(IDevice device, Circuit circuit, SpsaOptions? settings = null, ProgramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        (Circuit, Settings) = (circuit, (settings ?? new SpsaOptions()).Checked());
        if (circuit.Weights == 0)
        {
            throw new ArgumentException("The circuit has no weights to step.", nameof(circuit));
        }

        var evaluating = (options ?? new ProgramOptions()) with { Differentiation = Differentiation.None };
        var zeros = new Projector(new string('0', circuit.Wires), [.. Enumerable.Range(0, circuit.Wires)]);
        overlap = Settings.Natural ? device.Compile<double>(QuantumFisher.Overlap(circuit, new ProjectorExpectation(zeros)), evaluating) : null;
        program = device.Compile<double>(circuit, evaluating);
        metric = new double[Settings.Natural ? circuit.Weights : 0, Settings.Natural ? circuit.Weights : 0];
        for (var k = 0; k < metric.GetLength(0); k++)
        {
            metric[k, k] = 1;
        }
    }

    /// <summary>The circuit as given.</summary>
    public Circuit Circuit { get; }

    /// <summary>How it steps.</summary>
    public SpsaOptions Settings { get; }

    /// <summary>How many steps were made.</summary>
    public int Steps { get; private set; }

    /// <summary>The running mean of the metric's samples, which begins with the identity, <c>[W, W]</c>; empty without <see cref="SpsaOptions.Natural"/>.</summary>
    public double[,] Metric => (double[,])metric.Clone();

    /// <summary>What was executed.</summary>
    public Cost Cost => program.Cost + (overlap?.Cost ?? default);

    /// <summary>One step of all weights.</summary>
    /// <param name="weights">The weights, <c>[W]</c>, changed in place.</param>
    /// <param name="cotangents">g, <c>[B, K]</c>; all 1 if empty.</param>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="draw">The randomness of directions and of sampled devices; every evaluation has fresh shots, so each step may be given the same.</param>
    /// <returns>L around the weights before the step, the mean over both ends of its directions.</returns>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    public double Step(Span<double> weights, ReadOnlySpan<double> cotangents = default, int batch = 1, ReadOnlySpan<double> inputs = default, Draw draw = default)
    {
        var g = cotangents.IsEmpty ? Enumerable.Repeat(1.0, batch * Circuit.Outputs).ToArray() : cotangents.ToArray();
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, g.Length, 0, 0);
        var at = new Place(weights.ToArray(), g, batch, inputs.ToArray(), draw);
        var move = Settings.Move / Math.Pow(Steps + 1, Settings.MoveDecay);
        var rate = Settings.LearningRate / Math.Pow(Settings.Stability + Steps + 1, Settings.LearningRateDecay);
        var (slope, mean) = (new double[weights.Length], 0.0);
        for (var direction = 0; direction < Settings.Directions; direction++)
        {
            var delta = Signs(draw, (2 * direction) + 0);
            var (up, down) = (Value(at, Moved(at.Weights, delta, move)), Value(at, Moved(at.Weights, delta, -move)));
            mean += (up + down) / (2 * Settings.Directions);
            for (var k = 0; k < slope.Length; k++)
            {
                slope[k] += (up - down) / (2 * move * Settings.Directions) * delta[k];
            }
        }

        var next = Moved(at.Weights, overlap is null ? slope : Turned(at, slope, move), -rate);
        if (Settings.MostIncrease is not { } most || Value(at, next) <= Value(at, at.Weights) + most)
        {
            next.CopyTo(weights);
        }

        Steps++;
        return mean;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        program.Dispose();
        overlap?.Dispose();
    }

    // (√(ḡḡ) + β1)⁻¹ of the slope, after this step's sample has entered the mean.
    private double[] Turned(Place at, double[] slope, double move)
    {
        var size = slope.Length;
        var share = 1.0 / (Steps + 2);
        for (var k = 0; k < metric.Length; k++)
        {
            metric[k / size, k % size] *= 1 - share;
        }

        for (var direction = 0; direction < Settings.Directions; direction++)
        {
            var (one, other) = (Signs(at.Draw, 2 * direction), Signs(at.Draw, (2 * direction) + 1));
            var (up, down) = (Moved(at.Weights, one, move), Moved(at.Weights, one, -move));
            var second = Fidelity(at, Moved(up, other, move)) - Fidelity(at, up) - Fidelity(at, Moved(down, other, move)) + Fidelity(at, down);
            var factor = -second / (4 * move * move) * share / Settings.Directions;
            for (var k = 0; k < metric.Length; k++)
            {
                var (row, column) = (k / size, k % size);
                metric[row, column] += factor * ((one[row] * other[column]) + (other[row] * one[column])) / 2;
            }
        }

        var (values, vectors) = HermitianEigen.Solve(MatrixAlgebra.Map(new Complex[size, size], (row, column) => metric[row, column]), vectors: true);
        var result = new double[size];
        for (var e = 0; e < size; e++)
        {
            var along = Complex.Zero;
            for (var k = 0; k < size; k++)
            {
                along += Complex.Conjugate(vectors![k, e]) * slope[k];
            }

            for (var k = 0; k < size; k++)
            {
                result[k] += (along * vectors![k, e]).Real / (Math.Abs(values[e]) + Settings.Regularization);
            }
        }

        return result;
    }

    private double Value(Place at, double[] weights)
    {
        var outputs = new double[at.Batch * Circuit.Outputs];
        program.Evaluate(at.Batch, at.Inputs, weights, outputs, Fresh(at.Draw));
        return outputs.Zip(at.Cotangents, (output, g) => output * g).Sum();
    }

    // With the state where the step began, averaged over the samples.
    private double Fidelity(Place at, double[] weights)
    {
        var outputs = new double[at.Batch];
        overlap!.Evaluate(at.Batch, at.Inputs, [.. weights, .. at.Weights], outputs, Fresh(at.Draw));
        return outputs.Sum() / Math.Max(1, at.Batch);
    }

    private Draw Fresh(Draw draw) => draw with { Seed = draw.Seed + (++evaluations << 32) };

    private double[] Signs(Draw draw, int direction) =>
        [.. Enumerable.Range(0, Circuit.Weights).Select(k => Philox.Uniform(draw.Seed, (Steps * 2L * Settings.Directions) + direction, (uint)k, Stream) < 0.5 ? -1.0 : 1.0)];

    private static double[] Moved(double[] weights, double[] direction, double by) => [.. weights.Zip(direction, (weight, along) => weight + (by * along))];

    private sealed record Place(double[] Weights, double[] Cotangents, int Batch, double[] Inputs, Draw Draw);
}
