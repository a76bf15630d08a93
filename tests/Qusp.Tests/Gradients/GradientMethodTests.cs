// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

/// <summary>One gradient, many ways.</summary>
public sealed class GradientMethodTests
{
    private static readonly ImmutableArray<Measurement> Measured =
        [new Expectation(PauliSum.Parse("X0*Y1-0.5*Z2+0.3")), new Expectation(PauliWord.Z(1)), new Probabilities(2, 0), new DensityMatrix(1)];

    [Fact]
    public void Adjoint_shift_Hadamard_test_and_differences_agree_on_random_circuits_of_the_whole_table() =>
        RandomCircuits.Of([.. RandomCircuits.All.Where(gate => gate.Wires <= 3)], 3, 12).Sample(
            circuit =>
            {
                var measured = circuit.WithMeasurements(Measured);
                var expected = Gradient(measured, Differentiation.Adjoint);
                Compare(expected, Gradient(measured, Differentiation.ParameterShift), 1e-9, "shift", measured);
                Compare(expected, Gradient(measured, Differentiation.HadamardTest), 1e-9, "Hadamard test", measured);
                Compare(expected, Gradient(measured, Differentiation.FiniteDifference), 1e-6, "difference", measured);
            },
            iter: 40);

    [Theory]
    [InlineData(1, true, 2e-7)]
    [InlineData(2, true, 2e-9)]
    [InlineData(4, true, 1e-11)]
    [InlineData(2, false, 1e-9)]
    [InlineData(4, false, 1e-11)]
    public void A_difference_has_the_error_of_its_order(int order, bool forward, double tolerance)
    {
        var circuit = Entangled().WithMeasurements(Measured);
        var expected = Gradient(circuit, Differentiation.Adjoint);
        var actual = Gradient(circuit, Differentiation.FiniteDifference, new ProgramOptions { Difference = new DifferenceScheme(order, forward) });
        Compare(expected, actual, 10 * tolerance, $"order {order}", circuit);

        // With a large step the truncation is seen: halving the step divides it by 2^order.
        double Error(double step) => expected.Zip(
            Gradient(circuit, Differentiation.FiniteDifference, new ProgramOptions { Difference = new DifferenceScheme(order, forward, step) }), (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(Math.Log2(Error(0.1) / Error(0.05)), order - 0.4, order + 0.4);
    }

    [Fact]
    public void Along_a_direction_the_derivative_is_the_gradient_times_it()
    {
        using var program = new CpuDevice().Compile<double>(Entangled().WithMeasurements([.. Measured, new Variance(PauliWord.X(0))]));
        double[] x = [0.3, 0.4, 0.5], w = [0.1, 0.2, 0.3], dx = [1, -0.5, 2], dw = [0.3, 0, -1];
        var (byInputs, byWeights) = program.Jacobian<double>(x, w);
        var along = program.DirectionalDerivative<double>(x, w, dx, dw, new DifferenceScheme(4));
        for (var k = 0; k < along.Length; k++)
        {
            var expected = Enumerable.Range(0, 3).Sum(j => (byInputs[k, j] * dx[j]) + (byWeights[k, j] * dw[j]));
            Tolerance.Near(expected, along[k], 1e-10, $"output {k}");
        }

        Assert.Throws<ArgumentException>(() => program.DirectionalDerivative<double>(x, w, [1], []));
    }

    [Fact]
    public void Differences_that_are_not_there_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Gradient(Entangled(), Differentiation.FiniteDifference, new ProgramOptions { Difference = new DifferenceScheme(3) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gradient(Entangled(), Differentiation.FiniteDifference, new ProgramOptions { Difference = new DifferenceScheme(2, false, -1) }));
    }

    [Fact]
    public void Spsa_is_the_gradient_in_the_mean_and_the_same_for_the_same_seed()
    {
        var circuit = Entangled().WithMeasurements(Measured[0]);
        var expected = Gradient(circuit, Differentiation.Adjoint);
        const int directions = 4000;
        var options = new ProgramOptions { SpsaDirections = directions, SpsaStep = 1e-3 };
        var actual = Gradient(circuit, Differentiation.Spsa, options, seed: 3);
        Assert.Equal(actual, Gradient(circuit, Differentiation.Spsa, options, seed: 3));
        Assert.NotEqual(actual, Gradient(circuit, Differentiation.Spsa, options, seed: 4));
        var size = Math.Sqrt(expected.Sum(slope => slope * slope)); // of the noise of one direction
        Compare(expected, actual, 5 * size / Math.Sqrt(directions), "SPSA", circuit);
    }

    [Fact]
    public void Spsa_of_a_batch_split_in_two_is_that_of_the_whole()
    {
        using var program = new CpuDevice().Compile<double>(
            Entangled().WithMeasurements(Measured[0]), new ProgramOptions { Differentiation = Differentiation.Spsa, SpsaDirections = 3 });
        double[] x = [0.3, 0.4, 0.5, -0.2, 1.1, 0.8];
        var (whole, parts) = (new double[6], new double[6]);
        program.Pullback(2, x, [0.1, 0.2, 0.3], [1, 1], whole, [], new Draw(7));
        program.Pullback(1, x.AsSpan(0, 3), [0.1, 0.2, 0.3], [1], parts.AsSpan(0, 3), [], new Draw(7));
        program.Pullback(1, x.AsSpan(3, 3), [0.1, 0.2, 0.3], [1], parts.AsSpan(3, 3), [], new Draw(7, 1));
        Assert.Equal(whole, parts);
        Assert.Equal(2 * 12, program.Cost.Circuits); // a pair for each sample and direction
    }

    [Fact]
    public void With_shots_the_Hadamard_test_is_right_within_its_error()
    {
        var circuit = Entangled().WithMeasurements(new Expectation(PauliWord.Z(1)));
        var expected = Gradient(circuit, Differentiation.Adjoint);
        using var program = new SamplerDevice().Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.HadamardTest, Shots = 40000 });
        var (byInputs, byWeights) = program.Jacobian<double>([0.3, 0.4, 0.5], [0.1, 0.2, 0.3], new Draw(11));
        for (var k = 0; k < 3; k++)
        {
            Tolerance.Near(expected[k], byInputs[0, k], 5 * 2 / Math.Sqrt(40000), $"input {k}");
            Tolerance.Near(expected[3 + k], byWeights[0, k], 5 * 2 / Math.Sqrt(40000), $"weight {k}");
        }
    }

