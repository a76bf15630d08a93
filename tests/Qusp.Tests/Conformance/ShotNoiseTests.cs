// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Standard errors are what repetition shows, for outputs and gradients, however shots are allocated.</summary>
public sealed class ShotNoiseTests
{
    private static readonly double[] X = [0.5, 0.9, 1.2, 0.7];

    [Theory]
    [InlineData(ShotAllocation.Each)]
    [InlineData(ShotAllocation.Uniform)]
    [InlineData(ShotAllocation.ByCoefficient)]
    [InlineData(ShotAllocation.ByVariance)]
    public void Golden_circuits_lie_within_five_of_their_standard_errors(ShotAllocation allocation)
    {
        // The default has all of them, the others every third.
        foreach (var golden in GoldenCircuits.All.Where(golden => allocation == ShotAllocation.Each || golden.Id % 3 == 0))
        {
            var expectations = golden.Expectations;
            ImmutableArray<Measurement> measurements =
            [
                new Expectation(expectations.Hamiltonian),
                .. expectations.Words.SelectMany(word => (Measurement[])[new Expectation(word.Word), new Variance(word.Word)]),
                new Probabilities(1, 0), new DensityMatrix(0), new Purity(1), new VnEntropy(0),
            ];
            var circuit = golden.ToCircuit(AngleSource.Constant, measurements);
            using var exact = new CpuDevice().Compile<double>(circuit);
            using var program = new SamplerDevice().Compile<double>(circuit, new ProgramOptions { Shots = 8000, ShotAllocation = allocation });
            var expected = exact.Evaluate<double>([]);
            var estimates = program.Estimates<double>([], [], new Draw(4));
            Assert.Equal(program.Evaluate<double>([], [], new Draw(4)), (double[])[.. estimates.Select(estimate => estimate.Value)]);
            for (var k = 0; k < expected.Length; k++)
            {
                // A share of 0 counts has an error of 0; where an entropy or purity is at its end the first order says nothing.
                var curved = k >= expected.Length - 2 ? 0.02 : 5.0 / 1000;
                Tolerance.Near(expected[k], estimates[k].Value, (5 * estimates[k].StandardError) + curved, $"{golden}, output {k}");
            }
        }
    }

    [Theory]
    [InlineData(ShotAllocation.Each)]
    [InlineData(ShotAllocation.ByVariance)]
    public void Standard_errors_of_outputs_are_the_deviations_of_repetitions(ShotAllocation allocation)
    {
        var circuit = Correlated();
        using var program = new SamplerDevice().Compile<double>(circuit, new ProgramOptions { Shots = 2000, ShotAllocation = allocation });
        var runs = Enumerable.Range(0, 400).Select(seed => program.Evaluate<double>(X, [], new Draw((ulong)seed))).ToList();
        var estimates = program.Estimates<double>(X, [], new Draw(1000));
        for (var k = 0; k < circuit.Outputs; k++)
        {
            var mean = runs.Average(run => run[k]);
            var deviation = Math.Sqrt(runs.Sum(run => (run[k] - mean) * (run[k] - mean)) / (runs.Count - 1));

            // The deviation of 400 runs is known to 1/√800, and the pilot of one run is a guess.
            Assert.InRange(estimates[k].StandardError / deviation, 0.8, 1.25);
        }
    }

    [Fact]
    public void Standard_errors_of_gradients_are_the_deviations_of_repetitions()
    {
        var circuit = GoldenSeed.Circuit().WithMeasurements(new Expectation(PauliSum.Parse("Z0+0.5*X1*Z2-Z3")));
        using var program = new SamplerDevice().Compile<double>(circuit, new ProgramOptions { Shots = 500 });
        var runs = Enumerable.Range(0, 300).Select(seed => program.Jacobian<double>(X, [], new Draw((ulong)seed)).ByInputs).ToList();
        var (estimates, _) = program.JacobianEstimates<double>(X, [], new Draw(1000));
        Assert.Equal(program.Jacobian<double>(X, [], new Draw(1000)).ByInputs[0, 2], estimates[0, 2].Value);
        for (var j = 0; j < 4; j++)
        {
            var mean = runs.Average(run => run[0, j]);
            var deviation = Math.Sqrt(runs.Sum(run => (run[0, j] - mean) * (run[0, j] - mean)) / (runs.Count - 1));
            Assert.InRange(estimates[0, j].StandardError, 0.8 * deviation, (1.25 * deviation) + 1e-12);
        }
    }

