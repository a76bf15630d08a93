// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>What single trajectories tell: bit strings shot by shot, and how far means over them may be off.</summary>
public sealed class TrajectoryShotTests
{
    private const int Shots = 20_000;

    [Fact]
    public void Bit_strings_of_noisy_wires_follow_the_density_matrix()
    {
        var circuit = Noisy().WithMeasurements();
        using var exact = new CpuDevice().Compile<double>(circuit.WithMeasurements(new Probabilities(2, 0, 1)));
        using var sampler = new CircuitSampler<double>(new TrajectoriesDevice(), circuit, [2, 0, 1]);
        AssertShares(exact.Evaluate([0.7, 0.2], [1.1, 0.4]), sampler.Sample(Shots, [0.7, 0.2], [1.1, 0.4], new Draw(5)));
        Assert.Equal(Shots, sampler.Cost.Shots);
    }

    [Fact]
    public void Bits_measured_in_the_course_and_what_they_decide_follow_exact_branching()
    {
        var builder = new CircuitBuilder(2);
        var bits = builder.Bits(3);
        var circuit = builder.RY(0.8, 0).Measure(0, bits[0]).When(Condition.IsSet(bits[0]), then => then.RY(1.9, 1)).AmplitudeDamping(0.3, 1).Measure(1, bits[1])
            .Reset(0).When(Condition.IsSet(bits[1]).Not(), then => then.RX(0.6, 0)).Measure(0, bits[2]).Build();
        using var exact = new CpuDevice().Compile<double>(circuit.WithMeasurements(new BitProbabilities([.. bits])));
        using var sampler = CircuitSampler<double>.OfBits(new TrajectoriesDevice(), circuit);
        AssertShares(exact.Evaluate([]), sampler.Sample(Shots, draw: new Draw(8)));
    }

    [Fact]
    public void A_certain_outcome_is_written_with_the_first_wire_first()
    {
        using var sampler = new CircuitSampler<float>(new TrajectoriesDevice(), new CircuitBuilder(3).X(2).BitFlip(1, 0).Build());
        Assert.Equal(("101", 7), (sampler.Sample(7)[6], sampler.Sample(7).Shots));
        using var some = new CircuitSampler<float>(new TrajectoriesDevice(), new CircuitBuilder(3).X(2).Build(), [2, 1]);
        Assert.Equal("10", some.Sample(1)[0]);
    }

    [Fact]
    public void A_shot_depends_on_seed_sample_and_shot_alone()
    {
        uint[] Run(int threads, int from, int count, int shots, ulong seed = 9)
        {
            using var sampler = new CircuitSampler<double>(new TrajectoriesDevice(), Noisy(), options: new ProgramOptions { Threads = threads });
            double[] inputs = [.. Enumerable.Range(2 * from, 2 * count).Select(k => 0.1 * k)];
            return [.. sampler.SampleBatch(count, shots, inputs, [1.1, 0.4], new Draw(seed, from)).SelectMany(samples => samples.Outcomes)];
        }

        var whole = Run(1, 0, 4, 700);
        Assert.Equal(whole, Run(3, 0, 4, 700));
        Assert.Equal(whole, (uint[])[.. Run(2, 0, 1, 700), .. Run(1, 1, 3, 700)]);
        Assert.Equal(whole[..300], Run(2, 0, 1, 300));
        Assert.NotEqual(whole, Run(1, 0, 4, 700, seed: 10));
    }

    [Fact]
    public void Wires_that_no_density_matrix_holds_are_sampled()
    {
        var builder = new CircuitBuilder(17).H(0);
        for (var wire = 1; wire < 17; wire++)
        {
            builder.CNOT(wire - 1, wire).BitFlip(0.02, wire);
        }

        using var sampler = new CircuitSampler<float>(new TrajectoriesDevice(), builder.Build());
        var samples = sampler.Sample(512, draw: new Draw(2));

        // A flip is copied on: neighbours differ where one happened between them.
        for (var wire = 1; wire < 17; wire++)
        {
            Tolerance.Near(0.96, samples.Expectation(PauliWord.Z(wire - 1) * PauliWord.Z(wire)).Value, 5 * 0.28 / Math.Sqrt(512), $"wire {wire}");
        }
    }

