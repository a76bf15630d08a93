// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Qusp.Simulation.Sampling;

namespace Qusp.Gradients;

/// <summary>
/// Pullback by simultaneous perturbation (Spall 1992, IEEE Trans. Automatic Control 37, 332): every input and weight moves by
/// ±c at once, the signs drawn anew for each sample and direction, and <c>(L(θ + cΔ) − L(θ − cΔ))/(2c) · Δ</c> is the gradient in the
/// mean, up to O(c²). Two evaluations a sample and direction, however many angles there are. Guards see the data unmoved.
/// </summary>
internal sealed class SpsaProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsPerCall = 4096;
    private const uint Stream = 0x5B5A; // apart from the streams of shots

    private readonly IProgram<T> values;
    private readonly IProgram<T> moved;
    private readonly ImmutableArray<ExposedAngle> angles;
    private readonly int directions;
    private readonly double step;
    private readonly GradientSums sums;
    private T[] rows = [];
    private T[] results = [];
    private double[] signs = [];
    private long[] keys = [];
    private OneAtATime calls;

    public SpsaProgram(Circuit circuit, int directions, double step, Func<Circuit, Differentiation, IProgram<T>> native)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(directions, 1);
        if (!(step > 0 && double.IsFinite(step)))
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "The step of SPSA is positive and finite.");
        }

        (Circuit, sums) = (circuit, new GradientSums(circuit));
        (this.directions, this.step) = (directions, step);
        var exposed = circuit.ExposeAngles();
        angles = exposed.Angles;
        values = native(circuit, Differentiation.None);
        moved = native(exposed.Circuit, Differentiation.None);
    }

    public Circuit Circuit { get; }

    public string Device => values.Device;

    public Differentiation Differentiation => Differentiation.Spsa;

    public bool IsStochastic => values.IsStochastic;

    public Cost Cost => values.Cost + moved.Cost;

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default) =>
        values.Evaluate(batch, inputs, weights, outputs, draw);

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default)
    {
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, cotangents.Length, inputGradients.Length, weightGradients.Length);
        using var running = calls.Take();
        var (inputCount, outputs) = (Circuit.Inputs, Circuit.Outputs);
        var (width, sources) = (inputCount + angles.Length, inputCount + Circuit.Weights);
        sums.Begin(batch);
        var capacity = (int)Math.Min(RowsPerCall / 2, Math.Max(1, (long)batch * directions));
        _ = Numbers.Room(ref rows, 2 * capacity * width);
        _ = Numbers.Room(ref results, 2 * capacity * outputs);
        _ = Numbers.Room(ref signs, capacity * sources);
        _ = Numbers.Room(ref keys, 2 * capacity);
        for (long first = 0, total = (long)batch * directions; first < total; first += capacity)
        {
            var count = (int)Math.Min(capacity, total - first);
            for (var pair = 0; pair < count; pair++)
            {
                var (sample, direction) = ((int)((first + pair) / directions), (int)((first + pair) % directions));
                var delta = signs.AsSpan(pair * sources, sources);
                for (var k = 0; k < sources; k++)
                {
                    delta[k] = Philox.Uniform(draw.Seed, draw.Sample(sample), (uint)((direction * sources) + k), Stream) < 0.5 ? -1 : 1;
                }

                var data = inputs.Slice(sample * inputCount, inputCount);
                for (var side = 0; side < 2; side++)
                {
                    var row = (2 * pair) + side;
                    Fill(rows.AsSpan(row * width, width), data, weights, delta, side == 0 ? step : -step);
                    keys[row] = (((draw.Sample(sample) * directions) + direction) * 2) + side;
                }
            }

            moved.Evaluate(
                2 * count, rows.AsSpan(0, 2 * count * width), [], results.AsSpan(0, 2 * count * outputs), draw with { Samples = keys.AsMemory(0, 2 * count) });
            for (var pair = 0; pair < count; pair++)
            {
                var sample = (int)((first + pair) / directions);
                var change = 0.0;
                for (var k = 0; k < outputs; k++)
                {
                    var difference = double.CreateChecked(results[(2 * pair * outputs) + k]) - double.CreateChecked(results[(((2 * pair) + 1) * outputs) + k]);
                    change += double.CreateChecked(cotangents[(sample * outputs) + k]) * difference;
                }

                var slope = change / (2 * step * directions);
                for (var k = 0; k < sources; k++)
                {
                    sums.Of(sample, k < inputCount ? Angle.Input(k) : Angle.Weight(k - inputCount)) += slope * signs[(pair * sources) + k];
                }
            }
        }

        sums.CopyTo(inputGradients, weightGradients);
    }

    public void Dispose()
    {
        calls.Close();
        values.Dispose();
        moved.Dispose();
    }

    private void Fill(Span<T> row, ReadOnlySpan<T> data, ReadOnlySpan<T> weights, ReadOnlySpan<double> delta, double move)
    {
        data.CopyTo(row);
        for (var a = 0; a < angles.Length; a++)
        {
            var angle = angles[a].Angle;
            var (source, sign) = angle.Source == AngleSource.Input
                ? (data[angle.Index], delta[angle.Index])
                : (weights[angle.Index], delta[data.Length + angle.Index]);
            row[data.Length + a] = T.CreateChecked((angle.Scale * (double.CreateChecked(source) + (move * sign))) + angle.Offset);
        }
    }
}
