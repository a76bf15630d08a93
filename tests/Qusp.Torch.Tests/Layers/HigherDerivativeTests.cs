// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class HigherDerivativeTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator generator = new(11);

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
    }

    [Theory]
    [InlineData("cpu", Differentiation.Adjoint)]
    [InlineData("reference", Differentiation.ParameterShift)]
    public void Derivatives_of_the_first_three_orders_are_those_of_the_closed_form(string device, Differentiation differentiation)
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4), new() { Device = device, Differentiation = differentiation });
        var x = (rand(6, 4, dtype: ScalarType.Float64, generator: generator) * 2 - 0.4).requires_grad_();
        var weights = rand(6, 4, dtype: ScalarType.Float64, generator: generator);
        var (expected, actual) = (OriginCircuit.ClosedForm(x), layer.call(x));
        for (var order = 1; order <= 3; order++)
        {
            // A new scalar of the last derivative, so that mixed derivatives count.
            expected = autograd.grad([(expected * weights).sin().sum()], [x], retain_graph: true, create_graph: true)[0];
            actual = autograd.grad([(actual * weights).sin().sum()], [x], retain_graph: true, create_graph: true)[0];
            Near.Equal(expected, actual, 1e-11);
        }
    }

    [Fact]
    public void The_mixed_second_derivative_of_inputs_and_weights_is_a_finite_difference_of_the_first()
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(2, 1)).to(ScalarType.Float64);
        var w = layer.get_parameter("weights")!;
        var x = rand(3, 2, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        Tensor Slope(bool create) => autograd.grad([layer.call(x).cos().sum()], [x], retain_graph: create, create_graph: create)[0].sin().sum();
        var second = autograd.grad([Slope(true)], [x, w]);
        foreach (var (variable, gradient) in new[] { (x, second[0]), (w, second[1]) })
        {
            var flat = variable.detach().view(-1); // shares the memory
            for (var k = 0; k < flat.shape[0]; k++)
            {
                const double h = 1e-5;
                flat[k] += h;
                var above = Slope(false).item<double>();
                flat[k] -= 2 * h;
                var below = Slope(false).item<double>();
                flat[k] += h;
                Assert.Equal((above - below) / (2 * h), gradient.view(-1)[k].item<double>(), 1e-8);
            }
        }
    }

    [Fact]
    public void A_gradient_penalty_trains_in_float32()
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4));
        var x = (rand(6, 4, generator: generator) + 0.2).requires_grad_();
        var slope = autograd.grad([layer.call(x).sum()], [x], retain_graph: true, create_graph: true)[0];
        slope.pow(2).sum().backward();
        var z = x.detach().to(ScalarType.Float64).requires_grad_();
        autograd.grad([OriginCircuit.ClosedForm(z).sum()], [z], retain_graph: true, create_graph: true)[0].pow(2).sum().backward();
        Near.Equal(z.grad!, x.grad!, 1e-5);
    }
}
