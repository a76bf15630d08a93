// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>
/// Pullback from evaluations alone, on any device. The circuit is rewritten so that each varying angle is an input of
/// its own; the shifted circuits of all samples are then rows of one batch. Angles of operations whose guard is off are
/// not shifted: a sample costs 2R evaluations for each angle that fired.
/// </summary>
internal sealed class ShiftProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsPerCall = 4096; // bounds memory, whatever the batch

    private readonly IProgram<T> values;
    private readonly IProgram<T> shifted;
    private readonly ImmutableArray<(Angle Angle, Guard? Guard, ShiftRule Rule)> angles;
    private readonly int shiftsPerSample;

    public ShiftProgram(
        Circuit circuit, Differentiation method, Func<Gate, int, ShiftRule> rules, Func<Circuit, Differentiation, IProgram<T>> native)
    {
        (Circuit, Differentiation) = (circuit, method);
        var exposed = circuit.ExposeAngles();
        angles = [.. exposed.Angles.Select(angle => (angle.Angle, angle.Guard, rules(angle.Gate, angle.Parameter)))];
        values = native(circuit, Differentiation.None);
        shifted = native(exposed.Circuit, Differentiation.None);
        shiftsPerSample = angles.Sum(angle => angle.Rule.Terms.Length);
    }

    public Circuit Circuit { get; }

    public string Device => values.Device;

    public Differentiation Differentiation { get; }

    public bool IsStochastic => values.IsStochastic;

    public Cost Cost => values.Cost + shifted.Cost;

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
        var (inputCount, width) = (Circuit.Inputs, Circuit.Inputs + angles.Length);
        var gradient = new double[batch * inputCount];
        var weightGradient = new double[Circuit.Weights];
        var capacity = (int)Math.Min(RowsPerCall, Math.Max(1, (long)batch * shiftsPerSample));
        var rows = new T[capacity * width];
        var results = new T[capacity * Circuit.Outputs];
        var pending = new List<(int Sample, int Angle, double Coefficient)>(capacity);
        var keys = new long[capacity];

        for (var sample = 0; sample < batch; sample++)
        {
            var data = inputs.Slice(sample * inputCount, inputCount);
            var shift = 0;
            for (var a = 0; a < angles.Length; a++)
            {
                var fires = angles[a].Guard?.Fires(data) ?? true;
                foreach (var (coefficient, amount) in angles[a].Rule.Terms)
                {
                    shift++;
                    if (!fires)
                    {
                        continue;
                    }

                    // Each shifted copy has an index of its own, 0 being the sample itself: fresh shots for each.
                    keys[pending.Count] = (draw.Sample(sample) * (shiftsPerSample + 1)) + shift;
                    Fill(rows.AsSpan(pending.Count * width, width), data, weights, a, amount);
                    pending.Add((sample, a, coefficient));
                    if (pending.Count == capacity)
                    {
                        Collect(cotangents);
                    }
                }
            }
        }

        Collect(cotangents);
        for (var j = 0; j < inputGradients.Length; j++)
        {
            inputGradients[j] = T.CreateChecked(gradient[j]);
        }

        for (var k = 0; k < weightGradients.Length; k++)
        {
            weightGradients[k] = T.CreateChecked(weightGradient[k]);
        }

        void Collect(ReadOnlySpan<T> upstream)
        {
            var (count, outputs) = (pending.Count, Circuit.Outputs);
            shifted.Evaluate(
                count,
                rows.AsSpan(0, count * width),
                [],
                results.AsSpan(0, count * outputs),
                draw with { Samples = keys.AsMemory(0, count) });
            for (var row = 0; row < count; row++)
            {
                var (sample, a, coefficient) = pending[row];
                var value = 0.0;
                for (var k = 0; k < outputs; k++)
                {
                    value += double.CreateChecked(upstream[(sample * outputs) + k]) * double.CreateChecked(results[(row * outputs) + k]);
                }

                var angle = angles[a].Angle;
                ref var target = ref (angle.Source == AngleSource.Input
                    ? ref gradient[(sample * inputCount) + angle.Index]
                    : ref weightGradient[angle.Index]);
                target += angle.Scale * coefficient * value;
            }

            pending.Clear();
        }
    }

    public void Dispose()
    {
        values.Dispose();
        shifted.Dispose();
    }

    private void Fill(Span<T> row, ReadOnlySpan<T> data, ReadOnlySpan<T> weights, int moved, double amount)
    {
        data.CopyTo(row);
        for (var a = 0; a < angles.Length; a++)
        {
            var angle = angles[a].Angle;
            var source = angle.Source == AngleSource.Input ? data[angle.Index] : weights[angle.Index];
            var value = (angle.Scale * double.CreateChecked(source)) + angle.Offset + (a == moved ? amount : 0);
            row[data.Length + a] = T.CreateChecked(value);
        }
    }
}
