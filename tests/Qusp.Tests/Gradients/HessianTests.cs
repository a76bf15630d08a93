// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class HessianTests
{
    private static readonly double[] X = [0.7, -1.1, 2.3];
    private static readonly double[] W = [0.3, -1.7, 0.9];
    private static readonly double[] G = [1, -0.5];

    [Theory]
    [InlineData(Differentiation.Adjoint)]
    [InlineData(Differentiation.ParameterShift)]
    public void It_is_the_difference_of_gradients_on_random_circuits(Differentiation method) =>
        RandomCircuits.Of(RandomCircuits.All, 3, 6).Sample(
            circuit =>
            {
                var measured = circuit.WithMeasurements(new Expectation(PauliSum.Parse("X0*Y1-0.5*Z2")), new Expectation(PauliWord.Z(1)));
                using var hessian = new Hessian<double>(new CpuDevice(), measured, new ProgramOptions { Differentiation = method });
                using var program = new CpuDevice().Compile<double>(measured);
                var actual = hessian.Evaluate(X, W, G);
                for (var row = 0; row < 6; row++)
                {
                    const double Step = 1e-5;
                    var (above, below) = (Gradient(program, row, Step), Gradient(program, row, -Step));
                    for (var column = 0; column < 6; column++)
                    {
                        Tolerance.Near((above[column] - below[column]) / (2 * Step), actual[row, column], 1e-6, $"{row}, {column} of {string.Join("; ", circuit.Operations)}");
                    }
                }
            },
            iter: 20);

    [Fact]
    public void Its_product_with_a_vector_is_that_of_the_matrix_and_shifts_only_what_moves()
    {
        var circuit = Small();
        using var hessian = new Hessian<double>(new CpuDevice(), circuit);
        var matrix = hessian.Evaluate(X, W, G);
        double[] vector = [0.3, -1, 0, 2, 0.1, 0.7];
        var product = hessian.Product(X, W, G, vector);
        for (var row = 0; row < 6; row++)
        {
            Tolerance.Near(Enumerable.Range(0, 6).Sum(column => matrix[row, column] * vector[column]), product[row], 1e-12, $"row {row}");
        }

        var before = hessian.Cost.Circuits;
        hessian.Product(X, W, G, [0, 0, 0, 1, 0, 0]);
        Assert.Equal(4, hessian.Cost.Circuits - before); // w0 turns two gates, each with two shifts
    }

    [Fact]
    public void The_mean_over_many_shots_is_right()
    {
        var circuit = Small();
        using var exact = new Hessian<double>(new CpuDevice(), circuit);
        using var sampled = new Hessian<double>(new SamplerDevice(), circuit, new ProgramOptions { Shots = 20000 });
        var (expected, actual) = (exact.Evaluate(X, W, G), sampled.Evaluate(X, W, G, new Draw(5)));
        for (var k = 0; k < 36; k++)
        {
            Tolerance.Near(expected[k / 6, k % 6], actual[k / 6, k % 6], 0.1, $"entry {k}");
        }
    }

    [Fact]
    public void Outputs_for_which_no_shift_rule_holds_are_refused() =>
        Assert.Contains("Shift rules", Assert.Throws<NotSupportedException>(
            () => new Hessian<double>(new CpuDevice(), Small().WithMeasurements(new Variance(PauliWord.Z(0))))).Message, StringComparison.Ordinal);

    private static Circuit Small()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(3);
        var w = builder.Weights("w", 3);
        return builder.RY(x[0], 0).RX(2 * w[0], 1).CNOT(0, 1).RZ(w[1] + 0.2, 1).If(x[1] > 5, then => then.RX(x[2], 0)).RY(w[0], 1).CNOT(1, 0).RX(w[2], 0).ExpectZ().Build();
    }

    private static double[] Gradient(IProgram<double> program, int moved, double amount)
    {
        var (x, w) = ((double[])X.Clone(), (double[])W.Clone());
        (moved < 3 ? x : w)[moved % 3] += amount;
        var (byInputs, byWeights) = (new double[3], new double[3]);
        program.Pullback(1, x, w, G, byInputs, byWeights);
        return [.. byInputs, .. byWeights];
    }
}
