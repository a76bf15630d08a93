// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// Second derivatives on any device: <c>∂²L/∂θ_a∂θ_b = Σ_i c_i ∂L(θ + s_i e_a)/∂θ_b</c> by the shift rule of the angle θ_a around the
/// device's own first derivatives (adjoint, or a shift rule again), all shifted copies in one batch. Exact where both are.
/// With the adjoint method a Hessian of P angles costs 2RP reverse sweeps, with parameter-shift 4R²P² evaluations.
/// </summary>
/// <remarks>L = Σ_k g_k O_k for cotangents g. The variables are the I inputs, then the W weights. A guard's decision is a constant.</remarks>
/// <typeparam name="T">Precision, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Hessian<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 20;

    private readonly IProgram<T> program;
    private readonly ImmutableArray<(Angle Angle, Gradients.ShiftRule Rule)> angles;

    /// <summary>Compiles the circuit with an input for each varying angle.</summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit; its outputs are expectation values, probabilities or density matrices.</param>
    /// <param name="options">How to run it; its differentiation is that of the first derivatives.</param>
    /// <exception cref="NotSupportedException">
    /// The device cannot run it, an output is not linear in the density matrix, so that shift rules do not hold, or an angle is an expression.
    /// </exception>
    public Hessian(IDevice device, Circuit circuit, ProgramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        if (circuit.Measurements.FirstOrDefault(measurement => measurement is StateVector or DerivedMeasurement) is { } other)
        {
            throw new NotSupportedException($"Shift rules do not hold for {other}; measure expectation values, probabilities or a density matrix.");
        }

        Circuit = circuit;
        var exposed = circuit.ExposeAngles();
        angles = [.. exposed.Angles.Select(angle => (angle.Angle, Gradients.ShiftRule.Exact(angle.Gate, angle.Parameter)))];
        program = device.Compile<T>(exposed.Circuit, options);
    }

    /// <summary>The circuit as given.</summary>
    public Circuit Circuit { get; }

    /// <summary>What was executed.</summary>
    public Cost Cost => program.Cost;

    /// <summary>The Hessian of L for one sample, <c>[I + W, I + W]</c>, symmetric.</summary>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="cotangents">g, <c>[K]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit asks for.</exception>
    public double[,] Evaluate(ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<T> cotangents, Draw draw = default) =>
        Evaluate(inputs, weights, cotangents, draw, null);

    /// <summary>The same, of which only the rows and columns of some variables are wanted; others are not complete.</summary>
    internal double[,] Evaluate(ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<T> cotangents, Draw draw, Func<int, bool>? wanted)
    {
        var size = Circuit.Inputs + Circuit.Weights;
        var result = new double[size, size];
        Accumulate(
            inputs,
            weights,
            cotangents,
            draw,
            (a, b, value) => result[Variable(angles[a].Angle), Variable(angles[b].Angle)] += angles[a].Angle.Scale * angles[b].Angle.Scale * value,
            variable => wanted?.Invoke(variable) ?? true);

        // Equal up to rounding, and with shots up to their noise, which the mean halves.
        for (var r = 0; r < size; r++)
        {
            for (var c = 0; c < r; c++)
            {
                result[r, c] = result[c, r] = 0.5 * (result[r, c] + result[c, r]);
            }
        }

        return result;
    }

    /// <summary>The product of the Hessian with a vector, <c>[I + W]</c>; angles in whose direction the vector is 0 are not shifted.</summary>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="cotangents">g, <c>[K]</c>.</param>
    /// <param name="vector">The vector, <c>[I + W]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit asks for.</exception>
    public double[] Product(ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<T> cotangents, double[] vector, Draw draw = default)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.Length != Circuit.Inputs + Circuit.Weights)
        {
            throw new ArgumentException($"The vector holds {vector.Length} numbers; the circuit has {Circuit.Inputs} inputs and {Circuit.Weights} weights.", nameof(vector));
        }

        var result = new double[vector.Length];
        Accumulate(
            inputs,
            weights,
            cotangents,
            draw,
            (a, b, value) => result[Variable(angles[b].Angle)] += vector[Variable(angles[a].Angle)] * angles[a].Angle.Scale * angles[b].Angle.Scale * value,
            variable => vector[variable] != 0);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => program.Dispose();

    private int Variable(Angle angle) => angle.Source == AngleSource.Input ? angle.Index : Circuit.Inputs + angle.Index;

    // Calls add(a, b, ∂²L/∂θ_a∂θ_b) for the angles a of wanted variables and all b.
    private void Accumulate(
        ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<T> cotangents, Draw draw, Action<int, int, double> add, Func<int, bool> wanted)
    {
        Call.CheckPullback(Circuit, 1, inputs.Length, weights.Length, cotangents.Length, 0, 0);
        var (inputCount, width, outputs) = (inputs.Length, inputs.Length + angles.Length, cotangents.Length);
        var center = new double[angles.Length];
        for (var a = 0; a < center.Length; a++)
        {
            center[a] = angles[a].Angle.AffineValue(inputs, weights);
        }

        var shifts = angles.SelectMany((angle, a) => angle.Rule.Terms.Select(term => (Angle: a, term.Coefficient, term.Shift)))
            .Where(shift => wanted(Variable(angles[shift.Angle].Angle))).ToList();
        var capacity = Math.Max(1, Math.Min(shifts.Count, NumbersPerCall / Math.Max(width, outputs)));
        var (rows, upstream, slopes) = (new T[capacity * width], new T[capacity * outputs], new T[capacity * width]);
        for (var first = 0; first < shifts.Count; first += capacity)
        {
            var count = Math.Min(capacity, shifts.Count - first);
            for (var row = 0; row < count; row++)
            {
                var (moved, coefficient, amount) = shifts[first + row];
                inputs.CopyTo(rows.AsSpan(row * width));
                for (var a = 0; a < center.Length; a++)
                {
                    rows[(row * width) + inputCount + a] = T.CreateChecked(center[a] + (a == moved ? amount : 0));
                }

                for (var k = 0; k < outputs; k++)
                {
                    upstream[(row * outputs) + k] = T.CreateChecked(coefficient) * cotangents[k];
                }
            }

            program.Pullback(
                count, rows.AsSpan(0, count * width), [], upstream.AsSpan(0, count * outputs), slopes.AsSpan(0, count * width), [], draw with { FirstSample = draw.FirstSample + first });
            for (var row = 0; row < count; row++)
            {
                for (var b = 0; b < angles.Length; b++)
                {
                    add(shifts[first + row].Angle, b, double.CreateChecked(slopes[(row * width) + inputCount + b]));
                }
            }
        }
    }
}
