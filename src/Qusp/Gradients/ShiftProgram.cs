// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>
/// Pullback from evaluations alone, on any device. The circuit is rewritten so that each varying angle is an input of
/// its own; the shifted circuits of all samples are then rows of one batch. Angles of operations whose guard is off are
/// not shifted: a sample costs as many evaluations as the rules of the angles that fired have shifts, and one more for all
/// angles together where rules read f(θ) itself.
/// </summary>
internal sealed class ShiftProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsPerCall = 4096; // bounds memory, whatever the batch
    private const int Unshifted = -1;

    private readonly IProgram<T> values;
    private readonly IProgram<T> shifted;
    private readonly ImmutableArray<(Angle Angle, Guard? Guard, ShiftRule Rule)> angles;
    private readonly double[] atZero; // each angle's coefficient of f(θ)
    private readonly int shiftsPerSample;

    public ShiftProgram(
        Circuit circuit, Differentiation method, Func<Gate, int, ShiftRule> rules, Func<Circuit, Differentiation, IProgram<T>> native)
    {
        (Circuit, Differentiation) = (circuit, method);
        var exposed = circuit.ExposeAngles();
        var all = exposed.Angles.Select(angle => (angle.Angle, angle.Guard, Rule: rules(angle.Gate, angle.Parameter))).ToList();
        atZero = [.. all.Select(angle => angle.Rule.Terms.Where(term => term.Shift == 0).Sum(term => term.Coefficient))];
        angles = [.. all.Select(angle => (angle.Angle, angle.Guard, new ShiftRule(angle.Rule.Terms.RemoveAll(term => term.Shift == 0))))];
        values = native(circuit, Differentiation.None);
        shifted = native(exposed.Circuit, Differentiation.None);
        shiftsPerSample = angles.Sum(angle => angle.Rule.Terms.Length) + 1;
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
        var readsZero = Array.Exists(atZero, coefficient => coefficient != 0);

        for (var sample = 0; sample < batch; sample++)
        {
            var data = inputs.Slice(sample * inputCount, inputCount);
            var shift = 0;
            for (var a = readsZero ? Unshifted : 0; a < angles.Length; a++)
            {
                if (a == Unshifted)
                {
                    Add(inputs, weights, cotangents, sample, a, 1, 0, 0);
                    continue;
                }

                var fires = angles[a].Guard?.Fires(data) ?? true;
                foreach (var (coefficient, amount) in angles[a].Rule.Terms)
                {
                    shift++;
                    if (fires)
                    {
                        Add(inputs, weights, cotangents, sample, a, coefficient, amount, shift);
                    }
                }
            }
        }

        Collect(inputs, cotangents);
        for (var j = 0; j < inputGradients.Length; j++)
        {
            inputGradients[j] = T.CreateChecked(gradient[j]);
        }

        for (var k = 0; k < weightGradients.Length; k++)
        {
            weightGradients[k] = T.CreateChecked(weightGradient[k]);
        }

        void Add(ReadOnlySpan<T> samples, ReadOnlySpan<T> shared, ReadOnlySpan<T> upstream, int sample, int a, double coefficient, double amount, int shift)
        {
            // Each shifted copy has an index of its own, 0 being the sample itself: fresh shots for each.
            keys[pending.Count] = (draw.Sample(sample) * shiftsPerSample) + shift;
            Fill(rows.AsSpan(pending.Count * width, width), samples.Slice(sample * inputCount, inputCount), shared, a, amount);
            pending.Add((sample, a, coefficient));
            if (pending.Count == capacity)
            {
                Collect(samples, upstream);
            }
        }

        void Collect(ReadOnlySpan<T> samples, ReadOnlySpan<T> upstream)
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

                if (a != Unshifted)
                {
                    Pull(sample, a, coefficient * value);
                    continue;
                }

                for (var each = 0; each < angles.Length; each++)
                {
                    if (atZero[each] != 0 && (angles[each].Guard?.Fires(samples.Slice(sample * inputCount, inputCount)) ?? true))
                    {
                        Pull(sample, each, atZero[each] * value);
                    }
                }
            }

            pending.Clear();
        }

        void Pull(int sample, int a, double slope)
        {
            var angle = angles[a].Angle;
            ref var target = ref (angle.Source == AngleSource.Input
                ? ref gradient[(sample * inputCount) + angle.Index]
                : ref weightGradient[angle.Index]);
            target += angle.Scale * slope;
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
