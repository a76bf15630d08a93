// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// Estimates outputs from a finite number of shots: an exact program gives each outcome's probability, and each shot
/// draws one outcome by inversion. All outputs that share a basis are read from the same shots, as on hardware. Threads share
/// the samples: a shot depends on nothing but its place.
/// </summary>
internal sealed unsafe class SamplerProgram<T> : IShotProgram<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 20; // probabilities held at once
    private const int ShotsPerCall = 1 << 16;
    private const long WorthSharing = 1 << 13; // shots; fewer are drawn before a thread is awake

    private readonly ImmutableArray<(IProgram<T> Exact, BasisReadout Readout)> bases;
    private readonly double[] constants; // [K]: what needs no shot
    private readonly int shots;
    private readonly ShotAllocation allocation;
    private readonly Crew crew;
    private readonly Worker[] workers; // of each slot
    private readonly int[] split; // shots of each basis
    private readonly T[][] tables; // probabilities, a basis each
    private OneAtATime calls;
    private (int First, int Count, nint Outputs, Draw Draw) call;

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
        split = allocation == ShotAllocation.Each ? [.. bases.Select(_ => shots)] : ShotBudget.Split(shots, weights);
        crew = new Crew(threads);
        workers = [.. Enumerable.Range(0, crew.Slots).Select(_ => new Worker(this))];
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
            var rows = RowsPerCall(batch);
            for (var first = 0; first < batch; first += rows)
            {
                call = (first, Math.Min(rows, batch - first), (nint)results, draw);
                FillTables(first, call.Count, inputs, weights);
                crew.Run(call.Count, this, shared: (long)call.Count * shots > WorthSharing);
            }
        }
    }

    public void Run(int chunk, int slot)
    {
        var sample = call.First + chunk;
        var row = workers[slot].Means(chunk, sample, call.Draw);
        row.ConvertTo(new Span<T>((T*)call.Outputs + ((nint)sample * row.Length), row.Length));
    }

    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw)
    {
        if (batch == 0)
        {
            return;
        }

        variances.Clear();
        var (rows, size) = (RowsPerCall(batch), variances.Length / batch);
        for (var first = 0; first < batch; first += rows)
        {
            var count = Math.Min(rows, batch - first);
            FillTables(first, count, inputs, weights);
            for (var s = 0; s < count; s++)
            {
                var sample = first + s;
                workers[0].AddVariances(
                    s, sample, draw, combinations.Slice(sample * size * Circuit.Outputs, size * Circuit.Outputs), variances.Slice(sample * size, size));
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

    private void FillTables(int first, int count, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
    {
        for (var b = 0; b < bases.Length; b++)
        {
            var needed = count * bases[b].Exact.Circuit.Outputs;
            if (tables[b].Length < needed)
            {
                tables[b] = new T[needed];
            }

            bases[b].Exact.Evaluate(
                count, inputs.Slice(first * Circuit.Inputs, count * Circuit.Inputs), weights, tables[b].AsSpan(0, needed));
        }
    }

    // What one thread needs to draw the shots of one sample after the other.
    private sealed class Worker(SamplerProgram<T> of)
    {
        private readonly ShotSampler sampler = new();
        private readonly Tally tally = new();
        private readonly double[] row = new double[of.Circuit.Outputs];
        private readonly int[] split = [.. of.split];
        private readonly uint[] outcomes = new uint[Math.Min(of.shots, ShotsPerCall)];

        /// <summary>The shots drawn so far.</summary>
        public long Drawn { get; private set; }

        /// <summary>The outputs of a sample whose probabilities are row <paramref name="s"/> of the tables; valid until the next call.</summary>
        public ReadOnlySpan<double> Means(int s, int sample, Draw draw)
        {
            of.constants.CopyTo(row, 0);
            Allocate(s, draw, sample);
            for (var b = 0; b < split.Length; b++)
            {
                Load(b, s, split[b]);
                for (var shot = 0; shot < split[b]; shot += outcomes.Length)
                {
                    of.bases[b].Readout.AddMeans(DrawSome(b, shot, split[b], draw, sample), 1.0 / split[b], row);
                }
            }

            return row;
        }

        /// <summary>Adds the squared standard errors of combinations of the outputs, <c>[rows, K]</c>.</summary>
        public void AddVariances(int s, int sample, Draw draw, ReadOnlySpan<double> combinations, Span<double> variances)
        {
            var moments = new (double Sum, double Squares)[variances.Length];
            Allocate(s, draw, sample);
            for (var b = 0; b < split.Length; b++)
            {
                Array.Clear(moments);
                Load(b, s, split[b]);
                for (var shot = 0; shot < split[b]; shot += outcomes.Length)
                {
                    var some = DrawSome(b, shot, split[b], draw, sample);
                    for (var r = 0; r < moments.Length; r++)
                    {
                        var (sum, squares) = of.bases[b].Readout.Moments(some, combinations.Slice(r * row.Length, row.Length));
                        moments[r] = (moments[r].Sum + sum, moments[r].Squares + squares);
                    }
                }

                for (var r = 0; r < moments.Length; r++)
                {
                    var error = Estimate.OfMean(split[b], moments[r].Sum, moments[r].Squares).StandardError;
                    variances[r] += error * error;
                }
            }
        }

        private void Load(int b, int s, int count)
        {
            var size = of.bases[b].Exact.Circuit.Outputs;
            sampler.Load<T>(of.tables[b].AsSpan(s * size, size), count);
        }

        // The next of a basis' shots, as many as are held at once.
        private ReadOnlySpan<(uint Outcome, int Count)> DrawSome(int stream, int shot, int end, Draw draw, int sample)
        {
            var some = outcomes.AsSpan(0, Math.Min(outcomes.Length, end - shot));
            sampler.Draw(some, draw, sample, (uint)stream, (uint)shot);
            tally.Fill(some, of.bases[stream % of.bases.Length].Readout.Bits);
            Drawn += some.Length;
            return tally.Entries;
        }

        // By measured variance the split differs from sample to sample: a pilot in streams of its own decides.
        private void Allocate(int s, Draw draw, int sample)
        {
            if (of.allocation != ShotAllocation.ByVariance)
            {
                return;
            }

            var pilot = of.shots / 10 / split.Length;
            var (deviations, scratch) = (new double[split.Length], new double[row.Length]);
            for (var b = 0; b < split.Length; b++)
            {
                Load(b, s, pilot);
                var variance = 0.0;
                for (var shot = 0; shot < pilot; shot += outcomes.Length)
                {
                    var some = DrawSome(split.Length + b, shot, pilot, draw, sample);
                    variance += of.bases[b].Readout.TotalVariance(some, scratch) * Math.Min(outcomes.Length, pilot - shot) / pilot;
                }

                deviations[b] = Math.Sqrt(variance);
            }

            ShotBudget.Split(of.shots - (pilot * split.Length), deviations).CopyTo(split, 0);
        }
    }
}
