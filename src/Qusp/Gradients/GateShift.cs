// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>
/// The gradient of the decision to fire. A guarded gate taken as present with probability π makes every output
/// multilinear in the π's, so at any corner <c>∂⟨O⟩/∂π_g = ⟨O⟩(g on) − ⟨O⟩(g off)</c>, exactly. It sees the jump at the
/// threshold that a derivative by angles cannot see. A guard may hold several operations; they switch together.
/// </summary>
/// <remarks>
/// Works on any device: the circuit's guards are rewritten to read inputs of their own, and the flipped variants of all
/// samples are further rows of one batch, G + 1 a sample. One of on and off is the sample itself.
/// </remarks>
/// <typeparam name="T">Precision, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GateShift<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 18; // bounds memory, whatever the batch

    private readonly IProgram<T> program;
    private readonly ImmutableArray<Guard> guards;
    private T[] rows = [];
    private T[] results = [];

    /// <summary>Compiles the rewritten circuit.</summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit; dGates is by <see cref="Circuit.Guards"/>, G of them.</param>
    /// <param name="options">How to run it; its differentiation is not used.</param>
    /// <exception cref="NotSupportedException">The device cannot run it.</exception>
    public GateShift(IDevice device, Circuit circuit, ProgramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        Circuit = circuit;
        guards = circuit.Guards;
        program = device.Compile<T>(ExposedGuards.Expose(circuit), (options ?? new ProgramOptions()) with { Differentiation = Differentiation.None });
    }

    /// <summary>The circuit as given.</summary>
    public Circuit Circuit { get; }

    /// <summary>What was executed.</summary>
    public Cost Cost => program.Cost;

    /// <summary>
    /// <c>gates[b, g] = Σ_k cotangents[b, k] · (⟨O_k⟩(b, g on) − ⟨O_k⟩(b, g off))</c>, other guards as the data have them.
    /// </summary>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="cotangents"><c>[B, K]</c>.</param>
    /// <param name="gates">Receives <c>[B, G]</c>.</param>
    /// <param name="draw">The randomness of sampled devices; each variant has shots of its own.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    public void Pullback(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<T> cotangents, Span<T> gates, Draw draw = default) =>
        Pullback(batch, inputs, [], weights, cotangents, gates, draw);

    /// <summary>
    /// The same with decisions of the caller's: what a gate reads where it is on then need not be what made its guard hold. A
    /// feature that was set to 0 to switch its gate off is given here as the value that it has where the gate is on.
    /// </summary>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="decisions">Which guards hold, 1 or 0, <c>[B, G]</c>; empty if the data decide.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="cotangents"><c>[B, K]</c>.</param>
    /// <param name="gates">Receives <c>[B, G]</c>.</param>
    /// <param name="draw">The randomness of sampled devices; each variant has shots of its own.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> decisions,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> gates,
        Draw draw = default)
    {
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, cotangents.Length, 0, 0);
        if (gates.Length != batch * guards.Length)
        {
            throw new ArgumentException($"gates holds {gates.Length} numbers; this circuit and batch ask for {batch} × {guards.Length}.", nameof(gates));
        }

        if (!decisions.IsEmpty && decisions.Length != gates.Length)
        {
            throw new ArgumentException($"decisions holds {decisions.Length} numbers; this circuit and batch ask for {batch} × {guards.Length}.", nameof(decisions));
        }

        var (inputCount, outputs, variants) = (Circuit.Inputs, Circuit.Outputs, guards.Length + 1);
        var width = inputCount + guards.Length;
        var samplesPerCall = Math.Max(1, Math.Min(batch, NumbersPerCall / (variants * Math.Max(1, Math.Max(width, outputs)))));
        _ = Numbers.Room(ref rows, samplesPerCall * variants * width);
        _ = Numbers.Room(ref results, samplesPerCall * variants * outputs);
        for (var first = 0; first < batch; first += samplesPerCall)
        {
            var count = Math.Min(samplesPerCall, batch - first);
            for (var s = 0; s < count; s++)
            {
                var chosen = decisions.IsEmpty ? [] : decisions.Slice((first + s) * guards.Length, guards.Length);
                Fill(rows.AsSpan(s * variants * width, variants * width), inputs.Slice((first + s) * inputCount, inputCount), chosen);
            }

            var values = results.AsSpan(0, count * variants * outputs);
            program.Evaluate(
                count * variants, rows.AsSpan(0, count * variants * width), weights, values,
                draw with { FirstSample = (draw.FirstSample + first) * variants });
            for (var s = 0; s < count; s++)
            {
                Fold(
                    values.Slice(s * variants * outputs, variants * outputs),
                    rows.AsSpan((s * variants * width) + inputCount, guards.Length),
                    cotangents.Slice((first + s) * outputs, outputs),
                    gates.Slice((first + s) * guards.Length, guards.Length));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => program.Dispose();

    // The sample as it is, then with each guard flipped in turn.
    private void Fill(Span<T> variants, ReadOnlySpan<T> data, ReadOnlySpan<T> decisions)
    {
        var width = data.Length + guards.Length;
        for (var v = 0; v <= guards.Length; v++)
        {
            var row = variants.Slice(v * width, width);
            data.CopyTo(row);
            for (var g = 0; g < guards.Length; g++)
            {
                var fires = decisions.IsEmpty ? guards[g].Fires(data) : decisions[g] > T.Zero;
                row[data.Length + g] = fires != (v == g + 1) ? T.One : T.Zero;
            }
        }
    }

    private static void Fold(ReadOnlySpan<T> values, ReadOnlySpan<T> fires, ReadOnlySpan<T> cotangents, Span<T> gates)
    {
        var outputs = cotangents.Length;
        for (var g = 0; g < gates.Length; g++)
        {
            var difference = 0.0;
            for (var k = 0; k < outputs; k++)
            {
                difference += double.CreateChecked(cotangents[k]) * double.CreateChecked(values[k] - values[((g + 1) * outputs) + k]);
            }

            gates[g] = T.CreateChecked(fires[g] > T.Zero ? difference : -difference);
        }
    }
}
