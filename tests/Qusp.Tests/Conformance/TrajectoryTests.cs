// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Means over trajectories against the density matrices that they are the mean of, within their own statistical error.</summary>
public sealed class TrajectoryTests
{
    private const int Runs = 24; // independent seeds, from whose spread the error is told
    private const int Shots = 400;

    // Always the same circuits and draws: among thousands of numbers with rare and heavy paths chance passes any bound now and then.
    [Theory]
    [InlineData("bP5tpB3ofUS1")]
    [InlineData("f9jiwvIUwvC9")]
    [InlineData("6kez_LY3wz21")]
    [InlineData("9e8fcAhta0s7")]
    [InlineData("d7f8oHriFx-8")]
    [InlineData("0N0XIzNsQ0O2")]
    public void Values_and_gradients_by_angles_and_strengths_have_the_mean_of_the_density_matrix(string seed) =>
        Gen.Select(MixedCircuits.All, Gen.Double[0.02, 0.98].Array[MixedCircuits.Inputs], Gen.Double[0, 1].Array[MixedCircuits.Weights]).Sample(
            (circuit, x, w) => AssertUnbiased(circuit, x, w, errors: 7),
            seed: seed,
            iter: 1,
            threads: 1,
            print: sample => string.Join("; ", sample.Item1.Operations));

    [Fact]
    public void The_golden_noisy_circuits_have_their_values_and_gradients_within_five_standard_errors()
    {
        foreach (var golden in GoldenCircuits.Noisy)
        {
            ImmutableArray<Measurement> measurements =
            [
                .. Enumerable.Range(0, golden.Wires).Select(wire => new Expectation(PauliWord.Z(wire))),
                new Expectation(golden.Expectations.Hamiltonian), new Probabilities(0),
            ];
            AssertUnbiased(golden.ToCircuit(AngleSource.Input, measurements), [.. golden.Values], []);
        }
    }

    [Fact]
    public void Where_strengths_are_0_their_gradients_are_right_too()
    {
        // No trajectory with the noise has any probability, and yet the noise has a derivative.
        var builder = new CircuitBuilder(2);
        var p = builder.Inputs(5);
        var circuit = builder.RY(0.7, 0).CNOT(0, 1).DepolarizingChannel(p[0], 0).AmplitudeDamping(p[1], 1).RX(0.4, 1).BitFlip(p[2], 1)
            .Apply(Gates.Depolarizing(2), [1, 0], p[3]).PhaseDamping(p[4], 0).ExpectZ().Expect(PauliSum.Parse("X0*X1")).Build();
        AssertUnbiased(circuit, [0, 0, 0, 0, 0], []);
    }

