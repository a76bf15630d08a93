// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// Runs circuits with derived measurements on a program that reads their parts: values by the functions, gradients by the
/// chain rule. A pullback evaluates the parts and then pulls their cotangents back, in one reverse sweep.
/// </summary>
internal sealed class DerivedProgram<T> : IShotProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 20; // bounds memory, whatever the batch

    private readonly IProgram<T> inner;
    private readonly FinalState state;
    private readonly ImmutableArray<Reading> readings;
    private T[] values = [];
    private T[] upstream = [];
    private T[] weightPart = [];
    private double[] parts = [];
    private double[] results = [];
    private double[] weightSums = [];
    private T[] given = []; // of one combination
    private T[] seeds = [];
    private double[] pulled = [];
    private OneAtATime calls;

    /// <summary>Compiles the circuit of the parts.</summary>
    /// <param name="circuit">The circuit, with derived measurements.</param>
    /// <param name="state">What is known of its final state.</param>
    /// <param name="compile">Compiles the circuit of the parts.</param>
    public DerivedProgram(Circuit circuit, FinalState state, Func<Circuit, IProgram<T>> compile)
    {
        (Circuit, this.state) = (circuit, state);
        var offsets = new Dictionary<Measurement, int>();
        var (measurements, list) = (ImmutableArray.CreateBuilder<Measurement>(), ImmutableArray.CreateBuilder<Reading>());
        var (end, output) = (0, 0);
        foreach (var measurement in circuit.Measurements)
        {
            var derived = measurement as DerivedMeasurement;
            ImmutableArray<Measurement> wanted = derived?.Parts(state) ?? [measurement];
            foreach (var part in wanted)
            {
                if (offsets.TryAdd(part, end))
                {
                    measurements.Add(part);
                    end += part.Outputs(circuit.Wires);
                }
            }

            var count = measurement.Outputs(circuit.Wires);
            list.Add(new Reading(derived, [.. wanted.Select(part => (offsets[part], part.Outputs(circuit.Wires)))], output, count));
            output += count;
        }

        readings = list.ToImmutable();
        inner = compile(circuit.WithMeasurements(measurements.ToImmutable()));
    }

    public Circuit Circuit { get; }

    public string Device => inner.Device;

    public Differentiation Differentiation => inner.Differentiation;

    public bool IsStochastic => inner.IsStochastic;

    public Cost Cost => inner.Cost;

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        for (var first = 0; first < batch; first += Rows(batch))
        {
            var count = Math.Min(Rows(batch), batch - first);
            EvaluateParts(first, count, inputs, weights, draw);
            for (var row = 0; row < count; row++)
            {
                var from = values.AsSpan(row * inner.Circuit.Outputs, inner.Circuit.Outputs);
                var to = outputs.Slice((first + row) * Circuit.Outputs, Circuit.Outputs);
                foreach (var reading in readings)
                {
                    if (reading.Derived is null)
                    {
                        from.Slice(reading.Parts[0].Offset, reading.Count).CopyTo(to[reading.Output..]);
                        continue;
                    }

                    var result = Numbers.Room(ref results, reading.Count);
                    reading.Derived.Evaluate(state, Gather(reading, from), result);
                    result.ConvertTo(to.Slice(reading.Output, result.Length));
                }
            }
        }
    }

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
        var total = Numbers.Room(ref weightSums, weightGradients.Length);
        total.Clear();
        for (var first = 0; first < batch || first == 0; first += Rows(batch))
        {
            var count = Math.Min(Rows(batch), batch - first);
            EvaluateParts(first, count, inputs, weights, draw);
            var seed = Numbers.Room(ref upstream, count * inner.Circuit.Outputs);
            seed.Clear();
            for (var row = 0; row < count; row++)
            {
                var from = values.AsSpan(row * inner.Circuit.Outputs, inner.Circuit.Outputs);
                var to = seed.Slice(row * inner.Circuit.Outputs, inner.Circuit.Outputs);
                var given = cotangents.Slice((first + row) * Circuit.Outputs, Circuit.Outputs);
                foreach (var reading in readings)
                {
                    Seed(reading, from, given.Slice(reading.Output, reading.Count), to);
                }
            }

            var weightGradient = Numbers.Room(ref weightPart, weightGradients.Length);
            inner.Pullback(
                count,
                inputs.Slice(first * Circuit.Inputs, count * Circuit.Inputs),
                weights,
                seed,
                inputGradients.IsEmpty ? [] : inputGradients.Slice(first * Circuit.Inputs, count * Circuit.Inputs),
                weightGradient,
                draw.Skip(first));
            for (var k = 0; k < total.Length; k++)
            {
                total[k] += double.CreateChecked(weightGradient[k]);
            }
        }

        new ReadOnlySpan<double>(weightSums).ConvertTo(weightGradients);
    }

    /// <summary>By the first order of each function in its parts: the error propagates as a gradient does.</summary>
    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw)
    {
        using var running = calls.Take();
        var shots = inner.Shots();
        var (rows, outputs, partOutputs) = (variances.Length / Math.Max(1, batch), Circuit.Outputs, inner.Circuit.Outputs);
        _ = Numbers.Room(ref given, outputs);
        var to = Numbers.Room(ref seeds, partOutputs);
        var back = Numbers.Room(ref pulled, rows * partOutputs);
        for (var first = 0; first < batch; first++)
        {
            EvaluateParts(first, 1, inputs, weights, draw);
            for (var r = 0; r < rows; r++)
            {
                combinations.Slice(((first * rows) + r) * outputs, outputs).ConvertTo(given.AsSpan(0, outputs));
                to.Clear();
                foreach (var reading in readings)
                {
                    Seed(reading, values.AsSpan(0, partOutputs), given.AsSpan(reading.Output, reading.Count), to);
                }

                for (var k = 0; k < partOutputs; k++)
                {
                    back[(r * partOutputs) + k] = double.CreateChecked(to[k]);
                }
            }

            shots.Variances(1, inputs.Slice(first * Circuit.Inputs, Circuit.Inputs), weights, back, variances.Slice(first * rows, rows), draw.Skip(first));
        }
    }

    public void PullbackVariances(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<double> inputVariances,
        Span<double> weightVariances,
        Draw draw) => throw new NotSupportedException(
            $"{Device}: the chain rule of {string.Join(", ", readings.Where(reading => reading.Derived is not null).Select(reading => reading.Derived))} multiplies estimates, "
            + "whose errors are not independent; measure expectations and probabilities.");

    public void Dispose()
    {
        calls.Close();
        inner.Dispose();
    }

    private int Rows(int batch) => Math.Max(1, Math.Min(batch, NumbersPerCall / Math.Max(1, inner.Circuit.Outputs)));

    private void EvaluateParts(int first, int count, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Draw draw) => inner.Evaluate(
        count,
        inputs.Slice(first * Circuit.Inputs, count * Circuit.Inputs),
        weights,
        Numbers.Room(ref values, count * inner.Circuit.Outputs),
        draw.Skip(first));

    private void Seed(in Reading reading, ReadOnlySpan<T> from, ReadOnlySpan<T> given, Span<T> to)
    {
        if (reading.Derived is null)
        {
            var place = to.Slice(reading.Parts[0].Offset, reading.Count);
            for (var k = 0; k < given.Length; k++)
            {
                place[k] += given[k];
            }

            return;
        }

        var cotangents = Numbers.Room(ref results, reading.Count + reading.PartOutputs);
        var outer = cotangents[..reading.Count];
        var partial = cotangents[reading.Count..];
        for (var k = 0; k < given.Length; k++)
        {
            outer[k] = double.CreateChecked(given[k]);
        }

        partial.Clear();
        reading.Derived.Pullback(state, Gather(reading, from), outer, partial);
        var next = 0;
        foreach (var (offset, count) in reading.Parts)
        {
            for (var k = 0; k < count; k++)
            {
                to[offset + k] += T.CreateChecked(partial[next++]);
            }
        }
    }

    private ReadOnlySpan<double> Gather(in Reading reading, ReadOnlySpan<T> from)
    {
        var gathered = Numbers.Room(ref parts, reading.PartOutputs);
        var next = 0;
        foreach (var (offset, count) in reading.Parts)
        {
            for (var k = 0; k < count; k++)
            {
                gathered[next++] = double.CreateChecked(from[offset + k]);
            }
        }

        return gathered;
    }

    /// <summary>One of the circuit's measurements: where its parts lie among the inner program's outputs, and its own outputs.</summary>
    private readonly record struct Reading(
        DerivedMeasurement? Derived, ImmutableArray<(int Offset, int Count)> Parts, int Output, int Count)
    {
        public int PartOutputs { get; } = Parts.Sum(part => part.Count);
    }
}
