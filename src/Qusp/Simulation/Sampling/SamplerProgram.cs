// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// Estimates outputs from a finite number of shots: an exact program gives each outcome's probability, and each shot
/// draws one outcome by inversion. All outputs that share a basis are read from the same shots, as on hardware. Threads share
/// the samples, or the shots of each where samples are few: a shot depends on nothing but its place.
/// </summary>
internal sealed unsafe partial class SamplerProgram<T> : IShotProgram<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 20; // probabilities held at once
    private const long WorthSharing = 1 << 13; // shots; fewer are drawn before a thread is awake
    private const int WorthSplitting = 1 << 14; // shots of one sample

    private readonly ImmutableArray<(IProgram<T> Exact, BasisReadout Readout)> bases;
    private readonly double[] constants; // [K]: what needs no shot
    private readonly int shots;
    private readonly ShotAllocation allocation;
    private readonly Crew crew;
    private readonly Worker[] workers; // of each slot; the first, the caller's, may share its work
    private readonly int[] split; // shots of each basis
    private readonly T[][] tables; // probabilities, a basis each
    private OneAtATime calls;
    private (int First, Draw Draw, nint Outputs, nint Combinations, int Rows, nint Variances) call;

    public SamplerProgram(Circuit circuit, int shots, ShotAllocation allocation, int threads, Func<Circuit, IProgram<T>> compile)
    {
        (Circuit, this.shots, this.allocation) = (circuit, shots, allocation);
        var (groups, known) = MeasurementBasis.Group(circuit);
        constants = known;
        if (allocation != ShotAllocation.Each && shots < FewestShots(groups.Length, allocation))
        {
            throw new NotSupportedException(
                $"sampler: {groups.Length} bases take at least {FewestShots(groups.Length, allocation)} shots to split {allocation}; there are {shots}.");
        }

        bases = [.. groups.Select(basis => (compile(basis.Rotate(circuit)), basis.Readout))];
        tables = [.. bases.Select(_ => Array.Empty<T>())];
        double[] weights = allocation == ShotAllocation.ByCoefficient ? [.. bases.Select(basis => basis.Readout.Weight)] : new double[bases.Length];
        split = [.. bases.Select(_ => shots)];
        if (allocation != ShotAllocation.Each)
        {
            ShotBudget.Split(shots, weights, split);
        }

        crew = new Crew(threads);
        workers = [.. Enumerable.Range(0, crew.Slots).Select(slot => new Worker(this, slot == 0 ? crew : new Crew(threads: 1)))];
    }

    public Circuit Circuit { get; }

    public string Device => SamplerDevice.DeviceName;

    public Differentiation Differentiation => Differentiation.None;

    public bool IsStochastic => true;

    public Cost Cost => bases.Aggregate(new Cost(0, 0, 0, 0, workers.Sum(worker => worker.Drawn)), (sum, basis) => sum + basis.Exact.Cost);

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        fixed (T* results = outputs)
        {
            call = default;
            call.Outputs = (nint)results;
            RunAll(batch, inputs, weights, draw);
        }
    }

    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw)
    {
        using var running = calls.Take();
        variances.Clear();
        fixed (double* of = combinations, results = variances)
        {
            call = default;
            (call.Combinations, call.Rows, call.Variances) = ((nint)of, variances.Length / Math.Max(1, batch), (nint)results);
            RunAll(batch, inputs, weights, draw);
        }
    }

    public void Run(int chunk, int slot)
    {
        var (sample, outputs) = (call.First + chunk, Circuit.Outputs);
        if (call.Outputs != 0)
        {
            workers[slot].Means(chunk, sample, call.Draw).ConvertTo(new Span<T>((T*)call.Outputs + ((nint)sample * outputs), outputs));
        }
        else
        {
            var rows = (nint)sample * call.Rows;
            workers[slot].AddVariances(chunk, sample, call.Draw, call.Combinations + (rows * outputs * sizeof(double)), new Span<double>((double*)call.Variances + rows, call.Rows));
        }
    }

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default) => throw NoAdjoint();

    public void PullbackVariances(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<double> inputVariances,
        Span<double> weightVariances,
        Draw draw) => throw NoAdjoint();

    public void Dispose()
    {
        calls.Close();
        foreach (var (exact, _) in bases)
        {
            exact.Dispose();
        }
    }

    private static NotSupportedException NoAdjoint() =>
        new("sampler: shots have no adjoint; compile with Differentiation.ParameterShift.");

    private static int FewestShots(int bases, ShotAllocation allocation) => allocation == ShotAllocation.ByVariance ? 30 * bases : ShotBudget.Fewest * bases;

    private int RowsPerCall(int batch)
    {
        var numbers = 0L;
        foreach (var (exact, _) in bases)
        {
            numbers += exact.Circuit.Outputs;
        }

        return (int)Math.Max(1, Math.Min(batch, NumbersPerCall / Math.Max(2, numbers)));
    }

    // Chunks are samples; a crew that is at work already, or that samples leave idle, runs what is inside of them.
    private void RunAll(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Draw draw)
    {
        var rows = RowsPerCall(batch);
        for (var first = 0; first < batch; first += rows)
        {
            var count = Math.Min(rows, batch - first);
            (call.First, call.Draw) = (first, draw);
            FillTables(first, count, inputs, weights);
            var areFew = count < 4 * crew.Slots && shots >= WorthSplitting;
            crew.Run(count, this, shared: !areFew && (long)count * shots > WorthSharing);
        }
    }

    private void FillTables(int first, int count, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
    {
        for (var b = 0; b < bases.Length; b++)
        {
            var exact = bases[b].Exact;
            var table = Numbers.Room(ref tables[b], count * exact.Circuit.Outputs);
            exact.Evaluate(count, inputs.Slice(first * Circuit.Inputs, count * Circuit.Inputs), weights, table);
        }
    }
}