    [Fact]
    public void Post_selection_keeps_the_share_of_trajectories_and_its_quotient_has_a_gradient()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(3);
        var circuit = builder.RY(x[0], 0).CRY(x[1], 0, 1).AmplitudeDamping(x[2], 1).Postselect(1, false).Probabilities(0).Build();
        AssertUnbiased(circuit, [0.8, 1.3, 0.2], [], shots: 4000); // a quotient is biased by 1/shots
        using var never = new TrajectoriesDevice().Compile<double>(new CircuitBuilder(1).Postselect(0, true).ExpectZ().Build());
        Assert.Contains("Sample 0", Assert.Throws<InvalidOperationException>(() => never.Evaluate<double>([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_the_number_of_threads_nor_the_cut_of_a_batch_changes_a_bit() =>
        Gen.Select(MixedCircuits.All, Gen.Double[0, 1].Array[5 * MixedCircuits.Inputs], Gen.Double[0, 1].Array[MixedCircuits.Weights]).Sample(
            (circuit, x, w) =>
            {
                double[] Run(int threads, int from, int count)
                {
                    using var program = new TrajectoriesDevice().Compile<double>(circuit, new ProgramOptions { Threads = threads, Shots = 300 });
                    var part = x.AsSpan(3 * from, 3 * count);
                    var (k, draw) = (circuit.Outputs, new Draw(9, from));
                    var (outputs, gradients) = (new double[count * k], new double[part.Length]);
                    program.Evaluate(count, part, w, outputs, draw);
                    program.Pullback(count, part, w, [.. Enumerable.Repeat(0.7, count * k)], gradients, [], draw);
                    return [.. outputs, .. gradients];
                }

                var whole = Run(1, 0, 5);
                Assert.Equal(whole, Run(3, 0, 5));
                var (k, first, rest) = (circuit.Outputs, Run(2, 0, 2), Run(1, 2, 3));
                Assert.Equal(whole[..(5 * k)], (double[])[.. first[..(2 * k)], .. rest[..(3 * k)]]);
                Assert.Equal(whole[(5 * k)..], (double[])[.. first[(2 * k)..], .. rest[(3 * k)..]]);
            },
            iter: 5,
            threads: 1);

    [Fact]
    public void Wires_that_no_density_matrix_holds_follow_the_closed_form_of_independent_flips()
    {
        var builder = new CircuitBuilder(16);
        var p = builder.Inputs(1)[0];
        for (var wire = 0; wire < 16; wire++)
        {
            builder.RY(0.1 * wire, wire).BitFlip(p, wire);
        }

        using var program = new TrajectoriesDevice().Compile<float>(builder.ExpectZ().Build(), new ProgramOptions { Shots = 64 });
        var outputs = program.Evaluate<float>([0.25f], [], new Draw(3));
        for (var wire = 0; wire < 16; wire++)
        {
            // Each trajectory gives ±cos θ: the deviation of the mean is √(1 − 1/4)·cos θ/√64.
            Tolerance.Near(0.5 * Math.Cos(0.1 * wire), outputs[wire], 5 * 0.867 * Math.Abs(Math.Cos(0.1 * wire)) / 8, $"wire {wire}");
        }

        Assert.Equal(64, program.Cost.Shots);
    }

    [Fact]
    public void A_pure_circuit_has_the_same_value_on_every_trajectory()
    {
        foreach (var golden in GoldenCircuits.All.Take(8))
        {
            using var program = new TrajectoriesDevice().Compile<double>(
                golden.ToCircuit(AngleSource.Input, [.. Enumerable.Range(0, golden.Wires).Select(wire => new Expectation(PauliWord.Z(wire)))]), new ProgramOptions { Shots = 3 });
            var outputs = program.Evaluate<double>([.. golden.Values]);
            var (byInputs, _) = program.Jacobian<double>([.. golden.Values]);
            for (var wire = 0; wire < golden.Wires; wire++)
            {
                Tolerance.Near(golden.Expectations.Z[wire], outputs[wire], Tolerance.Double, $"{golden}");
                for (var k = 0; k < golden.Parameters; k++)
                {
                    Tolerance.Near(golden.Jacobian[wire, k], byInputs[wire, k], Tolerance.Double, $"{golden}");
                }
            }
        }
    }

    // Means over independent seeds lie within five (or more) of their standard errors, as the seeds' spread tells them.
    private static void AssertUnbiased(Circuit circuit, double[] x, double[] w, int shots = Shots, double errors = 5)
    {
        double[] g = [.. Enumerable.Range(0, circuit.Outputs).Select(k => Math.Cos(k))];
        double[] Run(IDevice device, ulong seed)
        {
            using var program = device.Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.Adjoint, Shots = shots });
            var (outputs, byInputs, byWeights) = (new double[g.Length], new double[x.Length], new double[w.Length]);
            program.Evaluate(1, x, w, outputs, new Draw(seed));
            program.Pullback(1, x, w, g, byInputs, byWeights, new Draw(seed));
            return [.. outputs, .. byInputs, .. byWeights];
        }

        var exact = Run(new CpuDevice(), 0);
        double[][] runs = [.. Enumerable.Range(0, Runs).Select(seed => Run(new TrajectoriesDevice(), (ulong)(1000 + seed)))];
        for (var k = 0; k < exact.Length; k++)
        {
            var mean = runs.Average(run => run[k]);
            var error = Math.Sqrt(runs.Sum(run => (run[k] - mean) * (run[k] - mean)) / (Runs - 1) / Runs);
            Tolerance.Near(exact[k], mean, (errors * error) + (5.0 / (Runs * shots)) + 1e-9, $"number {k} of {exact.Length}");
        }
    }
}
