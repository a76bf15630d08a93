// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>What every program promises besides right numbers.</summary>
public sealed class ProgramTests
{
    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void A_batch_is_the_same_as_its_samples_one_by_one(string device, int batch)
    {
        Gen.Double[-3, 3].Array[batch * 4].Sample(
            x =>
            {
                using var program = Contender.Find(device).Compile<double>(Mixed());
                double[] w = [0.3, -1.1, 2.2];
                double[] g = [.. Enumerable.Range(0, batch * 5).Select(k => Math.Cos(k))];
                var (outputs, byInputs, byWeights) = (new double[batch * 5], new double[batch * 4], new double[3]);
                program.Evaluate(batch, x, w, outputs);
                program.Pullback(batch, x, w, g, byInputs, byWeights);
                var sum = new double[3];
                for (var b = 0; b < batch; b++)
                {
                    var (one, gradient, weights) = (new double[5], new double[4], new double[3]);
                    program.Evaluate(1, x.AsSpan(b * 4, 4), w, one);
                    program.Pullback(1, x.AsSpan(b * 4, 4), w, g.AsSpan(b * 5, 5), gradient, weights);
                    Assert.Equal(outputs.AsSpan(b * 5, 5).ToArray(), one, new Within(1e-13));
                    Assert.Equal(byInputs.AsSpan(b * 4, 4).ToArray(), gradient, new Within(1e-13));
                    for (var k = 0; k < 3; k++)
                    {
                        sum[k] += weights[k];
                    }
                }

                Assert.Equal(sum, byWeights, new Within(1e-12));
            },
            iter: 5,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void The_number_of_threads_does_not_change_a_bit(string device)
    {
        const int batch = 3000;
        double[] x = [.. Enumerable.Range(0, batch * 4).Select(k => (0.53 * k % 6) - 3)];
        double[] g = [.. Enumerable.Range(0, batch * 5).Select(k => Math.Cos(0.3 * k))];
        var results = new List<double[]>();
        foreach (var threads in new[] { 1, 2, 5 })
        {
            using var program = Contender.Find(device).Compile<double>(Mixed(), new ProgramOptions { Threads = threads });
            var (outputs, byInputs, byWeights) = (new double[batch * 5], new double[batch * 4], new double[3]);
            program.Evaluate(batch, x, [0.3, -1.1, 2.2], outputs);
            program.Pullback(batch, x, [0.3, -1.1, 2.2], g, byInputs, byWeights);
            results.Add([.. outputs, .. byInputs, .. byWeights]);
        }

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Wrong_lengths_are_refused_and_name_the_span(string device)
    {
        using var program = Contender.Find(device).Compile<double>(Mixed());
        Assert.Contains("inputs", Assert.Throws<ArgumentException>(() => program.Evaluate(2, new double[7], new double[3], new double[10])).Message, StringComparison.Ordinal);
        Assert.Contains("weights", Assert.Throws<ArgumentException>(() => program.Evaluate(2, new double[8], new double[2], new double[10])).Message, StringComparison.Ordinal);
        Assert.Contains("outputs", Assert.Throws<ArgumentException>(() => program.Evaluate(2, new double[8], new double[3], new double[9])).Message, StringComparison.Ordinal);
        Assert.Contains("cotangents", Assert.Throws<ArgumentException>(() => program.Pullback(2, new double[8], new double[3], new double[9], [], [])).Message, StringComparison.Ordinal);
        Assert.Contains("inputGradients", Assert.Throws<ArgumentException>(() => program.Pullback(2, new double[8], new double[3], new double[10], new double[7], [])).Message, StringComparison.Ordinal);
        Assert.Contains("weightGradients", Assert.Throws<ArgumentException>(() => program.Pullback(2, new double[8], new double[3], new double[10], [], new double[4])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Options_out_of_range_and_other_numbers_than_float_and_double_are_refused_when_it_is_compiled(string device)
    {
        var contender = Contender.Find(device);
        Assert.Contains("Threads", Assert.Throws<ArgumentOutOfRangeException>(() => contender.Compile<double>(Mixed(), new ProgramOptions { Threads = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("float or double", Assert.Throws<NotSupportedException>(() => contender.Compile<Half>(Mixed())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void After_the_end_a_call_is_refused_and_a_second_end_does_nothing(string device)
    {
        var program = Contender.Find(device).Compile<double>(Mixed());
        program.Dispose();
        program.Dispose();
        Assert.Throws<ObjectDisposedException>(() => program.Evaluate(2, new double[8], new double[3], new double[10]));
        Assert.Throws<ObjectDisposedException>(() => program.Pullback(2, new double[8], new double[3], new double[10], [], []));
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Of_two_calls_at_once_each_is_right_or_refused(string device)
    {
        const int batch = 40;
        using var program = Contender.Find(device).Compile<double>(Mixed(), new ProgramOptions { Threads = 1 });
        double[] x = [.. Enumerable.Range(0, batch * 4).Select(k => (0.53 * k % 6) - 3)];
        var expected = program.Evaluate<double>(x, [0.3, -1.1, 2.2]);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var k = 0; k < 50; k++)
            {
                double[] outputs;
                try
                {
                    outputs = program.Evaluate<double>(x, [0.3, -1.1, 2.2]);
                }
                catch (InvalidOperationException refused)
                {
                    Assert.Contains("one program for each thread", refused.Message, StringComparison.Ordinal);
                    continue;
                }

                Assert.Equal(expected, outputs);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void A_cotangent_that_is_no_number_makes_no_gradient_that_is_one(string device)
    {
        var builder = new CircuitBuilder(3);
        var (x, w) = (builder.Inputs(1), builder.Weights("w", 1));
        var circuit = builder.RX(x[0], 0).RY(w[0], 1).CNOT(0, 1).SingleExcitation(w[0], 1, 2).ExpectZ(0).ExpectZ(1).Expect(PauliWord.Z(1) * PauliWord.Z(2)).Build();
        using var program = Contender.Find(device).Compile<double>(circuit);
        Assert.All(Enumerable.Range(0, 3), output =>
        {
            double[] cotangents = [1, 1, 1];
            cotangents[output] = double.NaN;
            var (byInputs, byWeights) = (new double[1], new double[1]);
            program.Pullback(1, [0.7], [0.4], cotangents, byInputs, byWeights);
            Assert.True(double.IsNaN(byInputs[0]));
            Assert.True(output == 0 || double.IsNaN(byWeights[0])); // ⟨Z0⟩ does not depend on it
        });
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void An_angle_that_is_no_number_makes_no_output_that_is_one(string device)
    {
        var builder = new CircuitBuilder(3);
        var x = builder.Inputs(1);
        var circuit = builder.RX(x[0], 0).CNOT(0, 1).SingleExcitation(x[0], 1, 2).ExpectZ(0).ExpectZ(1).ExpectZ(2).Build();
        using var program = Contender.Find(device).Compile<double>(circuit);
        Assert.All([double.NaN, double.PositiveInfinity], bad =>
        {
            Assert.All(program.Evaluate<double>([bad]), output => Assert.True(double.IsNaN(output)));
            Assert.All(program.Jacobian<double>([bad]).ByInputs.Cast<double>(), slope => Assert.True(double.IsNaN(slope)));
        });
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Not_even_where_all_angles_of_the_first_call_are_none(string device)
    {
        var builder = new CircuitBuilder(3);
        var x = builder.Inputs(1);
        var circuit = builder.RY(x[0], 0).RY(x[0], 1).RY(x[0], 2).CNOT(0, 1).RY(x[0], 2).ExpectZ().Build();
        using var program = Contender.Find(device).Compile<double>(circuit);
        Assert.All(program.Evaluate<double>([double.NaN]), output => Assert.True(double.IsNaN(output)));
        Assert.All(program.Evaluate<double>([0.3]), output => Assert.True(double.IsFinite(output)));
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void An_empty_batch_is_allowed(string device)
    {
        using var program = Contender.Find(device).Compile<double>(Mixed());
        double[] gradient = [1, 1, 1];
        program.Evaluate(0, [], new double[3], []);
        program.Pullback(0, [], new double[3], [], [], gradient);
        Assert.Equal([0, 0, 0], gradient);
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Without_differentiation_a_pullback_is_refused(string device)
    {
        using var program = Contender.Find(device).Compile<double>(Mixed(), new ProgramOptions { Differentiation = Differentiation.None });
        Assert.Throws<NotSupportedException>(() => program.Pullback(1, new double[4], new double[3], new double[5], [], []));
    }

    [Fact]
    public void On_the_cpu_a_call_allocates_nothing_after_the_first()
    {
        using var program = new CpuDevice().Compile<double>(Mixed(), new ProgramOptions { Threads = 1 });
        var (x, w, g) = (new double[400], new double[3], new double[500]);
        var (outputs, byInputs, byWeights) = (new double[500], new double[400], new double[3]);
        void Step()
        {
            program.Evaluate(100, x, w, outputs);
            program.Pullback(100, x, w, g, byInputs, byWeights);
        }

        Step();
        Assert.Equal(0, Allocation.Of(Step, times: 100));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(16)]
    public void Circuits_too_large_for_lanes_follow_the_closed_form_of_independent_rotations(int wires)
    {
        var builder = new CircuitBuilder(wires);
        var x = builder.Inputs(wires);
        for (var wire = 0; wire < wires; wire++)
        {
            builder.RX(x[wire], wire);
        }

        using var program = new CpuDevice().Compile<double>(builder.CZ(0, wires - 1).ExpectZ().Build());
        double[] values = [.. Enumerable.Range(0, 2 * wires).Select(k => 0.1 + (0.2 * k))];
        var outputs = program.Evaluate<double>(values);
        var gradients = new double[2 * wires];
        program.Pullback(2, values, [], [.. Enumerable.Repeat(1.0, 2 * wires)], gradients, []);
        Assert.Equal((double[])[.. values.Select(Math.Cos)], outputs, new Within(1e-12));
        Assert.Equal((double[])[.. values.Select(value => -Math.Sin(value))], gradients, new Within(1e-12));
    }

    // Guards of both kinds, shared angles, one-, two- and three-wire gates, every kind of step, a weight and an input on one gate.
    private static Circuit Mixed()
    {
        var circuit = new CircuitBuilder(4);
        var x = circuit.Inputs(4);
        var w = circuit.Weights("w", 3);
        return circuit.H(0).RX(x[0], 1).If(x[1] > 0.1, then => then.RY(2 * x[1], 1).CNOT(1, 2))
            .If(x[2].Abs() > 0.5, then => then.U3(x[2], w[0], 0.4, 2).CRX(w[1], 2, 3).Toffoli(0, 1, 3).S(3).SX(2))
            .FermionicSWAP(w[2], 0, 3).IsingZZ(x[3] + 0.2, 1, 3).If(x[0] > 0, then => then.FermionicSWAP(x[1], 1, 2).ECR(0, 2))
            .SingleExcitation(x[0], 2, 3).RZ(w[0], 1)
            .Expect(PauliWord.Z(0)).Expect(PauliSum.Parse("X1*Y2-0.5*Z3")).Expect(PauliSum.Parse("0.3*Z0*Z1+1+Y3")).Probabilities(2).Build();
    }

    private sealed class Within(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double value) => 0;
    }
}
