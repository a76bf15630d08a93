// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>
/// Pullback from evaluations alone, on any device. The circuit is rewritten so that each varying angle is an input of
/// its own; the shifted circuits of all samples are then rows of one batch. Angles of operations whose guard is off are
/// not shifted: a sample costs 2R evaluations for each angle that fired.
/// </summary>
internal sealed class ShiftProgram<T> : IShotProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsPerCall = 4096; // bounds memory, whatever the batch

    private readonly IProgram<T> values;
    private readonly IProgram<T> shifted;
    private readonly ImmutableArray<(Angle Angle, Guard? Guard, ShiftRule Rule)> angles;
    private readonly int shiftsPerSample;
    private readonly GradientPruningCycle? pruning;
    private readonly GradientSums sums;
    private readonly List<(int Sample, int Angle, double Coefficient)> pending = []; // of each row
    private T[] rows = [];
    private long[] keys = [];
    private double[] folded = [];
    private T[] results = [];
    private double[] combinations = [];
    private OneAtATime calls;

    public ShiftProgram(
        Circuit circuit, Differentiation method, Func<Gate, int, ShiftRule> rules, Func<Circuit, Differentiation, IProgram<T>> native, GradientPruning? pruning = null)
    {
        (Circuit, Differentiation, sums) = (circuit, method, new GradientSums(circuit));
        this.pruning = pruning is null ? null : new GradientPruningCycle(pruning.Checked(), circuit.Weights);
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
        using var running = calls.Take();
        Shift(batch, inputs, weights, cotangents, draw, variances: false, pruning?.Wanted());
        pruning?.Done(sums.ByWeight);
        sums.CopyTo(inputGradients, weightGradients);
    }

    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw) =>
        values.Shots().Variances(batch, inputs, weights, combinations, variances, draw);

    public void PullbackVariances(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<double> inputVariances,
        Span<double> weightVariances,
        Draw draw)
    {
        using var running = calls.Take();
        Shift(batch, inputs, weights, cotangents, draw, variances: true);
        sums.CopyTo(inputVariances, weightVariances);
    }

    public void Dispose()
    {
        calls.Close();
        values.Dispose();
        shifted.Dispose();
    }

    // The gradients, or their variances: each shifted circuit has shots of its own, so variances add with squared factors.
    private void Shift(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<T> cotangents, Draw draw, bool variances, bool[]? wanted = null)
    {
        sums.Begin(batch);
        pending.Clear();
        var (inputCount, width) = (Circuit.Inputs, Circuit.Inputs + angles.Length);
        var capacity = (int)Math.Min(RowsPerCall, Math.Max(1, (long)batch * shiftsPerSample));
        _ = pending.EnsureCapacity(capacity);
        _ = Numbers.Room(ref rows, capacity * width);
        _ = Numbers.Room(ref keys, capacity);
        _ = Numbers.Room(ref folded, capacity);

        for (var sample = 0; sample < batch; sample++)
        {
            var data = inputs.Slice(sample * inputCount, inputCount);
            var shift = 0;
            for (var a = 0; a < angles.Length; a++)
            {
                var fires = (angles[a].Guard?.Fires(data) ?? true)
                    && (wanted is null || angles[a].Angle.Source != AngleSource.Weight || wanted[angles[a].Angle.Index]);
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

        void Collect(ReadOnlySpan<T> upstream)
        {
            var count = pending.Count;
            Fold(upstream, rows.AsSpan(0, count * width), draw with { Samples = keys.AsMemory(0, count) }, variances);
            for (var row = 0; row < count; row++)
            {
                var (sample, a, coefficient) = pending[row];
                var angle = angles[a].Angle;
                var factor = angle.Scale * coefficient;
                sums.Of(sample, angle) += (variances ? factor * factor : factor) * folded[row];
            }

            pending.Clear();
        }
    }

    // Each shifted row's outputs folded with its sample's cotangents, or the variance of that.
    private void Fold(ReadOnlySpan<T> upstream, ReadOnlySpan<T> shiftedRows, Draw draw, bool variances)
    {
        var (count, outputs) = (pending.Count, Circuit.Outputs);
        if (variances)
        {
            var given = Numbers.Room(ref combinations, count * outputs);
            for (var k = 0; k < given.Length; k++)
            {
                given[k] = double.CreateChecked(upstream[(pending[k / outputs].Sample * outputs) + (k % outputs)]);
            }

            shifted.Shots().Variances(count, shiftedRows, [], given, folded.AsSpan(0, count), draw);
            return;
        }

        var found = Numbers.Room(ref results, count * outputs);
        shifted.Evaluate(count, shiftedRows, [], found, draw);
        for (var row = 0; row < count; row++)
        {
            folded[row] = 0;
            for (var k = 0; k < outputs; k++)
            {
                folded[row] += double.CreateChecked(upstream[(pending[row].Sample * outputs) + k]) * double.CreateChecked(found[(row * outputs) + k]);
            }
        }
    }

    private void Fill(Span<T> row, ReadOnlySpan<T> data, ReadOnlySpan<T> weights, int moved, double amount)
    {
        data.CopyTo(row);
        for (var a = 0; a < angles.Length; a++)
        {
            row[data.Length + a] = T.CreateChecked(angles[a].Angle.AffineValue(data, weights) + (a == moved ? amount : 0));
        }
    }
}