    [Fact]
    public void Expressions_and_strengths_of_the_data_are_read_and_checked()
    {
        var builder = new CircuitBuilder(1);
        var x = builder.Inputs(2);
        var circuit = builder.RY(x[0] * x[0], 0).BitFlip(x[1], 0).Build();
        using var exact = new CpuDevice().Compile<double>(circuit.WithMeasurements(new Probabilities(0)));
        using var sampler = new CircuitSampler<double>(new TrajectoriesDevice(), circuit);
        AssertShares(exact.Evaluate([1.2, 0.1]), sampler.Sample(Shots, [1.2, 0.1]));
        Assert.Contains("Sample 0", Assert.Throws<ArgumentException>(() => sampler.Sample(1, [1.2, 1.1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Post_selection_is_refused_with_the_way_out()
    {
        using var sampler = new CircuitSampler<double>(new TrajectoriesDevice(), new CircuitBuilder(1).H(0).Postselect(0, true).Build());
        Assert.Contains("measure the bit", Assert.Throws<NotSupportedException>(() => sampler.Sample(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_errors_of_values_and_gradients_are_the_spread_over_seeds()
    {
        var circuit = Noisy().WithMeasurements(new Expectation(PauliSum.Parse("Z0*Z1 - 0.5*X2")), new Probabilities(2), new Purity(1));
        double[] x = [0.7, 0.2], w = [1.1, 0.4];
        using var program = new TrajectoriesDevice().Compile<double>(circuit, new ProgramOptions { Shots = 400 });
        AssertSpread(seed => program.Estimates<double>(x, w, new Draw(seed)));
        using var linear = new TrajectoriesDevice().Compile<double>(circuit.WithMeasurements(circuit.Measurements[0]), new ProgramOptions { Shots = 400 });
        AssertSpread(seed =>
        {
            var (byInputs, byWeights) = linear.JacobianEstimates<double>(x, w, new Draw(seed));
            return [.. byInputs.Cast<Estimate>(), .. byWeights.Cast<Estimate>()];
        });
    }

    [Fact]
    public void Standard_errors_of_a_quotient_are_its_spread_and_those_of_its_gradient_are_refused()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        var circuit = builder.RY(x[0], 0).CRY(1.3, 0, 1).AmplitudeDamping(0.2, 1).Postselect(1, false).ExpectZ(0).Build();
        using var program = new TrajectoriesDevice().Compile<double>(circuit, new ProgramOptions { Shots = 1000 });
        AssertSpread(seed => program.Estimates<double>([0.8], [], new Draw(seed)));
        Assert.Contains("quotient", Assert.Throws<NotSupportedException>(() => program.JacobianEstimates<double>([0.8])).Message, StringComparison.Ordinal);
    }

    private static Circuit Noisy()
    {
        var builder = new CircuitBuilder(3);
        var (x, w) = (builder.Inputs(2), builder.Weights("w", 2));
        return builder.RY(w[0], 0).CNOT(0, 1).DepolarizingChannel(x[1], 1).RX(x[0], 2).CRY(w[1], 1, 2).AmplitudeDamping(0.3, 2)
            .Apply(Gates.Depolarizing(2), [1, 0], 0.1).PhaseDamping(0.2, 0).H(0).Build();
    }

    private static void AssertShares(double[] expected, Samples samples)
    {
        var shares = samples.Probabilities();
        for (var k = 0; k < expected.Length; k++)
        {
            var deviation = Math.Sqrt(expected[k] * (1 - expected[k]) / samples.Shots);
            Tolerance.Near(expected[k], shares[k], (5 * deviation) + (5.0 / samples.Shots), $"outcome {k}");
        }
    }

    // The deviation of 250 values is known to 5 %: that of the errors must agree within 20 %.
    private static void AssertSpread(Func<ulong, Estimate[]> run)
    {
        const int Runs = 250;
        Estimate[][] runs = [.. Enumerable.Range(0, Runs).Select(seed => run((ulong)seed))];
        for (var k = 0; k < runs[0].Length; k++)
        {
            var mean = runs.Average(estimates => estimates[k].Value);
            var spread = Math.Sqrt(runs.Sum(estimates => Math.Pow(estimates[k].Value - mean, 2)) / (Runs - 1));
            var error = Math.Sqrt(runs.Average(estimates => estimates[k].StandardError * estimates[k].StandardError));
            Tolerance.Near(spread, error, (0.2 * spread) + 1e-6, $"number {k}");
        }
    }
}
