// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Components;

/// <summary>
/// Runs each sample as the components into which its fired guards let the circuit fall. A sample's cost follows its own largest component,
/// not the number of wires. Components of one shape, of all samples, are rows of one batch of a small program.
/// </summary>
internal sealed class ComponentProgram<T> : IProgram<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerSlice = 1 << 20; // inputs and outputs of samples handled at once
    private const long WorthThreads = 1 << 20; // amplitudes times operations; a shape with more shares its own rows among threads
    private const long WorthCrew = 1 << 17;

    private readonly SplitCache<T> cache;
    private readonly Crew crew;
    private readonly List<ShapeRun<T>> light = [];
    private readonly List<ShapeRun<T>> active = [];
    private readonly double[] weightSums;
    private readonly T[] atZero;
    private readonly int samplesPerSlice;
    private Split[] splits = [];
    private T[] values = [];
    private T[] valueCotangents = [];
    private bool reverse;

    /// <summary>Prepares the splitting; programs are compiled as shapes come up.</summary>
    /// <param name="circuit">The circuit, which <see cref="Splitter.Takes"/> takes.</param>
    /// <param name="differentiation"><see cref="Differentiation.Adjoint"/> or <see cref="Differentiation.None"/>.</param>
    /// <param name="threads">The most threads; 0 = one a core.</param>
    /// <param name="compile">Compiles a component.</param>
    /// <param name="refusal">Why a component of so many wires is too large, or null.</param>
    public ComponentProgram(
        Circuit circuit, Differentiation differentiation, int threads, Func<Circuit, Differentiation, IProgram<T>> compile, Func<int, string?> refusal)
    {
        (Circuit, Differentiation) = (circuit, differentiation);
        cache = new SplitCache<T>(circuit, shape => new ShapeRun<T>(shape, () => compile(shape.Circuit, differentiation)), refusal);
        crew = new Crew(threads > 0 ? threads : Environment.ProcessorCount);
        weightSums = new double[circuit.Weights];
        atZero = [.. cache.AtZero.Select(T.CreateChecked)];
        samplesPerSlice = Math.Clamp(NumbersPerSlice / Math.Max(1, circuit.Inputs + circuit.Outputs), 16, 4096);
    }

    public Circuit Circuit { get; }

    public string Device => CpuDevice.DeviceName;

    public Differentiation Differentiation { get; }

    public bool IsStochastic => false;

    public Cost Cost { get; private set; }

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        for (var first = 0; first < batch; first += samplesPerSlice)
        {
            var count = Math.Min(samplesPerSlice, batch - first);
            Place(first, inputs.Slice(first * Circuit.Inputs, count * Circuit.Inputs), weights, count);
            RunAll(backward: false);
            var target = outputs.Slice(first * Circuit.Outputs, count * Circuit.Outputs);
            Rewind();
            for (var s = 0; s < count; s++)
            {
                var row = target.Slice(s * Circuit.Outputs, Circuit.Outputs);
                atZero.CopyTo(row);
                splits[s].Combine<T>(TakeValues(splits[s]), row);
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
        Call.RequireAdjoint(Differentiation);
        Array.Clear(weightSums);
        for (var first = 0; first < batch; first += samplesPerSlice)
        {
            var count = Math.Min(samplesPerSlice, batch - first);
            Place(first, inputs.Slice(first * Circuit.Inputs, count * Circuit.Inputs), weights, count);
            PlaceCotangents(cotangents.Slice(first * Circuit.Outputs, count * Circuit.Outputs), count);
            RunAll(backward: true);
            Collect(inputGradients.IsEmpty ? [] : inputGradients.Slice(first * Circuit.Inputs, count * Circuit.Inputs), count);
        }

        for (var k = 0; k < weightGradients.Length; k++)
        {
            weightGradients[k] = T.CreateChecked(weightSums[k]);
        }
    }

    public void Run(int chunk, int slot) => light[chunk].Run(reverse);

    public void Dispose() => cache.Dispose();

    // Finds each sample's split and gives each of its components a row of its shape.
    private void Place(int first, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, int count)
    {
        cache.Trim();
        foreach (var run in active)
        {
            run.Clear();
        }

        active.Clear();
        if (splits.Length < count)
        {
            splits = new Split[count];
        }

        var (amplitudes, cost) = (0, new Cost(count, 0, 0, 0, 0));
        for (var s = 0; s < count; s++)
        {
            var data = inputs.Slice(s * Circuit.Inputs, Circuit.Inputs);
            var split = splits[s] = cache.Find(data, first + s);
            foreach (var bundle in split.Bundles)
            {
                var run = cache.Runs[bundle.Shape.Index];
                if (run.Rows == 0)
                {
                    active.Add(run);
                }

                run.Add(bundle.Count, bundle.Sources, data, weights);
            }

            cost += new Cost(0, split.Counts.Gates, split.Counts.TwoQubitGates, split.Counts.Skipped, 0);
            cost = cost with { SimulatedWires = cost.SimulatedWires + split.Wires, LargestState = Math.Max(cost.LargestState, split.LargestPart) };
            amplitudes = Math.Max(amplitudes, split.Values);
        }

        Cost += cost;
        if (values.Length < amplitudes)
        {
            values = new T[amplitudes];
            valueCotangents = new T[amplitudes];
        }
    }

    private void PlaceCotangents(ReadOnlySpan<T> cotangents, int count)
    {
        var areLinear = true;
        foreach (var split in splits.AsSpan(0, count))
        {
            areLinear &= split.IsLinear;
        }

        if (!areLinear)
        {
            RunAll(backward: false);
        }

        Rewind();
        for (var s = 0; s < count; s++)
        {
            var split = splits[s];
            var upstream = valueCotangents.AsSpan(0, split.Values);
            split.Pullback(split.IsLinear ? [] : PeekValues(split), cotangents.Slice(s * Circuit.Outputs, Circuit.Outputs), upstream);
            foreach (var bundle in split.Bundles)
            {
                var run = cache.Runs[bundle.Shape.Index];
                upstream.Slice(bundle.FirstValue, bundle.Count * run.Values).CopyTo(run.Cotangents(run.Take(bundle.Count)));
            }
        }
    }

    private void Collect(Span<T> inputGradients, int count)
    {
        inputGradients.Clear();
        Rewind();
        for (var s = 0; s < count; s++)
        {
            foreach (var bundle in splits[s].Bundles)
            {
                var run = cache.Runs[bundle.Shape.Index];
                var gradients = run.Gradients(run.Take(bundle.Count), bundle.Count);
                for (var j = 0; j < gradients.Length; j++)
                {
                    var source = bundle.Sources[j];
                    if (source >= Circuit.Inputs)
                    {
                        weightSums[source - Circuit.Inputs] += double.CreateTruncating(gradients[j]);
                    }
                    else if (!inputGradients.IsEmpty)
                    {
                        inputGradients[(s * Circuit.Inputs) + source] += gradients[j];
                    }
                }
            }
        }
    }

    // Rows were given in the order of samples and bundles, and are taken in the same order.
    private void Rewind()
    {
        foreach (var run in active)
        {
            run.Rewind();
        }
    }

    private ReadOnlySpan<T> TakeValues(Split split)
    {
        foreach (var bundle in split.Bundles)
        {
            var run = cache.Runs[bundle.Shape.Index];
            run.Outputs(run.Take(bundle.Count), bundle.Count).CopyTo(values.AsSpan(bundle.FirstValue));
        }

        return values.AsSpan(0, split.Values);
    }

    // The values of the rows that are next, which stay next.
    private ReadOnlySpan<T> PeekValues(Split split)
    {
        foreach (var bundle in split.Bundles)
        {
            var run = cache.Runs[bundle.Shape.Index];
            run.Outputs(run.Next, bundle.Count).CopyTo(values.AsSpan(bundle.FirstValue));
        }

        return values.AsSpan(0, split.Values);
    }

    // A shape with much work shares its rows among threads by itself; the others are shared out whole.
    private void RunAll(bool backward)
    {
        reverse = backward;
        light.Clear();
        var work = 0L;
        foreach (var run in active)
        {
            if (run.Work > WorthThreads)
            {
                run.Run(backward);
            }
            else
            {
                light.Add(run);
                work += run.Work;
            }
        }

        crew.Run(light.Count, this, shared: work > WorthCrew);
    }
}
