// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Sampling;

/// <content>What one thread needs for one sample after the other; alone, it has the others draw and read parts of the sample.</content>
internal sealed unsafe partial class SamplerProgram<T>
{
    private sealed class Worker : IChunkedWork
    {
        private const int WorthSharing = 1 << 15; // outcomes read

        private readonly SamplerProgram<T> of;
        private readonly Crew crew;
        private readonly ShotSampler sampler;
        private readonly ShotTally tally;
        private readonly double[] row;
        private readonly double[] scratch; // [K]
        private readonly double[] deviations; // of each basis
        private readonly int[] split; // shots of each basis
        private readonly double[] means; // by what is read
        private (double Sum, double Squares)[] moments = [];
        private (int Basis, int Shots, nint Combinations) reading;

        public Worker(SamplerProgram<T> of, Crew crew)
        {
            (this.of, this.crew, sampler, split) = (of, crew, new ShotSampler(crew), [.. of.split]);
            tally = new ShotTally(sampler, crew);
            (row, scratch, deviations) = (new double[of.Circuit.Outputs], new double[of.Circuit.Outputs], new double[split.Length]);
            means = new double[of.bases.Select(basis => basis.Readout.Items).DefaultIfEmpty(0).Max()];
        }

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
                var run = Shots(b, split[b], draw, sample);
                while (DrawSome(ref run, b) > 0)
                {
                    var readout = of.bases[b].Readout;
                    reading = (b, split[b], 0);
                    Read(readout.Items);
                    for (var item = 0; item < readout.Terms.Length; item++)
                    {
                        row[readout.Terms[item].Output] += means[item];
                    }
                }
            }

            return row;
        }

        /// <summary>Adds the squared standard errors of combinations of the outputs, <c>[rows, K]</c>.</summary>
        public void AddVariances(int s, int sample, Draw draw, nint combinations, Span<double> variances)
        {
            var sums = Numbers.Room(ref moments, variances.Length);
            Allocate(s, draw, sample);
            for (var b = 0; b < split.Length; b++)
            {
                sums.Clear();
                Load(b, s, split[b]);
                var run = Shots(b, split[b], draw, sample);
                while (DrawSome(ref run, b) > 0)
                {
                    reading = (b, split[b], combinations);
                    Read(sums.Length);
                }

                for (var r = 0; r < sums.Length; r++)
                {
                    var error = Estimate.OfMean(split[b], sums[r].Sum, sums[r].Squares).StandardError;
                    variances[r] += error * error;
                }
            }
        }

        /// <summary>Reads one thing off the outcomes: a mean, or the moments of a combination.</summary>
        public void Run(int chunk, int slot)
        {
            var (readout, outputs) = (of.bases[reading.Basis].Readout, row.Length);
            if (reading.Combinations == 0)
            {
                means[chunk] = readout.AddMean(chunk, tally.Entries, 1.0 / reading.Shots, row);
                return;
            }

            var (sum, squares) = readout.Moments(tally.Entries, new ReadOnlySpan<double>((double*)reading.Combinations + (chunk * outputs), outputs));
            moments[chunk] = (moments[chunk].Sum + sum, moments[chunk].Squares + squares);
        }

        private void Read(int count) => crew.Run(count, this, shared: (long)count * tally.Entries.Length > WorthSharing);

        private void Load(int b, int s, int count)
        {
            var size = of.bases[b].Exact.Circuit.Outputs;
            sampler.Load<T>(of.tables[b].AsSpan(s * size, size), count);
        }

        private static ShotRun Shots(int stream, int count, Draw draw, int sample) => new(draw.Seed, draw.Sample(sample), (uint)stream, 0, count);

        private int DrawSome(ref ShotRun run, int b)
        {
            var drawn = run.Count == 0 ? 0 : tally.DrawSome(ref run, of.bases[b].Readout.Bits);
            Drawn += drawn;
            return drawn;
        }

        // By measured variance the split differs from sample to sample: a pilot in streams of its own decides.
        private void Allocate(int s, Draw draw, int sample)
        {
            if (of.allocation != ShotAllocation.ByVariance)
            {
                return;
            }

            var pilot = of.shots / 10 / split.Length;
            for (var b = 0; b < split.Length; b++)
            {
                Load(b, s, pilot);
                var (variance, run) = (0.0, Shots(split.Length + b, pilot, draw, sample));
                while (DrawSome(ref run, b) is > 0 and var drawn)
                {
                    variance += of.bases[b].Readout.TotalVariance(tally.Entries, scratch) * drawn / pilot;
                }

                deviations[b] = Math.Sqrt(variance);
            }

            ShotBudget.Split(of.shots - (pilot * split.Length), deviations, split);
        }
    }
}
