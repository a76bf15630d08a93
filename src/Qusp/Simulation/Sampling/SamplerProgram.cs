// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// Estimates outputs from a finite number of shots: an exact program gives each outcome's probability, and each shot
/// draws one outcome by inversion. All outputs that share a basis are read from the same shots, as on hardware.
/// </summary>
internal sealed class SamplerProgram<T> : IShotProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 20; // probabilities held at once
    private const int ShotsPerCall = 1 << 16;

    private readonly ImmutableArray<(IProgram<T> Exact, BasisReadout Readout)> bases;
    private readonly double[] constants; // [K]: what needs no shot
    private readonly int shots;
    private readonly ShotAllocation allocation;
    private readonly ShotSampler sampler = new();
    private readonly Tally tally = new();
    private readonly double[] row; // [K]
    private readonly int[] split; // shots of each basis
    private readonly uint[] outcomes;
    private T[][] tables; // probabilities, a basis each
    private long drawn;

    public SamplerProgram(Circuit circuit, int shots, ShotAllocation allocation, Func<Circuit, IProgram<T>> compile)
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
        row = new double[circuit.Outputs];
        outcomes = new uint[Math.Min(shots, ShotsPerCall)];
        tables = [.. bases.Select(_ => Array.Empty<T>())];
        double[] weights = allocation == ShotAllocation.ByCoefficient ? [.. bases.Select(basis => basis.Readout.Weight)] : new double[bases.Length];
        split = allocation == ShotAllocation.Each ? [.. bases.Select(_ => shots)] : ShotBudget.Split(shots, weights);
    }

    public Circuit Circuit { get; }

    public string Device => SamplerDevice.DeviceName;

    public Differentiation Differentiation => Differentiation.None;

    public bool IsStochastic => true;

    public Cost Cost => bases.Aggregate(new Cost(0, 0, 0, 0, drawn), (sum, basis) => sum + basis.Exact.Cost);

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        foreach (var (first, count) in Parts(batch))
        {
            FillTables(first, count, inputs, weights);
            for (var s = 0; s < count; s++)
            {
                constants.CopyTo(row, 0);
                Allocate(s, draw, first + s);
                for (var b = 0; b < bases.Length; b++)
                {
                    Load(b, s, split[b]);
                    for (var shot = 0; shot < split[b]; shot += outcomes.Length)
                    {
                        bases[b].Readout.AddMeans(DrawSome(b, shot, split[b], draw, first + s), 1.0 / split[b], row);
                    }
                }

                row.ConvertTo(outputs.Slice((first + s) * row.Length, row.Length));
            }
        }
    }

    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw)
    {
        if (batch == 0)
        {
            return;
        }

        variances.Clear();
        var rows = variances.Length / batch;
        var moments = new (double Sum, double Squares)[rows];
        foreach (var (first, count) in Parts(batch))
        {
            FillTables(first, count, inputs, weights);
            for (var s = 0; s < count; s++)
            {
                var wanted = combinations.Slice((first + s) * rows * row.Length, rows * row.Length);
                Allocate(s, draw, first + s);
                for (var b = 0; b < bases.Length; b++)
                {
                    Array.Clear(moments);
                    Load(b, s, split[b]);
                    for (var shot = 0; shot < split[b]; shot += outcomes.Length)
                    {
                        var some = DrawSome(b, shot, split[b], draw, first + s);
                        for (var r = 0; r < rows; r++)
                        {
                            var (sum, squares) = bases[b].Readout.Moments(some, wanted.Slice(r * row.Length, row.Length));
                            moments[r] = (moments[r].Sum + sum, moments[r].Squares + squares);
                        }
                    }

                    for (var r = 0; r < rows; r++)
                    {
                        var error = Estimate.OfMean(split[b], moments[r].Sum, moments[r].Squares).StandardError;
                        variances[((first + s) * rows) + r] += error * error;
                    }
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
        foreach (var (exact, _) in bases)
        {
            exact.Dispose();
        }
    }

    private static NotSupportedException NoAdjoint() =>
        new("sampler: shots have no adjoint; compile with Differentiation.ParameterShift.");

    private static int FewestShots(int bases, ShotAllocation allocation) => allocation == ShotAllocation.ByVariance ? 30 * bases : ShotBudget.Fewest * bases;

    private IEnumerable<(int First, int Count)> Parts(int batch)
    {
        var rows = (int)Math.Max(1, Math.Min(batch, NumbersPerCall / Math.Max(1, bases.Sum(basis => (long)basis.Exact.Circuit.Outputs))));
        for (var first = 0; first < batch; first += rows)
        {
            yield return (first, Math.Min(rows, batch - first));
        }
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

    private void Load(int b, int s, int count)
    {
        var size = bases[b].Exact.Circuit.Outputs;
        sampler.Load<T>(tables[b].AsSpan(s * size, size), count);
    }

    // The next of a basis' shots, as many as are held at once.
    private ReadOnlySpan<(uint Outcome, int Count)> DrawSome(int stream, int shot, int end, Draw draw, int sample)
    {
        var some = outcomes.AsSpan(0, Math.Min(outcomes.Length, end - shot));
        sampler.Draw(some, draw, sample, (uint)stream, (uint)shot);
        tally.Fill(some, bases[stream % bases.Length].Readout.Bits);
        drawn += some.Length;
        return tally.Entries;
    }

    // By measured variance the split differs from sample to sample: a pilot in streams of its own decides.
    private void Allocate(int s, Draw draw, int sample)
    {
        if (allocation != ShotAllocation.ByVariance)
        {
            return;
        }

        var pilot = shots / 10 / bases.Length;
        var (deviations, scratch) = (new double[bases.Length], new double[row.Length]);
        for (var b = 0; b < bases.Length; b++)
        {
            Load(b, s, pilot);
            var variance = 0.0;
            for (var shot = 0; shot < pilot; shot += outcomes.Length)
            {
                var some = DrawSome(bases.Length + b, shot, pilot, draw, sample);
                variance += bases[b].Readout.TotalVariance(some, scratch) * Math.Min(outcomes.Length, pilot - shot) / pilot;
            }

            deviations[b] = Math.Sqrt(variance);
        }

        ShotBudget.Split(shots - (pilot * bases.Length), deviations).CopyTo(split, 0);
    }
}
