// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Dynamic;

/// <summary>See <see cref="DefineByRun"/>.</summary>
internal sealed class DefineByRunProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly SampleWriter write;
    private readonly StructureCache<T> programs;
    private readonly IProgram<T> frame; // the structure of a delegate that writes nothing; also says what the device is like
    private OneAtATime calls;

    public DefineByRunProgram(Circuit frame, SampleWriter write, Func<Circuit, IProgram<T>> compile, int structures)
    {
        ArgumentNullException.ThrowIfNull(frame);
        (Circuit, this.write) = (frame, write);
        this.frame = compile(AnglePasses.Expose(frame).Circuit);
        programs = new StructureCache<T>(compile, structures);
    }

    public Circuit Circuit { get; }

    public string Device => frame.Device;

    public Differentiation Differentiation => frame.Differentiation;

    public bool IsStochastic => frame.IsStochastic;

    public Cost Cost => programs.Cost;

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        var count = Circuit.Outputs;
        foreach (var group in Trace(batch, inputs, weights))
        {
            var rows = Rows(group, inputs, weights);
            var results = new T[group.Samples.Count * count];
            programs.Get(group.Structure).Evaluate(group.Samples.Count, rows, [], results, group.Draw(draw));
            for (var k = 0; k < group.Samples.Count; k++)
            {
                results.AsSpan(k * count, count).CopyTo(outputs.Slice(group.Samples[k].Row * count, count));
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
        if (Differentiation == Differentiation.None)
        {
            throw new NotSupportedException("This program was compiled without differentiation; compile it with another method.");
        }

        inputGradients.Clear();
        var sums = new double[weightGradients.Length];
        var count = Circuit.Outputs;
        foreach (var group in Trace(batch, inputs, weights))
        {
            var rows = Rows(group, inputs, weights);
            var (slopes, upstream) = (new T[rows.Length], new T[group.Samples.Count * count]);
            for (var k = 0; k < group.Samples.Count; k++)
            {
                cotangents.Slice(group.Samples[k].Row * count, count).CopyTo(upstream.AsSpan(k * count));
            }

            programs.Get(group.Structure).Pullback(group.Samples.Count, rows, [], upstream, slopes, [], group.Draw(draw));
            var width = group.Structure.Inputs;
            for (var k = 0; k < group.Samples.Count; k++)
            {
                var (row, trace) = group.Samples[k];
                var gradient = inputGradients.IsEmpty ? [] : inputGradients.Slice(row * Circuit.Inputs, Circuit.Inputs);
                trace.Pull(slopes.AsSpan(k * width, width), gradient, sums);
            }
        }

        sums.ConvertTo(weightGradients);
    }

    public void Dispose()
    {
        calls.Close();
        frame.Dispose();
        programs.Dispose();
    }

    // The samples by structure, in the order in which structures first occur.
    private List<Group> Trace(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
    {
        var single = typeof(T) == typeof(float);
        var (x, w) = (new TracedNumber[Circuit.Inputs], new TracedNumber[Circuit.Weights]);
        for (var k = 0; k < w.Length; k++)
        {
            w[k] = new TracedNumber(double.CreateChecked(weights[k]), Angle.Weight(k), single);
        }

        var (groups, byStructure) = (new List<Group>(), new Dictionary<Circuit, Group>());
        for (var sample = 0; sample < batch; sample++)
        {
            for (var j = 0; j < x.Length; j++)
            {
                x[j] = new TracedNumber(double.CreateChecked(inputs[(sample * x.Length) + j]), Angle.Input(j), single);
            }

            var trace = new SampleTrace(Run(x, w));
            if (!byStructure.TryGetValue(trace.Structure, out var group))
            {
                group = new Group(trace.Structure, []);
                byStructure.Add(trace.Structure, group);
                groups.Add(group);
            }

            group.Samples.Add((sample, trace));
        }

        return groups;
    }

    private Circuit Run(TracedNumber[] x, TracedNumber[] w)
    {
        var builder = new CircuitBuilder(Circuit);
        write(builder, x, w);
        var circuit = builder.Build();
        return circuit.Inputs == Circuit.Inputs && circuit.Weights == Circuit.Weights && circuit.Measurements.Length == Circuit.Measurements.Length
            ? circuit
            : throw new InvalidOperationException(
                "The delegate declares inputs or weights or measures outputs; these are the same for all samples, so declare them in the frame that is compiled.");
    }

    private T[] Rows(Group group, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
    {
        var width = group.Structure.Inputs;
        var rows = new T[group.Samples.Count * width];
        for (var k = 0; k < group.Samples.Count; k++)
        {
            var (row, trace) = group.Samples[k];
            trace.Fill(inputs.Slice(row * Circuit.Inputs, Circuit.Inputs), weights, rows.AsSpan(k * width, width));
        }

        return rows;
    }

    private sealed record Group(Circuit Structure, List<(int Row, SampleTrace Trace)> Samples)
    {
        // Each sample keeps its own shots, whatever group it is in.
        public Draw Draw(Draw draw) => draw with { Samples = Samples.Select(sample => draw.Sample(sample.Row)).ToArray() };
    }
}
