// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

/// <summary>Differentiating a layer's gradient again, for every measurement and device: as gradgradcheck of PyTorch, by differences of the first derivative.</summary>
public sealed class SecondDerivativeTests : IDisposable
{
    private static readonly Dictionary<string, Measurement[]> Linear = new()
    {
        ["a Pauli sum"] = [new Expectation(PauliSum.Parse("X0*Y1-0.5*Z0+0.2"))],
        ["expectations"] = [new Expectation(PauliWord.Z(0)), new Expectation(PauliWord.X(1))],
        ["probabilities"] = [new Probabilities(1, 0)],
        ["a density matrix"] = [new DensityMatrix(1)],
    };

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator generator = new(5);

    public static TheoryData<string, string, Differentiation> Cases
    {
        get
        {
            var data = new TheoryData<string, string, Differentiation>();
            foreach (var measured in Linear.Keys)
            {
                data.Add(measured, "cpu", Differentiation.Adjoint);
                data.Add(measured, "cpu", Differentiation.ParameterShift);
                data.Add(measured, "reference", Differentiation.Adjoint);
                data.Add(measured, "cpu", Differentiation.HadamardTest);
            }

            return data;
        }
    }

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_second_derivative_is_the_difference_of_the_first(string measured, string device, Differentiation method)
    {
        using var layer = new QuantumLayer(Circuit(Linear[measured]), new() { Device = device, Differentiation = method, Seed = 3 }).to(ScalarType.Float64);
        var w = layer.get_parameter("w")!;
        var x = rand(2, 2, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var second = autograd.grad([Slope(create: true)], [x, w]);
        foreach (var (variable, gradient) in new[] { (x, second[0]), (w, second[1]) })
        {
            var flat = variable.detach().view(-1); // shares the memory
            for (var k = 0; k < flat.shape[0]; k++)
            {
                const double h = 1e-5;
                flat[k] += h;
                var above = Slope(create: false).item<double>();
                flat[k] -= 2 * h;
                var below = Slope(create: false).item<double>();
                flat[k] += h;
                Assert.Equal((above - below) / (2 * h), gradient.view(-1)[k].item<double>(), 1e-7);
            }
        }

        Tensor Slope(bool create)
        {
            var first = autograd.grad([layer.call(x).sin().sum()], [x, w], retain_graph: create, create_graph: create);
            return first[0].cos().sum() + (first[1] * first[1]).sum();
        }
    }

    [Fact]
    public void By_the_strength_of_a_channel_it_is_no_number()
    {
        var builder = new CircuitBuilder(1);
        var x = builder.Inputs(1);
        using var layer = new QuantumLayer(builder.RY(x[0], 0).Apply(Gates.BitFlip, [0], x[0]).ExpectZ().Build());
        var point = tensor(new[] { 0.3 }, dtype: ScalarType.Float64).reshape(1, 1).requires_grad_();
        var slope = autograd.grad([layer.call(point).sum()], [point], create_graph: true)[0];
        Assert.Equal((-2 * Math.Cos(0.3)) - (0.4 * Math.Sin(0.3)), slope.item<double>(), 1e-12); // (1 − 2x) cos x
        Assert.True(autograd.grad([slope.sum()], [point])[0].isnan().all().item<bool>());
    }

    [Fact]
    public void Where_no_rule_holds_the_first_derivative_is_right_and_the_second_is_no_number()
    {
        using var layer = new QuantumLayer(Circuit(new Variance(PauliWord.Z(0)))).to(ScalarType.Float64);
        var x = rand(2, 2, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var w = layer.get_parameter("w")!;
        var expected = autograd.grad([layer.call(x).sum()], [x, w]);
        var actual = autograd.grad([layer.call(x).sum()], [x, w], create_graph: true);
        Near.Equal(expected[0], actual[0], 1e-12);
        Near.Equal(expected[1], actual[1], 1e-12);
        var second = autograd.grad([actual[0].sum()], [x, w]);
        Assert.All(second, gradient => Assert.True(gradient.isnan().all().item<bool>()));
    }

    private static Circuit Circuit(params Measurement[] measurements)
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var w = builder.Weights("w", 3);
        return builder.RY(2 * x[0] + 0.1, 0).CRX(w[0], 0, 1).U3(x[1], w[1], 0.3, 1).CNOT(1, 0).If(x[0] > 0.4, then => then.IsingXY(w[2], 0, 1)).RZ(w[0], 0)
            .Build().WithMeasurements([.. measurements]);
    }
}