    [Fact]
    public void Measured_variance_gives_the_smallest_error_for_the_same_number_of_shots()
    {
        // X0 is certain and has the large coefficient, Z0 is a coin: all shots should go to Z.
        var circuit = new CircuitBuilder(1).H(0).Expect(PauliSum.Parse("10*X0+Z0")).Build();
        Estimate With(ShotAllocation allocation)
        {
            using var program = new SamplerDevice().Compile<double>(circuit, new ProgramOptions { Shots = 10_000, ShotAllocation = allocation });
            var estimate = program.Estimates<double>([], [], new Draw(3))[0];
            Assert.Equal(2 * (allocation == ShotAllocation.Each ? 20_000 : 10_000), program.Cost.Shots); // values, then errors from the same shots
            return estimate;
        }

        Assert.Equal(1 / Math.Sqrt(10_000), With(ShotAllocation.Each).StandardError, 1e-4);
        Assert.Equal(1 / Math.Sqrt(5_000), With(ShotAllocation.Uniform).StandardError, 1e-4);
        Assert.Equal(1 / Math.Sqrt(10_000 / 11.0), With(ShotAllocation.ByCoefficient).StandardError, 1e-3);
        Assert.Equal(1 / Math.Sqrt(9_000), With(ShotAllocation.ByVariance).StandardError, 1e-4);
    }

    [Fact]
    public void On_an_exact_device_errors_are_0()
    {
        using var program = new CpuDevice().Compile<double>(Correlated());
        Assert.All(program.Estimates<double>(X), estimate => Assert.Equal(0, estimate.StandardError));
        Assert.Equal(0, program.JacobianEstimates<double>(X).ByInputs[0, 1].StandardError);
    }

    [Fact]
    public void What_cannot_be_had_by_shots_is_refused_by_name()
    {
        var circuit = new CircuitBuilder(6).H(0).Expect(PauliSum.Parse("X0+Y0+Z0")).Build();
        Assert.Contains("3 bases", Refused(circuit, new() { Shots = 5, ShotAllocation = ShotAllocation.Uniform }), StringComparison.Ordinal);
        Assert.Contains("90 shots", Refused(circuit, new() { Shots = 89, ShotAllocation = ShotAllocation.ByVariance }), StringComparison.Ordinal);
        Assert.Contains("state vector", Refused(circuit.WithMeasurements(new StateVector()), new()), StringComparison.Ordinal);
        Assert.Contains("classical shadows", Refused(circuit.WithMeasurements(new DensityMatrix(0, 1, 2, 3, 4)), new()), StringComparison.Ordinal);
        using var program = new SamplerDevice().Compile<double>(new CircuitBuilder(1).H(0).Purity().Build());
        Assert.Throws<NotSupportedException>(() => program.JacobianEstimates<double>([]));

        static string Refused(Circuit circuit, ProgramOptions options) =>
            Assert.Throws<NotSupportedException>(() => new SamplerDevice().Compile<double>(circuit, options)).Message;
    }

    [Theory]
    [InlineData("sampler", Differentiation.ParameterShift)]
    [InlineData("trajectories", Differentiation.Adjoint)]
    public void Standard_errors_are_refused_after_the_end(string device, Differentiation differentiation)
    {
        var program = Devices.Find(device).Compile<double>(Correlated().WithMeasurements(new Expectation(PauliWord.Z(0))), new ProgramOptions { Differentiation = differentiation });
        var (shots, outputs, weights) = (program.Shots(), program.Circuit.Outputs, program.Circuit.Weights);
        program.Dispose();
        Assert.Throws<ObjectDisposedException>(() => shots.Variances(1, X, new double[weights], new double[outputs], new double[1], default));
        Assert.Throws<ObjectDisposedException>(() => shots.PullbackVariances(1, X, new double[weights], new double[outputs], new double[X.Length], new double[weights], default));
    }

    [Fact]
    public void Shots_are_split_to_the_last_one()
    {
        Assert.Equal([34, 33, 33], Split([0, 0, 0]));
        Assert.Equal([2, 2, 96], Split([0, 0, 5]));
        Assert.Equal([51, 26, 23], Split([0.5, 0.25, 0.22]));

        static int[] Split(double[] weights)
        {
            var split = new int[weights.Length];
            Qusp.Simulation.Sampling.ShotBudget.Split(100, weights, split);
            return split;
        }
    }

    // One observable of words that share shots and words that do not, outputs that share shots, and functions of them.
    private static Circuit Correlated()
    {
        var builder = new CircuitBuilder(4);
        var x = builder.Inputs(4);
        for (var wire = 0; wire < 4; wire++)
        {
            builder.RY(x[wire], wire).CNOT(wire, (wire + 1) % 4);
        }

        return builder.Expect(PauliSum.Parse("Z0+0.5*Z0*Z1-Z3+0.3")).Expect(PauliSum.Parse("X0*X1-Z2")).Variance(PauliSum.Parse("Z0+Z1"))
            .Purity(1).Probabilities(2, 3).Build();
    }
}
