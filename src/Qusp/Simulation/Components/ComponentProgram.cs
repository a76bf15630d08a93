// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Components;

/// <summary>
/// Runs each sample as the components into which its fired guards let the circuit fall. A sample's cost follows its own largest component,
/// not the number of wires. Components of one shape, of all samples, are rows of one batch of a small program.
/// </summary>
internal sealed unsafe partial class ComponentProgram<T> : IProgram<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerSlice = 1 << 20; // inputs and outputs of samples handled at once
    private const int MaxParts = 16; // of a slice
    private const int WorthSamples = 1 << 13; // inputs and outputs of a slice; fewer are read and written before a thread is awake
    private const long WorthThreads = 1 << 18; // amplitudes times operations; a shape with more may share its own rows among threads
    private const long WorthCrew = 1 << 17;

    private readonly SplitCache<T> cache;
    private readonly Crew crew;
    private readonly List<ShapeRun<T>> light = [];
    private readonly List<ShapeRun<T>> active = [];
    private readonly double[] weightSums; // [parts, W]
    private readonly T[] atZero;
    private readonly int samplesPerSlice;
    private readonly (T[] Values, T[] Cotangents)[] scratch; // of each slot, for one sample's components
    private Split?[] splits = []; // of each sample; null where the pattern is new
    private int[] rows = []; // the first row of each bundle of each sample
    private int[] bundles = []; // where a sample's begin
    private OneAtATime calls;
    private (Phase Phase, int Samples, int Parts, nint Inputs, nint Weights, nint Results, nint Gradients) call;

    // What threads share: samples, or shapes.
    private enum Phase
    {
        Find,
        Fill,
        Run,
        RunBack,
        Combine,
        Spread,
        Collect,
    }

    /// <summary>Prepares the splitting; programs are compiled as shapes come up.</summary>
    /// <param name="circuit">The circuit, which <see cref="Splitter.Takes"/> takes.</param>
    /// <param name="differentiation"><see cref="Differentiation.Adjoint"/> or <see cref="Differentiation.None"/>.</param>
    /// <param name="crew">Its threads, which the components' programs share.</param>
    /// <param name="compile">Compiles a component.</param>
    /// <param name="refusal">Why a component of so many wires is too large, or null.</param>
    public ComponentProgram(
        Circuit circuit, Differentiation differentiation, Crew crew, Func<Circuit, Differentiation, IProgram<T>> compile, Func<int, string?> refusal)
    {
        (Circuit, Differentiation, this.crew) = (circuit, differentiation, crew);
        cache = new SplitCache<T>(circuit, crew.Slots, shape => new ShapeRun<T>(shape, () => compile(shape.Circuit, differentiation)), refusal);
        weightSums = new double[MaxParts * circuit.Weights];
        scratch = [.. Enumerable.Repeat((Array.Empty<T>(), Array.Empty<T>()), crew.Slots)];
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
        using var running = calls.Take();
        fixed (T* data = inputs, shared = weights, results = outputs)
        {
            for (var first = 0; first < batch; first += samplesPerSlice)
            {
                Place(data, shared, first, Math.Min(samplesPerSlice, batch - first));
                call.Results = (nint)(results + ((nint)first * Circuit.Outputs));
                Run(backward: false);
                Share(Phase.Combine);
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
        using var running = calls.Take();
        Array.Clear(weightSums);
        fixed (T* data = inputs, shared = weights, upstream = cotangents, gradients = inputGradients)
        {
            for (var first = 0; first < batch; first += samplesPerSlice)
            {
                Place(data, shared, first, Math.Min(samplesPerSlice, batch - first));
                call.Results = (nint)(upstream + ((nint)first * Circuit.Outputs));
                call.Gradients = gradients is null ? 0 : (nint)(gradients + ((nint)first * Circuit.Inputs));
                if (!AreLinear)
                {
                    Run(backward: false);
                }

                Share(Phase.Spread);
                Run(backward: true);
                Share(Phase.Collect);
            }
        }

        for (var k = 0; k < weightGradients.Length; k++)
        {
            var sum = 0.0;
            for (var part = 0; part < MaxParts; part++)
            {
                sum += weightSums[(part * Circuit.Weights) + k];
            }

            weightGradients[k] = T.CreateChecked(sum);
        }
    }

    public void Run(int chunk, int slot)
    {
        if (call.Phase is Phase.Run or Phase.RunBack)
        {
            light[chunk].Run(call.Phase == Phase.RunBack);
            return;
        }

        var (first, last) = (chunk * call.Samples / call.Parts, (chunk + 1) * call.Samples / call.Parts);
        for (var s = first; s < last; s++)
        {
            switch (call.Phase)
            {
                case Phase.Find:
                    splits[s] = cache.Known(InputsOf(s), slot);
                    break;
                case Phase.Fill:
                    Fill(s);
                    break;
                case Phase.Combine:
                    Combine(s, slot);
                    break;
                case Phase.Spread:
                    Spread(s, slot);
                    break;
                case Phase.Collect:
                    Collect(s, weightSums.AsSpan(chunk * Circuit.Weights, Circuit.Weights));
                    break;
            }
        }
    }

    public void Dispose()
    {
        calls.Close();
        cache.Dispose();
    }

    private bool AreLinear
    {
        get
        {
            var areLinear = true;
            foreach (var split in splits.AsSpan(0, call.Samples))
            {
                areLinear &= split!.IsLinear;
            }

            return areLinear;
        }
    }

    private ReadOnlySpan<T> InputsOf(int sample) => new((T*)call.Inputs + ((nint)sample * Circuit.Inputs), Circuit.Inputs);

    private Span<T> ResultsOf(int sample) => new((T*)call.Results + ((nint)sample * Circuit.Outputs), Circuit.Outputs);

    // Finds each sample's split and gives each of its components a row of its shape.
    private void Place(T* data, T* weights, int first, int count)
    {
        call = (Phase.Find, count, Math.Min(count, MaxParts), (nint)(data + ((nint)first * Circuit.Inputs)), (nint)weights, 0, 0);
        cache.Trim();
        foreach (var run in active)
        {
            run.Clear();
        }

        active.Clear();
        if (splits.Length < count)
        {
            (splits, bundles) = (new Split?[count], new int[count]);
        }

        Share(Phase.Find);
        var (gates, twoQubitGates, skipped, wires) = (0L, 0L, 0L, 0L);
        var (values, largest, next) = (0, 0, 0);
        for (var s = 0; s < count; s++)
        {
            var split = splits[s] ??= cache.Make(InputsOf(s), first + s);
            bundles[s] = next;
            if (rows.Length < next + split.Bundles.Length)
            {
                Array.Resize(ref rows, Math.Max(next + split.Bundles.Length, 2 * rows.Length));
            }

            foreach (ref readonly var bundle in split.Bundles.AsSpan())
            {
                var run = cache.Runs[bundle.Shape.Index];
                if (run.Rows == 0)
                {
                    active.Add(run);
                }

                rows[next++] = run.Reserve(bundle.Count);
            }

            (gates, twoQubitGates, skipped) = (gates + split.Counts.Gates, twoQubitGates + split.Counts.TwoQubitGates, skipped + split.Counts.Skipped);
            (wires, largest, values) = (wires + split.Wires, Math.Max(largest, split.LargestPart), Math.Max(values, split.Values));
        }

        Cost += new Cost(count, gates, twoQubitGates, skipped, 0) { SimulatedWires = wires, LargestState = largest };
        foreach (var run in active)
        {
            run.Grow();
        }

        for (var slot = 0; slot < scratch.Length && scratch[slot].Values.Length < values; slot++)
        {
            scratch[slot] = (new T[values], new T[values]);
        }

        Share(Phase.Fill);
    }

    // Samples, cut by their number alone.
    private void Share(Phase phase)
    {
        call.Phase = phase;
        crew.Run(call.Parts, this, shared: call.Samples * (Circuit.Inputs + Circuit.Outputs) > WorthSamples);
    }

    // A shape with much of the work shares its rows among threads by itself; the others are shared out whole.
    private void Run(bool backward)
    {
        call.Phase = backward ? Phase.RunBack : Phase.Run;
        light.Clear();
        var work = 0L;
        foreach (var run in active)
        {
            work += run.Work;
        }

        var left = work;
        foreach (var run in active)
        {
            if (run.Work > Math.Max(WorthThreads, work / (4 * crew.Slots)))
            {
                left -= run.Work;
                run.Run(backward);
            }
            else
            {
                light.Add(run);
            }
        }

        crew.Run(light.Count, this, shared: left > WorthCrew);
    }
}
