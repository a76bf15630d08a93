// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests.Gradients;

/// <summary>What looks at weights alone takes circuits whose data come by expressions, as those of a feature map do.</summary>
public sealed class ExpressionsOfInputsTests
{
    private static readonly double[] Data = [0.4, -0.7];
    private static readonly double[] Weights = [0.3, 1.1, -0.6, 0.9];

    [Fact]
    public void The_Fisher_information_is_that_of_the_circuit_with_the_data_written_out()
    {
        using var mapped = new QuantumFisher(new CpuDevice(), Mapped());
        using var written = new QuantumFisher(new CpuDevice(), Written());
        Assert.Equal(written.Evaluate(1, [], Weights).Cast<double>(), mapped.Evaluate(1, Data, Weights).Cast<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Rotosolve_reaches_the_same_point()
    {
        double[] mapped = [.. Weights], written = [.. Weights];
        using var withExpressions = new Rotosolve(new CpuDevice(), Mapped());
        using var without = new Rotosolve(new CpuDevice(), Written());
        Assert.Equal(without.Step(written), withExpressions.Step(mapped, inputs: Data), 1e-10);
        Assert.Equal(written, mapped, (a, b) => Math.Abs(a - b) < 1e-8);
    }

    [Fact]
    public void A_weight_inside_of_an_expression_is_refused_by_name()
    {
        var circuit = new CircuitBuilder(1);
        var w = circuit.Weights("w", 2);
        var product = circuit.RY(w[0] * w[1], 0).ExpectZ().Build();
        Assert.Contains("w0·w1", Assert.Throws<NotSupportedException>(() => new QuantumFisher(new CpuDevice(), product)).Message, StringComparison.Ordinal);
        Assert.Contains("w0·w1", Assert.Throws<NotSupportedException>(() => new Rotosolve(new CpuDevice(), product)).Message, StringComparison.Ordinal);
    }

    private static Circuit Mapped()
    {
        var circuit = new CircuitBuilder(2);
        circuit.ZZFeatureMap(circuit.Inputs(2));
        return Ansatz(circuit);
    }

    private static Circuit Written() => Ansatz(new CircuitBuilder(2).ZZFeatureMap(Data));

    private static Circuit Ansatz(CircuitBuilder circuit) => circuit.RealAmplitudes(circuit.Weights("w", Shapes.RealAmplitudes(1, 2))).ExpectZ().Build();
}
