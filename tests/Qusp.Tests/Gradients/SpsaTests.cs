// SPDX-License-Identifier: Apache-2.0
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class SpsaTests
{
    // Two spins in a field, Z0 Z1 + X0/2 + X1/2: the ground energy is −√2, in the span of |01⟩ + |10⟩ and |00⟩ + |11⟩.
    private const double Ground = -1.4142135623730951;

    private static readonly double[] Start = [0.4, -0.3, 0.8, 0.2];

    [Theory]
    [InlineData(false, 1UL)]
    [InlineData(false, 2UL)]
    [InlineData(true, 1UL)]
    [InlineData(true, 2UL)]
    public void It_finds_the_ground_energy_from_shots(bool natural, ulong seed)
    {
        using var spsa = new Spsa(
            new SamplerDevice(),
            Spins(),
            new SpsaOptions { Natural = natural, LearningRate = natural ? 1 : 2, Stability = 20 },
            new ProgramOptions { Shots = 400 });
        double[] weights = [.. Start];
        for (var step = 0; step < 200; step++)
        {
            _ = spsa.Step(weights, draw: new Draw(seed));
        }

        Tolerance.Near(Ground, Energy(weights), 0.03, "energy");
        Assert.Equal((200, 400L * (natural ? 8 : 4) * 200), (spsa.Steps, spsa.Cost.Shots)); // two values of L in two bases, and four overlaps
    }

    [Fact]
    public void The_metric_is_in_the_mean_a_quarter_of_the_quantum_Fisher_information()
    {
        // One step along many directions; it begins with the identity, which still weighs one half.
        using var spsa = new Spsa(new CpuDevice(), Spins(), new SpsaOptions { Natural = true, Directions = 20_000, Move = 0.01, LearningRate = 1e-6 });
        _ = spsa.Step([.. Start], draw: new Draw(3));
        using var fisher = new QuantumFisher(new CpuDevice(), Spins());
        var expected = fisher.Evaluate(1, [], Start);
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                // A sample deviates by about the size of the metric.
                Tolerance.Near(expected[i, j] / 4, (2 * spsa.Metric[i, j]) - (i == j ? 1 : 0), 5 / Math.Sqrt(20_000), $"{i}, {j}");
            }
        }
    }

    [Fact]
    public void A_step_is_along_the_gradient_in_the_mean_and_its_value_that_of_the_start()
    {
        using var program = new CpuDevice().Compile<double>(Spins());
        var (_, gradient) = program.Jacobian<double>([], Start);
        using var spsa = new Spsa(new CpuDevice(), Spins(), new SpsaOptions { Directions = 20_000, Move = 0.01, LearningRate = 0.5, LearningRateDecay = 0 });
        double[] weights = [.. Start];
        var value = spsa.Step(weights, draw: new Draw(4));
        Tolerance.Near(Energy(Start), value, 1e-3, "value");
        for (var k = 0; k < 4; k++)
        {
            Tolerance.Near(Start[k] - (0.5 * gradient[0, k]), weights[k], 0.5 * 5 * 1.5 / Math.Sqrt(20_000), $"weight {k}");
        }
    }

    [Fact]
    public void Blocking_takes_no_step_that_raises_the_loss()
    {
        // Far too large a learning rate.
        using var spsa = new Spsa(new CpuDevice(), Spins(), new SpsaOptions { LearningRate = 3, Move = 0.1, LearningRateDecay = 0, MostIncrease = 0 });
        double[] weights = [.. Start];
        var (before, kept) = (Energy(weights), 0);
        for (var step = 0; step < 60; step++)
        {
            _ = spsa.Step(weights, draw: new Draw(5));
            var after = Energy(weights);
            Assert.True(after <= before + 1e-12, $"step {step} rose from {before} to {after}");
            kept += after == before ? 1 : 0;
            before = after;
        }

        Assert.InRange(kept, 1, 59);
    }

    [Fact]
    public void Steps_depend_on_the_draw_alone()
    {
        double[] Run(ulong seed, int threads)
        {
            using var spsa = new Spsa(new SamplerDevice(), Spins(), new SpsaOptions { Natural = true }, new ProgramOptions { Shots = 50, Threads = threads });
            double[] weights = [.. Start];
            for (var step = 0; step < 5; step++)
            {
                _ = spsa.Step(weights, draw: new Draw(seed));
            }

            return weights;
        }

        Assert.Equal(Run(1, 1), Run(1, 2));
        Assert.NotEqual(Run(1, 1), Run(2, 1));
    }

    [Fact]
    public void A_batch_with_guards_and_cotangents_is_one_function()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        var w = builder.Weights("w", 2);
        var circuit = builder.RY(x[0], 0).CNOT(0, 1).RX(w[0], 0).If(x[0] > 0.5, then => then.RX(w[1], 1)).ExpectZ().Build();
        double[] inputs = [0.3, 0.9], g = [1, 1, -1, 0.5], weights = [0.4, 0.9];
        using var program = new CpuDevice().Compile<double>(circuit);
        double Loss(double[] at) => program.Evaluate<double>(inputs, at).Zip(g, (output, factor) => output * factor).Sum();
        var before = Loss(weights);
        using var spsa = new Spsa(new CpuDevice(), circuit, new SpsaOptions { Natural = true, Stability = 15 });
        for (var step = 0; step < 150; step++)
        {
            _ = spsa.Step(weights, g, 2, inputs, new Draw(6));
        }

        using var rotosolve = new Rotosolve(new CpuDevice(), circuit);
        var lowest = 0.0;
        double[] best = [.. weights];
        for (var sweep = 0; sweep < 20; sweep++)
        {
            lowest = rotosolve.Step(best, g, 2, inputs);
        }

        Assert.True(before > lowest + 0.1);
        Tolerance.Near(lowest, Loss(weights), 0.02, "loss");
    }

    [Fact]
    public void What_it_cannot_do_is_refused_by_name()
    {
        var none = new CircuitBuilder(1).H(0).ExpectZ().Build();
        Assert.Contains("no weights", Assert.Throws<ArgumentException>(() => new Spsa(new CpuDevice(), none)).Message, StringComparison.Ordinal);
        foreach (var (settings, named) in (ReadOnlySpan<(SpsaOptions, string)>)
        [
            (new() { LearningRate = 0 }, "LearningRate"), (new() { Move = double.NaN }, "Move"), (new() { Stability = -1 }, "Stability"),
            (new() { Directions = 0 }, "Directions"), (new() { Regularization = 0 }, "Regularization"), (new() { MostIncrease = double.NaN }, "MostIncrease"),
        ])
        {
            Assert.StartsWith(named, Assert.Throws<ArgumentException>(() => new Spsa(new CpuDevice(), Spins(), settings)).Message, StringComparison.Ordinal);
        }

        var builder = new CircuitBuilder(1);
        var noisy = builder.RX(builder.Weights("w", 1)[0], 0).BitFlip(0.1, 0).ExpectZ().Build();
        Assert.Contains("pure states", Assert.Throws<NotSupportedException>(() => new Spsa(new CpuDevice(), noisy, new SpsaOptions { Natural = true })).Message, StringComparison.Ordinal);
        using var allowed = new Spsa(new CpuDevice(), noisy);
    }

    private static Circuit Spins()
    {
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 4);
        return builder.RY(w[0], 0).RY(w[1], 1).CNOT(0, 1).RY(w[2], 0).RY(w[3], 1).Expect(PauliSum.Parse("Z0*Z1+0.5*X0+0.5*X1")).Build();
    }

    private static double Energy(double[] weights)
    {
        using var program = new CpuDevice().Compile<double>(Spins());
        return program.Evaluate<double>([], weights)[0];
    }
}
