// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Circuits whose angles are expressions, on each device.</summary>
public sealed class ExpressionProgramTests
{
    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void Values_are_those_of_the_circuit_with_each_samples_angles_written_out_in_double(string device, int batch) => Values_agree<double>(device, batch);

    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void Values_are_those_of_the_circuit_with_each_samples_angles_written_out_in_single(string device, int batch) => Values_agree<float>(device, batch);

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Derivatives_are_those_of_the_circuit_by_finite_differences_of_its_data(string device, Differentiation method)
    {
        var circuit = Mixed();
        double[] x = [0.4, -0.7, 1.3, 0.4, 2.1, 0.9];
        double[] w = [0.3, 1.2];
        double[] g = [0.5, -1, 2, 0.3, 1.1, -0.4];
        using var program = Contender.Find(device).Compile<double>(circuit, new ProgramOptions { Differentiation = method });
        var (byInputs, byWeights) = (new double[6], new double[2]);
        program.Pullback(2, x, w, g, byInputs, byWeights);
        for (var j = 0; j < 6; j++)
        {
            var at = j;
            Tolerance.Near(Slope(step => Loss([.. x.Select((value, k) => k == at ? value + step : value)], w)), byInputs[j], 1e-8, $"by input {j}");
        }

        for (var k = 0; k < 2; k++)
        {
            var at = k;
            Tolerance.Near(Slope(step => Loss(x, [.. w.Select((value, i) => i == at ? value + step : value)])), byWeights[k], 1e-8, $"by weight {k}");
        }

        // Either alone is the same.
        var (inputsAlone, weightsAlone) = (new double[6], new double[2]);
        program.Pullback(2, x, w, g, inputsAlone, []);
        program.Pullback(2, x, w, g, [], weightsAlone);
        Assert.Equal(byInputs, inputsAlone);
        Assert.Equal(byWeights, weightsAlone);

        double Loss(double[] inputs, double[] weights) => Direct(circuit, inputs, weights).Zip(g, (value, factor) => value * factor).Sum();
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    public void Strengths_of_noise_and_what_is_derived_from_the_state_take_expressions_too(string device)
    {
        var builder = new CircuitBuilder(2);
        var (x, w) = (builder.Inputs(1), builder.Weights("w", 1));
        var strength = Angle.Pow(Angle.Sin(x[0] * w[0]), 2);
        var circuit = builder.RY(x[0] * w[0], 0).CNOT(0, 1).Apply(Gates.BitFlip, [0], 0.5 * strength).RX(w[0] / (1 + (x[0] * x[0])), 1)
            .Measure(new Purity([0])).Measure(new Variance(PauliSum.Parse("0.5*Z0+X1"))).Build();
        using var program = Contender.Find(device).Compile<double>(circuit);
        var (byInputs, byWeights) = program.Jacobian<double>([0.6], [0.9]);
        for (var k = 0; k < 2; k++)
        {
            var output = k;
            Tolerance.Near(Slope(step => program.Evaluate<double>([0.6 + step], [0.9])[output]), byInputs[k, 0], 1e-9, $"output {k} by the input");
            Tolerance.Near(Slope(step => program.Evaluate<double>([0.6], [0.9 + step])[output]), byWeights[k, 0], 1e-9, $"output {k} by the weight");
        }
    }

    [Fact]
    public void A_call_allocates_nothing_after_the_first()
    {
        using var program = new CpuDevice().Compile<double>(Mixed(), new ProgramOptions { Threads = 1 });
        var (x, w, g) = (new double[300], new double[2], new double[300]);
        Array.Fill(x, 0.3);
        var (outputs, byInputs, byWeights) = (new double[300], new double[300], new double[2]);
        Step();
        Assert.Equal(0, Allocation.Of(Step, times: 20));

        void Step()
        {
            program.Evaluate(100, x, w, outputs);
            program.Pullback(100, x, w, g, byInputs, byWeights);
        }
    }

    [Fact]
    public void The_ledger_counts_the_circuits_gates_and_shots_follow_the_seed()
    {
        using var exact = new CpuDevice().Compile<double>(Mixed());
        exact.Evaluate(1, [0.4, -0.7, 1.3], [0.3, 1.2], new double[3]);
        Assert.Equal(new Cost(1, 9, 3, 2, 0) { SimulatedWires = 3, LargestState = 3 }, exact.Cost);

        using var sampled = new SamplerDevice().Compile<double>(Mixed(), new ProgramOptions { Shots = 20000 });
        double[] first = sampled.Evaluate<double>([0.4, -0.7, 1.3], [0.3, 1.2], new Draw(5));
        Assert.Equal(first, sampled.Evaluate<double>([0.4, -0.7, 1.3], [0.3, 1.2], new Draw(5)));
        Assert.All(Direct(Mixed(), [0.4, -0.7, 1.3], [0.3, 1.2]).Zip(first), pair => Assert.Equal(pair.First, pair.Second, 5 / Math.Sqrt(20000)));
    }

    // Five points: the error is of order h⁴.
    private static double Slope(Func<double, double> f)
    {
        const double h = 1e-3;
        return ((8 * (f(h) - f(-h))) - (f(2 * h) - f(-2 * h))) / (12 * h);
    }

    private static void Values_agree<T>(string device, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var program = Contender.Find(device).Compile<T>(Mixed());
        Gen.Single[-2, 2].Array[batch * 3].Sample(
            data =>
            {
                double[] x = [.. data]; // as both precisions have it, so that guards decide alike
                double[] w = [0.3, 1.2];
                var outputs = new T[batch * 3];
                program.Evaluate(batch, Tolerance.Convert<T>(x), Tolerance.Convert<T>(w), outputs);
                var expected = Direct(Mixed(), x, w);
                for (var k = 0; k < expected.Length; k++)
                {
                    Tolerance.Near(expected[k], double.CreateChecked(outputs[k]), Tolerance.Of<T>(), $"output {k}");
                }
            },
            iter: 3,
            threads: 1);
    }

    // Sample by sample, each angle a constant, on the reference device.
    private static double[] Direct(Circuit circuit, double[] inputs, double[] weights) =>
    [
        .. inputs.Chunk(circuit.Inputs).SelectMany(sample =>
        {
            var constant = circuit.WithOperations(
            [
                .. circuit.Operations.Select(operation => operation.WithAngles([.. operation.Angles.Select(angle => Angle.Constant(angle.Value(sample, weights)))])),
            ]);
            using var program = new ReferenceDevice().Compile<double>(constant);
            return program.Evaluate<double>(sample, weights);
        }),
    ];

    // Products, quotients and functions of inputs, of weights and of both; the same expression twice; guards on plain inputs.
    private static Circuit Mixed()
    {
        var circuit = new CircuitBuilder(3);
        var x = circuit.Inputs(3);
        var w = circuit.Weights("w", 2);
        var both = (Math.PI - x[0]) * (Math.PI - x[1]);
        return circuit.H(0).H(1).RX(x[0] * w[0], 2).IsingZZ(2 * both, 0, 1).If(x[0] > 0, then => then.RY(0.5 * both, 1).CNOT(0, 2))
            .If(x[1].Abs() > 1, then => then.Rot(Angle.Sin(x[2]), w[1] / (2 + (w[0] * w[0])), x[0], 1).RZ(Angle.Exp(x[1]), 0))
            .U3(Angle.Atan2(x[1], x[2]), Angle.Cos(w[0]), 0.3, 2).CRX(x[1] * x[1] * w[1], 1, 2).RX(x[0] + w[1], 0)
            .Expect(PauliWord.Z(0)).Expect(PauliSum.Parse("X1*Y2-0.5*Z2")).Expect(PauliWord.X(0)).Build();
    }
}
