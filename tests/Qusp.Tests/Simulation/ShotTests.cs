// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Simulation.Sampling;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>Bit strings from states: right in distribution, and the same however they are drawn.</summary>
public sealed class ShotTests
{
    [Fact]
    public void A_shot_is_the_first_state_whose_cumulative_probability_exceeds_its_uniform_number()
    {
        // Sizes below and above a vector, empty states at the ends and in runs, one state with all.
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 3000], Gen.ULong, Gen.Double[0, 1].Array[512], Gen.Bool).Sample(
            (bits, shots, seed, numbers, sparse) =>
            {
                double[] p = [.. Enumerable.Range(0, 1 << bits).Select(i => sparse && numbers[i % 512] < 0.9 ? 0 : numbers[i % 512])];
                p[numbers[0] < 0.5 ? 0 : ^1] += 0.5;
                var sampler = new ShotSampler();
                sampler.Load<double>(p, shots);
                var outcomes = new uint[shots];
                sampler.Draw(outcomes, new Draw(seed), sample: 3, stream: 1);
                var total = 0.0;
                double[] sums = [.. p.Select(x => total += x)];
                for (var shot = 0; shot < shots; shot++)
                {
                    var target = total * Philox.Uniform(seed, 3, (uint)shot, 1);
                    Assert.Equal(Array.FindIndex(sums, sum => sum > target), (int)outcomes[shot]);
                }
            },
            iter: 50);
    }

    [Theory]
    [InlineData(100_000, 60_000)] // not a whole number of blocks
    [InlineData(1 << 17, 5_000)]
    [InlineData(9, 20_000)]
    public void Shots_of_a_large_state_are_the_same_on_any_number_of_threads(int states, int shots)
    {
        // Most of the weight at one place, nothing at others, among them whole blocks and the end.
        float[] re = [.. Enumerable.Range(0, states).Select(k => k > states - 5 || k / 5000 % 3 == 1 ? 0 : MathF.Sin(k))];
        float[] im = [.. Enumerable.Range(0, states).Select(k => k == states / 2 ? 100 : 0.5f * re[k])];
        var (one, two) = (new uint[shots], new uint[shots]);
        foreach (var (threads, outcomes) in new[] { (1, one), (2, two) })
        {
            var sampler = new ShotSampler(threads);
            sampler.Load<float>(re, im);
            sampler.Draw(outcomes, new Draw(8), sample: 2, firstShot: 7);
        }

        Assert.Equal(one, two);
        var total = 0.0;
        double[] sums = [.. re.Zip(im, (a, b) => total += ((double)a * a) + ((double)b * b))];
        for (var shot = 0; shot < shots; shot++)
        {
            // Sums are rounded in another order.
            var (target, state) = (total * Philox.Uniform(8, 2, (uint)(shot + 7), 0), (int)one[shot]);
            Assert.InRange(target, (state == 0 ? 0 : sums[state - 1]) - (1e-12 * total), sums[state] + (1e-12 * total));
            Assert.True(re[state] != 0 || im[state] != 0, $"state {state}");
        }
    }

    [Fact]
    public void Shots_drawn_in_parts_are_the_shots_drawn_at_once()
    {
        var sampler = new ShotSampler();
        sampler.Load<double>([0.1, 0.2, 0.3, 0.4]);
        var (whole, parts) = (new uint[2000], new uint[2000]);
        sampler.Draw(whole, new Draw(9), sample: 2);
        sampler.Draw(parts.AsSpan(0, 701), new Draw(9), sample: 2);
        sampler.Draw(parts.AsSpan(701), new Draw(9), sample: 2, firstShot: 701);
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Amplitudes_are_sampled_by_their_squares()
    {
        var (sampler, amplitudes) = (new ShotSampler(), new uint[1000]);
        var probabilities = new uint[1000];
        sampler.Load<float>([0.5f, -0.5f, 0, 0], [0.5f, 0, 0, -0.5f]);
        sampler.Draw(amplitudes, new Draw(1));
        sampler.Load<double>([0.5, 0.25, 0, 0.25]);
        sampler.Draw(probabilities, new Draw(1));
        Assert.Equal(probabilities, amplitudes);
    }

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        var sampler = new ShotSampler();
        Assert.Throws<ArgumentException>(() => sampler.Load<double>([]));
        Assert.Throws<ArgumentException>(() => sampler.Load<double>([0, 0]));
        Assert.Throws<ArgumentException>(() => sampler.Load<double>([0.5, double.NaN]));
        Assert.Throws<InvalidOperationException>(() => sampler.Draw(new uint[1], default));
        sampler.Load<double>([1, -1e-17]); // a rounding error is no probability
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Any_exact_device_gives_the_same_shots_on_any_number_of_threads_and_any_batch_split(string device)
    {
        var circuit = GoldenSeed.Circuit();
        double[] x = [.. Enumerable.Range(0, 40).Select(k => 0.3 * k % 2)];
        using var one = new CircuitSampler<double>(new CpuDevice(), circuit, options: new() { Threads = 1 });
        using var other = new CircuitSampler<double>(Devices.Find(device), circuit, options: new() { Threads = 2 });
        var whole = one.SampleBatch(10, 100, x, draw: new Draw(5));
        var rest = other.SampleBatch(7, 100, x.AsSpan(12), draw: new Draw(5, FirstSample: 3));
        for (var sample = 0; sample < 7; sample++)
        {
            Assert.Equal(whole[3 + sample].Outcomes, rest[sample].Outcomes);
        }

        Assert.NotEqual(whole[0].Outcomes, one.Sample(100, x.AsSpan(0, 4), draw: new Draw(6)).Outcomes);
        Assert.Equal(1100, one.Cost.Shots);
    }

    [Fact]
    public void A_bit_string_begins_with_the_first_wire_read()
    {
        var circuit = new CircuitBuilder(3).X(0).H(1).CNOT(1, 2).Build();
        using var sampler = new CircuitSampler<double>(new CpuDevice(), circuit);
        var samples = sampler.Sample(1000, draw: new Draw(3));
        Assert.All(Enumerable.Range(0, 1000), shot => Assert.True(samples[shot] is "100" or "111"));
        var counts = samples.Counts();
        Assert.Equal(1000, counts.Shots);
        Assert.Equal(1000, counts["100"] + counts["111"]);
        Assert.Equal(0, counts["000"]);
        Assert.Equal(counts["100"] / 1000.0, samples.Probabilities()[4]);
        Assert.Throws<FormatException>(() => counts["10"]);
        using var turned = new CircuitSampler<double>(new CpuDevice(), circuit, [2, 0]);
        Assert.Equal(["01", "11"], turned.Sample(1000).Counts().Entries.Select(entry => entry.Bits));
    }

    [Fact]
    public void Classical_bits_of_a_measurement_in_the_course_are_sampled_and_estimated()
    {
        // The measured bit of a rotated wire, and what a condition on it did: always alike.
        var builder = new CircuitBuilder(2);
        builder.Bits(2);
        var circuit = builder.RY(1.1, 0).Measure(0, 0).When(new Condition([0], 1), then => then.X(1)).Measure(1, 1).Build();
        using var sampler = CircuitSampler<double>.OfBits(new CpuDevice(), circuit);
        var counts = sampler.Sample(10_000, draw: new Draw(5)).Counts();
        Assert.Equal(["00", "11"], counts.Entries.Select(entry => entry.Bits));
        var exact = Math.Pow(Math.Sin(0.55), 2);
        Assert.Equal(exact, counts.Probability("11").Value, 5 * counts.Probability("11").StandardError);
        using var program = new SamplerDevice().Compile<double>(
            circuit.WithMeasurements(new BitProbabilities(1), new Expectation(PauliWord.Z(1))), new ProgramOptions { Shots = 10_000 });
        var estimates = program.Estimates<double>([], draw: new Draw(6));
        Assert.Equal(exact, estimates[1].Value, 5 * estimates[1].StandardError);
        Assert.Equal(1 - (2 * exact), estimates[2].Value, 5 * estimates[2].StandardError);
    }

    [Fact]
    public void Counts_print_as_a_table()
    {
        Assert.Equal("010  750   75.00%\n111  250   25.00%\n", new Counts(3, [new(7, 250), new(2, 750)]).ToString());
        Assert.Equal(new Counts(1, [new(0, 2)]), new Counts(1, [new(0, 2)]));
        Assert.NotEqual(new Counts(1, [new(0, 2)]), new Counts(2, [new(0, 2)]));
        Assert.Throws<ArgumentException>(() => new Counts(1, [new(2, 1)]));
        Assert.Equal(new Estimate(0.75, Math.Sqrt(0.75 * 0.25 / 999)), new Counts(3, [new(7, 250), new(2, 750)]).Probability("010"));
    }

    [Fact]
    public void An_estimate_prints_two_digits_of_its_error_and_its_value_as_far()
    {
        Assert.Equal("0.4821 ± 0.0028", new Estimate(0.482_119, 0.002_81).ToString());
        Assert.Equal("-12 ± 34", new Estimate(-12.3, 34.4).ToString());
        Assert.Equal("0.25 ± 0", new Estimate(0.25, 0).ToString());
        Assert.Equal("1 ± NaN", new Estimate(1, double.NaN).ToString());
    }

    [Fact]
    public void An_expectation_from_samples_has_the_standard_error_of_the_mean()
    {
        var circuit = new CircuitBuilder(2).RY(1.1, 0).RY(0.4, 1).Build();
        using var sampler = new CircuitSampler<double>(new CpuDevice(), circuit);
        var observable = PauliSum.Parse("Z0+0.5*Z0*Z1-0.25");
        var samples = sampler.Sample(50_000, draw: new Draw(3));
        var exact = Math.Cos(1.1) + (0.5 * Math.Cos(1.1) * Math.Cos(0.4)) - 0.25;
        var second = 1 + 0.25 + Math.Cos(0.4) - (Math.Cos(1.1) * Math.Cos(1.1) * (1 + (0.5 * Math.Cos(0.4))) * (1 + (0.5 * Math.Cos(0.4))));
        var estimate = samples.Expectation(observable);
        Assert.Equal(exact, estimate.Value, 5 * estimate.StandardError);
        Assert.Equal(Math.Sqrt(second / 50_000), estimate.StandardError, 1e-4);
        Assert.Equal(second, samples.Variance(observable), 0.03);
        Assert.Throws<ArgumentException>(() => samples.Expectation(PauliWord.X(0)));
        Assert.True(double.IsNaN(sampler.Sample(1).Expectation(PauliWord.Z(0)).StandardError));
    }

    [Fact]
    public void Every_outcome_of_a_thousand_passes_a_chi_squared_test()
    {
        double[] p = [.. Enumerable.Range(0, 1024).Select(i => 1 + Math.Cos(i))];
        var (sampler, outcomes) = (new ShotSampler(), new uint[400_000]);
        sampler.Load<double>(p);
        sampler.Draw(outcomes, new Draw(17));
        var seen = new int[1024];
        foreach (var outcome in outcomes)
        {
            seen[outcome]++;
        }

        var total = p.Sum();
        var chi = p.Select((x, i) => Math.Pow(seen[i] - (400_000 * x / total), 2) / (400_000 * x / total)).Sum();
        Assert.Equal(1023, chi, 5 * Math.Sqrt(2 * 1023));
    }
}
