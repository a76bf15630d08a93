// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>
/// A circuit compiled for a device: flat data, run millions of times. All simulators meet their users at these two calls.
/// One call at a time: a second one while it runs throws <see cref="InvalidOperationException"/>, and one after the end <see cref="ObjectDisposedException"/>.
/// Compile one program a thread (it uses several threads itself, see <see cref="ProgramOptions"/>).
/// </summary>
/// <typeparam name="T">Precision of data, state and arithmetic: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IProgram<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The circuit that was compiled.</summary>
    Circuit Circuit { get; }

    /// <summary>The name of the device it runs on.</summary>
    string Device { get; }

    /// <summary>How <see cref="Pullback"/> differentiates.</summary>
    Differentiation Differentiation { get; }

    /// <summary>Whether outputs depend on the <see cref="Draw"/> given. Gradients by <see cref="Differentiation.Spsa"/> always do.</summary>
    bool IsStochastic { get; }

    /// <summary>What this program has executed since it was compiled: its ledger.</summary>
    Cost Cost { get; }

    /// <summary>Runs the circuit for each sample of a batch.</summary>
    /// <param name="batch">The number B of samples; 0 is allowed.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c> row-major.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="outputs">Receives the outputs, <c>[B, K]</c>.</param>
    /// <param name="draw">The randomness of sampled devices; others ignore it.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default);

    /// <summary>
    /// The vector–Jacobian product: with cotangents g, <c>dInputs[b, j] = Σ_k g[b, k] ∂⟨O_k⟩(b)/∂input[b, j]</c> and
    /// <c>dWeights[w] = Σ_b Σ_k g[b, k] ∂⟨O_k⟩(b)/∂weight[w]</c>. A guard's decision is a constant of it, so where no gate
    /// fires the gradients are zero.
    /// </summary>
    /// <param name="batch">The number B of samples; 0 is allowed.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="cotangents">The gradient of what follows with respect to the outputs, <c>[B, K]</c>.</param>
    /// <param name="inputGradients">Receives <c>[B, I]</c>; empty if not wanted.</param>
    /// <param name="weightGradients">Receives <c>[W]</c>; empty if not wanted.</param>
    /// <param name="draw">The randomness of sampled devices; others ignore it.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    /// <exception cref="NotSupportedException">The program was compiled with <see cref="Differentiation.None"/>.</exception>
    void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default);
}
