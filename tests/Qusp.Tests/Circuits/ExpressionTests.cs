// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Tests;

public sealed class ExpressionTests
{
    private static readonly Angle[] X = [Angle.Input(0), Angle.Input(1), Angle.Input(2)];
    private static readonly Angle[] W = [Angle.Weight(0), Angle.Weight(1)];

    // Each function of the table, at arguments where it is smooth.
    private static readonly Dictionary<string, (Func<Angle, Angle, Angle> Written, Func<double, double, double> Meant)> Functions = new()
    {
        ["add"] = ((a, b) => a + b, (a, b) => a + b),
        ["multiply"] = ((a, b) => a * b, (a, b) => a * b),
        ["divide"] = ((a, b) => a / b, (a, b) => a / b),
        ["pow"] = (Angle.Pow, Math.Pow),
        ["sin"] = ((a, b) => Angle.Sin(a), (a, b) => Math.Sin(a)),
        ["cos"] = ((a, b) => Angle.Cos(a), (a, b) => Math.Cos(a)),
        ["tan"] = ((a, b) => Angle.Tan(a), (a, b) => Math.Tan(a)),
        ["asin"] = ((a, b) => Angle.Asin(a / 2), (a, b) => Math.Asin(a / 2)),
        ["acos"] = ((a, b) => Angle.Acos(a / 2), (a, b) => Math.Acos(a / 2)),
        ["atan"] = ((a, b) => Angle.Atan(a), (a, b) => Math.Atan(a)),
        ["atan2"] = (Angle.Atan2, Math.Atan2),
        ["tanh"] = ((a, b) => Angle.Tanh(a), (a, b) => Math.Tanh(a)),
        ["exp"] = ((a, b) => Angle.Exp(a), (a, b) => Math.Exp(a)),
        ["log"] = ((a, b) => Angle.Log(a), (a, b) => Math.Log(a)),
        ["sqrt"] = ((a, b) => Angle.Sqrt(a), (a, b) => Math.Sqrt(a)),
        ["abs"] = ((a, b) => Angle.Abs(a - b), (a, b) => Math.Abs(a - b)),
        ["min"] = (Angle.Min, Math.Min),
        ["max"] = (Angle.Max, Math.Max),
        ["hypot"] = (Angle.Hypot, double.Hypot),
    };

