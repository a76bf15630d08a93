// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>The same golden circuits by shots: right within their statistical error, and reproducible to the bit.</summary>
public sealed class SamplerTests
{
    private const int Shots = 20_000;

    [Fact]
    public void Expectations_and_probabilities_of_the_golden_circuits_lie_within_five_standard_errors()
    {
        foreach (var golden in GoldenCircuits.All)
        {
            var expectations = golden.Expectations;
            ImmutableArray<Measurement> measurements =
            [
                .. Words(golden, 'Z'), .. Words(golden, 'X'), .. Words(golden, 'Y'),
                .. expectations.Words.Select(word => new Expectation(word.Word)),
                new Expectation(expectations.Hamiltonian),
                new Probabilities([.. Enumerable.Range(0, golden.Wires)]),
            ];
            (double Value, double Deviation)[] expected =
            [
                .. expectations.Z.Concat(expectations.X).Concat(expectations.Y).Concat(expectations.Words.Select(word => word.Expectation))
                    .Select(mean => (mean, Math.Sqrt(Math.Max(0, 1 - (mean * mean))))),
                (expectations.HamiltonianValue, expectations.Hamiltonian.Terms.Sum(term => Math.Abs(term.Coefficient))),
                .. golden.Probabilities.Select(p => (p, Math.Sqrt(Math.Max(0, p * (1 - p))))),
            ];
            using var program = new SamplerDevice().Compile<double>(
                golden.ToCircuit(AngleSource.Constant, measurements), new ProgramOptions { Shots = Shots });
            var outputs = program.Evaluate<double>([], [], new Draw(11));
            for (var k = 0; k < expected.Length; k++)
            {
                // Five standard errors, and a few counts for probabilities next to 0 or 1.
                Tolerance.Near(
                    expected[k].Value, outputs[k], (5 * expected[k].Deviation / Math.Sqrt(Shots)) + (5.0 / Shots), $"{golden}, output {k}");
            }
        }
    }

    [Fact]
    public void A_seed_gives_the_same_shots_on_any_number_of_threads_and_any_batch_split()
    {
        double[] x = [.. Enumerable.Range(0, 40).Select(k => 0.3 * k % 2)];
        using var program = new SamplerDevice().Compile<double>(GoldenSeed.Circuit(), new ProgramOptions { Threads = 1 });
        using var threaded = new SamplerDevice().Compile<double>(GoldenSeed.Circuit(), new ProgramOptions { Threads = 2 });
        var whole = program.Evaluate<double>(x, [], new Draw(5));
        Assert.Equal(whole, threaded.Evaluate<double>(x, [], new Draw(5)));
        var (first, rest) = (program.Evaluate<double>(x.AsSpan(0, 12), [], new Draw(5)), program.Evaluate<double>(x.AsSpan(12), [], new Draw(5, FirstSample: 3)));
        Assert.Equal(whole, (double[])[.. first, .. rest]);
        Assert.NotEqual(whole, program.Evaluate<double>(x, [], new Draw(6)));
    }

    [Fact]
    public void Parameter_shift_under_shots_approaches_the_exact_gradient_and_each_shift_has_shots_of_its_own()
    {
        double[] x = [0.5, 0.9, 1.2, 0.7];
        double[] g = [1, 0.5, -0.5, 0.25];
        var (exact, sampled, again) = (new double[4], new double[4], new double[4]);
        using var cpu = new CpuDevice().Compile<double>(GoldenSeed.Circuit());
        cpu.Pullback(1, x, [], g, exact, []);
        using var program = new SamplerDevice().Compile<double>(GoldenSeed.Circuit(), new ProgramOptions { Shots = Shots });
        Assert.Equal(Differentiation.ParameterShift, program.Differentiation);
        program.Pullback(1, x, [], g, sampled, [], new Draw(1));
        program.Pullback(1, x, [], g, again, [], new Draw(1));
        Assert.Equal(sampled, again);
        for (var j = 0; j < 4; j++)
        {
            // Two evaluations with weight 1/2, each a sum of four outputs of at most unit variance times g.
            Tolerance.Near(exact[j], sampled[j], 5 * 2.25 / Math.Sqrt(2 * Shots), $"gradient {j}");
        }
    }

    [Fact]
    public void The_ledger_counts_shots_of_each_basis()
    {
        var circuit = new CircuitBuilder(2).H(0).CNOT(0, 1).ExpectZ().Expect(PauliSum.Parse("X0*X1+0.5")).Build();
        using var program = new SamplerDevice().Compile<double>(circuit);
        var outputs = program.Evaluate<double>([]);
        Assert.Equal(1.5, outputs[2]); // a Bell pair: X0*X1 is 1 in every shot
        Assert.Equal(2, program.Cost.Circuits);
        Assert.Equal(2 * 1024, program.Cost.Shots);
    }

    [Theory]
    [InlineData(Differentiation.Adjoint)]
    [InlineData(Differentiation.FiniteDifference)]
    public void A_method_that_shots_cannot_do_is_refused_by_name(Differentiation method)
    {
        var error = Assert.Throws<NotSupportedException>(
            () => new SamplerDevice().Compile<double>(GoldenSeed.Circuit(), new ProgramOptions { Differentiation = method }));
        Assert.Contains(method.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("ParameterShift", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Measurement> Words(GoldenCircuit golden, char letter) =>
        Enumerable.Range(0, golden.Wires).Select(wire => new Expectation(PauliWord.Of((wire, letter))));
}