    [Fact]
    public void Rules_are_refused_where_they_do_not_hold()
    {
        foreach (var method in new[] { Differentiation.HadamardTest, Differentiation.ParameterShift })
        {
            var message = Assert.Throws<NotSupportedException>(() => Gradient(Entangled().WithMeasurements(new StateVector()), method)).Message;
            Assert.Contains("Adjoint", message, StringComparison.Ordinal);
        }
    }

    private static Circuit Entangled()
    {
        var builder = new CircuitBuilder(3);
        var x = builder.Inputs(3);
        var w = builder.Weights("w", 3);
        return builder.RY(x[0], 0).CRX(2 * w[0], 0, 1).Rot(x[1], w[1], 0.3, 2).CNOT(1, 2).SingleExcitation(x[2], 0, 2).IsingXY(w[2], 1, 2).ExpectZ(0).Build();
    }

    // Of a fixed combination of the outputs, by inputs and weights.
    private static double[] Gradient(Circuit circuit, Differentiation method, ProgramOptions? options = null, ulong seed = 0)
    {
        using var program = new CpuDevice().Compile<double>(circuit, (options ?? new ProgramOptions()) with { Differentiation = method });
        var (byInputs, byWeights) = (new double[circuit.Inputs], new double[circuit.Weights]);
        double[] g = [.. Enumerable.Range(0, circuit.Outputs).Select(k => Math.Cos(k))];
        program.Pullback(1, [0.3, 0.4, 0.5], [0.1, 0.2, 0.3], g, byInputs, byWeights, new Draw(seed));
        return [.. byInputs, .. byWeights];
    }

    private static void Compare(double[] expected, double[] actual, double tolerance, string method, Circuit circuit)
    {
        for (var k = 0; k < expected.Length; k++)
        {
            Tolerance.Near(expected[k], actual[k], tolerance, $"{method}, variable {k}, of {string.Join("; ", circuit.Operations)}");
        }
    }
}