    public static TheoryData<string> Names => [.. ExpressionFunction.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_of_angles_is_the_function_of_their_values_and_so_is_its_derivative(string name) =>
        Gen.Double[0.2, 1.4].Array[5].Where(v => Math.Abs(v[0] + 0.1 - (2 * v[3])) > 0.01).Sample(
            v =>
            {
                // An input and a weight, both affine.
                var (written, meant) = Functions[name];
                var (a, b) = (v[0] + 0.1, 2 * v[3]);
                var angle = written(X[0] + 0.1, 2 * W[0]);
                Assert.Equal(meant(a, b), angle.Value(v.AsSpan(0, 3), v.AsSpan(3, 2)), 12);

                var tape = new ExpressionTape([angle.Expression!], 3, 2);
                tape.ReadWeights<double>(v.AsSpan(3, 2));
                tape.ReadInputs<double>(v.AsSpan(0, 3));
                tape.AddSlope(0, angle.Scale);
                var (byInputs, byWeights) = (new double[3], new double[2]);
                tape.PullSample<double>(byInputs);
                tape.PullWeights<double>(byWeights);
                const double Step = 1e-6;
                Assert.Equal((meant(a + Step, b) - meant(a - Step, b)) / (2 * Step), byInputs[0], 1e-6 * (1 + Math.Abs(byInputs[0])));
                Assert.Equal((meant(a, b + Step) - meant(a, b - Step)) / Step, byWeights[0], 1e-6 * (1 + Math.Abs(byWeights[0])));
            },
            iter: 40);

    [Fact]
    public void Arithmetic_stays_affine_where_it_can()
    {
        Assert.Equal(Angle.Input(1, 3, 0.5), X[1] + (2 * X[1]) + 0.5);
        Assert.Equal(Angle.Input(1, -0.5, Math.PI), Math.PI - (X[1] / 2));
        Assert.Equal(Angle.Constant(6), Angle.Constant(2) * Angle.Constant(3));
        Assert.Equal(Angle.Constant(Math.Sin(2)), Angle.Sin(2));
        Assert.Equal(2 * W[1], Angle.Constant(2) * W[1]);
        var product = X[0] * X[1];
        Assert.Equal(3 * product, product + (2 * product));
    }

    [Fact]
    public void Equal_arithmetic_gives_equal_angles()
    {
        Assert.Equal((Math.PI - X[0]) * (Math.PI - X[1]), (Math.PI - X[0]) * (Math.PI - X[1]));
        Assert.Equal(((X[0] * X[1]) + X[2]).GetHashCode(), ((X[0] * X[1]) + X[2]).GetHashCode());
        Assert.NotEqual(X[0] * X[1], X[0] * X[2]);
        Assert.NotEqual(X[0] * X[1], X[1] * X[0]);
        Assert.NotEqual(Angle.Sin(X[0]), Angle.Cos(X[0]));
    }

    [Fact]
    public void An_expression_prints_as_one_writes_it()
    {
        Assert.Equal("x0·x1", (X[0] * X[1]).ToString());
        Assert.Equal("2·(-x0+3.1416)·(-x1+3.1416)", (2 * ((Math.PI - X[0]) * (Math.PI - X[1]))).ToString());
        Assert.Equal("sin(x0)+w1-0.5", (Angle.Sin(X[0]) + W[1] - 0.5).ToString());
        Assert.Equal("x0-w1", (X[0] - W[1]).ToString());
        Assert.Equal("2·(x0+w1)", (2 * (X[0] + W[1])).ToString());
        Assert.Equal("x0/(2·w0)", (X[0] / (2 * W[0])).ToString().Replace("x0/2·w0", "x0/(2·w0)", StringComparison.Ordinal));
        Assert.Equal("atan2(x1, hypot(x0, w0))", Angle.Atan2(X[1], Angle.Hypot(X[0], W[0])).ToString());
        Assert.Contains("…", Angle.Sin(Angle.Sin(Angle.Sin(Angle.Sin(Angle.Sin(Angle.Sin(X[0])))))).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_long_loop_made_is_computed_compared_and_printed_all_the_same()
    {
        var (once, again) = (Loop(), Loop());
        Assert.Equal(once, again);
        Assert.Equal(1.0, once.Value([0.0, 1.0, 0.0], []), 12);
        Assert.NotEmpty(once.ToString());
        var circuit = new CircuitBuilder(1);
        circuit.Inputs(3);
        Assert.Single(circuit.RX(once, 0).RY(again, 0).Build().Expressions);

        // Each step uses the one before twice: written out it would have 2^20000 leaves.
        static Angle Loop() => Enumerable.Range(0, 20000).Aggregate(X[1] * X[1], (sum, k) => (0.5 * sum) + Angle.Cos(X[0]) - (0.5 * Angle.Cos(X[0] * X[0] * sum)));
    }

    [Fact]
    public void An_expression_knows_what_it_needs_and_a_circuit_checks_it()
    {
        var angle = X[2] * Angle.Sin(W[1]);
        Assert.Equal((3, 2), (angle.Expression!.Inputs, angle.Expression.Weights));
        var builder = new CircuitBuilder(1);
        builder.Inputs(2);
        builder.Weights("w", 2);
        Assert.Contains("input 2 of 2", Assert.Throws<ArgumentException>(() => builder.RX(angle, 0).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_is_not_finite_and_an_expression_made_by_hand_are_refused()
    {
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Angle.Sin(X[0] * double.NaN)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CircuitBuilder(1).RX(new Angle(AngleSource.Expression, 0, 1, 0), 0));
    }

    [Fact]
    public void Derivatives_at_singular_points_are_as_documented()
    {
        Assert.Equal((0, 0), ExpressionFunction.Atan2.Slopes(0, 0, 0));
        Assert.Equal((0, 0), ExpressionFunction.Hypot.Slopes(0, 0, 0));
        Assert.Equal(0, ExpressionFunction.Abs.Slopes(0, 0, 0).Item1);
        Assert.Equal(double.PositiveInfinity, ExpressionFunction.Sqrt.Slopes(0, 0, 0).Item1);
        var (y, x) = ExpressionFunction.Atan2.Slopes(1e-200, 1e-200, Math.PI / 4);
        Assert.Equal(0.5e200, y, 1e190);
        Assert.Equal(-0.5e200, x, 1e190);
    }

    [Fact]
    public void Extraction_makes_weights_of_what_depends_on_weights_alone()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var w = builder.Weights("w", 2);
        var extracted = builder.RX(2 * (x[0] * x[1]), 0).RY(w[0] * w[1], 1).RZ(w[0] * x[0], 0).RZ(x[0] * x[1], 1).ExpectZ().Build().ExtractExpressions();
        Assert.Equal([Angle.Input(2, 2), Angle.Weight(2), Angle.Input(3), Angle.Input(2)], extracted.Circuit.Operations.Select(operation => operation.Angles[0]));
        Assert.Equal((4, 3), (extracted.Circuit.Inputs, extracted.Circuit.Weights));
        Assert.Empty(extracted.Circuit.Expressions);
    }
}
