// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>How the gradient by the probabilities of gates is estimated from two evaluations, however many gates there are.</summary>
public enum GateEstimator
{
    /// <summary>
    /// Augment-REINFORCE-merge (Yin, Zhou 2019, arXiv:1807.11143): with z = 1[u &lt; π] and z' = 1[u &gt; 1 − π] of one uniform u a
    /// gate, <c>∂/∂φ = (f(z') − f(z))(u − ½)</c>, φ the logit of π.
    /// </summary>
    Arm,

    /// <summary>
    /// DisARM (Dong, Mnih, Tucker 2020, arXiv:2006.10680): ARM with u integrated out given z and z',
    /// <c>∂/∂φ = ½ (f(z) − f(z')) (−1)^{z'} 1[z ≠ z'] σ(|φ|)</c>; never of larger variance.
    /// </summary>
    DisArm,
}

/// <summary>
/// A circuit whose guard g holds with probability π_g, independently: the Bernoulli mixture <c>F(π) = E_z ⟨O⟩(z)</c>, multilinear in
/// the π. It is evaluated exactly over all patterns for few guards, and its gradient estimated without bias from two patterns for many.
/// <see cref="GateShift{T}"/> at a pattern drawn from the π is a third estimator, of G + 1 evaluations and the least variance.
/// </summary>
/// <typeparam name="T">Precision, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GateMixture<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MostEnumerated = 16;
    private readonly IProgram<T> program;

    /// <summary>Compiles the rewritten circuit.</summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit; probabilities are by <see cref="Circuit.Guards"/>, G of them, and what its guards compare is not read.</param>
    /// <param name="options">How to run it; its differentiation is not used.</param>
    /// <exception cref="NotSupportedException">The device cannot run it.</exception>
    public GateMixture(IDevice device, Circuit circuit, ProgramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        Circuit = circuit;
        program = device.Compile<T>(ExposedGuards.Expose(circuit), (options ?? new ProgramOptions()) with { Differentiation = Differentiation.None });
    }

    /// <summary>The circuit as given.</summary>
    public Circuit Circuit { get; }

    /// <summary>What was executed.</summary>
    public Cost Cost => program.Cost;

    private int Guards => Circuit.Guards.Length;

    /// <summary>The mixture of one sample, over all 2^G patterns: <c>F(π)</c> and <c>∂F_k/∂π_g</c>.</summary>
    /// <param name="input">The sample, <c>[I]</c>, as gates read it where they are on.</param>
    /// <param name="probabilities">π, <c>[G]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <returns>The values <c>[K]</c> and the derivatives <c>[K, G]</c>.</returns>
    /// <exception cref="NotSupportedException">There are more guards than can be enumerated.</exception>
    public (T[] Values, T[,] Derivatives) Enumerate(ReadOnlySpan<T> input, ReadOnlySpan<T> probabilities, ReadOnlySpan<T> weights = default)
    {
        if (Guards > MostEnumerated)
        {
            throw new NotSupportedException($"{Guards} guards have 2^{Guards} patterns; over {MostEnumerated}, estimate with {nameof(Pullback)} or {nameof(GateShift<T>)}.");
        }

        var (patterns, outputs, width) = (1 << Guards, Circuit.Outputs, Circuit.Inputs + Guards);
        var rows = new T[patterns * width];
        for (var pattern = 0; pattern < patterns; pattern++)
        {
            input.CopyTo(rows.AsSpan(pattern * width));
            for (var g = 0; g < Guards; g++)
            {
                rows[(pattern * width) + input.Length + g] = T.CreateTruncating((pattern >> g) & 1);
            }
        }

        var all = new T[patterns * outputs];
        program.Evaluate(patterns, rows, weights, all);
        var (values, derivatives) = (new T[outputs], new T[outputs, Guards]);
        for (var pattern = 0; pattern < patterns; pattern++)
        {
            var mass = Weight(pattern, probabilities, -1);
            for (var k = 0; k < outputs; k++)
            {
                values[k] += mass * all[(pattern * outputs) + k];
            }

            for (var g = 0; g < Guards; g++)
            {
                var slope = Weight(pattern, probabilities, g) * (((pattern >> g) & 1) == 1 ? T.One : -T.One);
                for (var k = 0; k < outputs; k++)
                {
                    derivatives[k, g] += slope * all[(pattern * outputs) + k];
                }
            }
        }

        return (values, derivatives);
    }

    /// <summary>
    /// An unbiased estimate of <c>Σ_k cotangents[b, k] ∂F_k(b)/∂π_g</c> from two patterns a sample.
    /// </summary>
    /// <param name="estimator">Which.</param>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>, as gates read them where they are on.</param>
    /// <param name="probabilities">π, <c>[B, G]</c>; at 0 and 1, where a logit has no slope left, the estimate is 0.</param>
    /// <param name="uniforms">u, uniform on (0, 1), <c>[B, G]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="cotangents"><c>[B, K]</c>.</param>
    /// <param name="gates">Receives <c>[B, G]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    public void Pullback(
        GateEstimator estimator,
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> probabilities,
        ReadOnlySpan<T> uniforms,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> gates,
        Draw draw = default)
    {
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, cotangents.Length, 0, 0);
        if (probabilities.Length != batch * Guards || uniforms.Length != probabilities.Length || gates.Length != probabilities.Length)
        {
            throw new ArgumentException($"probabilities, uniforms and gates are {batch} × {Guards} for this circuit and batch.", nameof(gates));
        }

        var (inputCount, outputs) = (Circuit.Inputs, Circuit.Outputs);
        var width = inputCount + Guards;
        var (rows, values) = (new T[2 * batch * width], new T[2 * batch * outputs]);
        for (var b = 0; b < batch; b++)
        {
            var first = rows.AsSpan(2 * b * width, width);
            var second = rows.AsSpan(((2 * b) + 1) * width, width);
            inputs.Slice(b * inputCount, inputCount).CopyTo(first);
            inputs.Slice(b * inputCount, inputCount).CopyTo(second);
            for (var g = 0; g < Guards; g++)
            {
                var (pi, u) = (probabilities[(b * Guards) + g], uniforms[(b * Guards) + g]);
                first[inputCount + g] = u < pi ? T.One : T.Zero;
                second[inputCount + g] = u > T.One - pi ? T.One : T.Zero;
            }
        }

        program.Evaluate(2 * batch, rows, weights, values, draw with { FirstSample = 2 * draw.FirstSample });
        for (var b = 0; b < batch; b++)
        {
            var difference = T.Zero; // f(z) − f(z')
            for (var k = 0; k < outputs; k++)
            {
                difference += cotangents[(b * outputs) + k] * (values[(2 * b * outputs) + k] - values[(((2 * b) + 1) * outputs) + k]);
            }

            for (var g = 0; g < Guards; g++)
            {
                var (pi, u) = (probabilities[(b * Guards) + g], uniforms[(b * Guards) + g]);
                var (z, mirrored) = (u < pi, u > T.One - pi);
                var byLogit = estimator == GateEstimator.Arm
                    ? -difference * (u - T.CreateChecked(0.5))
                    : z == mirrored ? T.Zero : T.CreateChecked(0.5) * difference * (mirrored ? -T.One : T.One) * T.Max(pi, T.One - pi);
                var slope = pi * (T.One - pi); // ∂π/∂φ
                gates[(b * Guards) + g] = slope > T.Zero ? byLogit / slope : T.Zero;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => program.Dispose();

    // The probability of a pattern, guard `without` left out.
    private T Weight(int pattern, ReadOnlySpan<T> probabilities, int without)
    {
        var weight = T.One;
        for (var g = 0; g < Guards; g++)
        {
            weight *= g == without ? T.One : ((pattern >> g) & 1) == 1 ? probabilities[g] : T.One - probabilities[g];
        }

        return weight;
    }
}
