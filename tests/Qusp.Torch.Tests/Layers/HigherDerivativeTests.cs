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
    public void Derivatives_of_angles_that_are_expressions_are_those_of_the_closed_form()
    {
        // ⟨Z⟩ of RY(θ)|0⟩ is cos θ; of inputs and weights, of weights alone, and through every function.
        var circuit = new CircuitBuilder(3);
        var (x, w) = (circuit.Inputs(2), circuit.Weights("w", 2));
        circuit.RY((x[0] * w[0]) + Angle.Sin(x[1]), 0).RY(w[0] * w[1], 1).RY(Angle.Atan2(x[0], x[1] * x[1]) / (1 + Angle.Exp(w[1])), 2);
        using var layer = new QuantumLayer(circuit.ExpectZ().Build()).to(ScalarType.Float64);
        var parameter = layer.get_parameter("w")!;
        var data = (rand(5, 2, dtype: ScalarType.Float64, generator: generator) + 0.3).requires_grad_();
        Tensor Closed()
        {
            var (a, b) = (data.select(1, 0), data.select(1, 1));
            return stack([((a * parameter[0]) + b.sin()).cos(), (parameter[0] * parameter[1]).cos().expand(5), (a.atan2(b * b) / (1 + parameter[1].exp())).cos()], 1);
        }

        var factors = rand(5, 3, dtype: ScalarType.Float64, generator: generator);
        Near.Equal(Closed(), layer.call(data), 1e-12);
        var (expected, actual) = ((Closed() * factors).sin().sum(), (layer.call(data) * factors).sin().sum());
        for (var order = 1; order <= 3; order++)
        {
            var (e, a) = (autograd.grad([expected], [data, parameter], retain_graph: true, create_graph: true), autograd.grad([actual], [data, parameter], retain_graph: true, create_graph: true));
            Near.Equal(e[0], a[0], 1e-10);
            Near.Equal(e[1], a[1], 1e-10);
            (expected, actual) = (e[0].sin().sum() + e[1].cos().sum(), a[0].sin().sum() + a[1].cos().sum());
        }
    }

    [Fact]
    public void Every_function_of_angles_has_its_tensor_operations()
    {
        var (a, b) = (Angle.Input(0), Angle.Input(1));
        Angle[] all =
        [
            a + b, a * b, a / b, Angle.Pow(a, b), Angle.Atan2(a, b), Angle.Hypot(a, b), Angle.Min(a, b), Angle.Max(a, b), Angle.Sin(a), Angle.Cos(a), Angle.Tan(a),
            Angle.Asin(a), Angle.Acos(a), Angle.Atan(a), Angle.Tanh(a), Angle.Exp(a), Angle.Log(a), Angle.Sqrt(a), Angle.Abs(b),
        ];
        Assert.Equal(TensorExpressions.Names.Order(), all.Select(angle => angle.Expression!.Function).Order());
        foreach (var angle in all)
        {
            // The first derivative under create_graph is by tensor operations, the plain one by the tape of the core.
            var circuit = new CircuitBuilder(1);
            circuit.Inputs(2);
            using var layer = new QuantumLayer(circuit.RY(0.7 * angle, 0).ExpectZ().Build());
            var x = tensor(new[,] { { 0.3, 0.8 }, { 0.9, 0.2 } }).requires_grad_();
            var plain = autograd.grad([layer.call(x).sum()], [x])[0];
            Near.Equal(plain, autograd.grad([layer.call(x).sum()], [x], retain_graph: true, create_graph: true)[0], 1e-10);
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
