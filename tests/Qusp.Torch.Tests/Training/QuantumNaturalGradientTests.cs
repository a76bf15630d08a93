// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class QuantumNaturalGradientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void On_an_ill_conditioned_energy_it_takes_fewer_steps_than_gradient_descent(bool blockDiagonal)
    {
        // RZ turns a state that lies near its axis: w0 hardly moves it, and the energy little more.
        var natural = Steps(layer =>
        {
            var optimizer = new QuantumNaturalGradient(layer, new() { LearningRate = 0.05, Damping = 1e-3, BlockDiagonal = blockDiagonal });
            return (optimizer, optimizer.ZeroGrad, optimizer.Step);
        });
        var plain = Steps(layer =>
        {
            var optimizer = optim.SGD(layer.parameters(), 0.05);
            return (optimizer, optimizer.zero_grad, () => optimizer.step());
        });
        Assert.True(natural < 60, $"{natural} steps by the natural gradient");
        Assert.True(5 * natural < plain, $"{natural} steps by the natural gradient, {plain} by gradient descent");
    }

    [Fact]
    public void In_a_hybrid_model_it_steps_the_layer_and_leaves_the_rest_to_Adam()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3); // the global one is other tests'
        using var layer = new QuantumLayer(TrainableCircuit.Build(3, 2), new() { Seed = 4 });
        using var linear = nn.Linear(2, 3);
        using var head = nn.Linear(layer.Circuit.Outputs, 1);
        using var model = nn.Sequential(linear, nn.Tanh(), layer, head);
        using var natural = new QuantumNaturalGradient(layer, new() { LearningRate = 0.1 });
        using var adam = optim.Adam(linear.parameters().Concat(head.parameters()), 0.02);
        var (x, y) = (rand(20, 2, generator: generator), rand(20, 1, generator: generator));
        using (no_grad())
        {
            foreach (var parameter in linear.parameters().Concat(head.parameters()))
            {
                parameter.copy_(rand(parameter.shape, generator: generator) - 0.5);
            }
        }

        var (first, last) = (0.0, 0.0);
        for (var step = 0; step < 40; step++)
        {
            adam.zero_grad();
            natural.ZeroGrad();
            using var loss = nn.functional.mse_loss(model.call(x), y);
            loss.backward();
            natural.Step();
            adam.step();
            (first, last) = (step == 0 ? loss.item<float>() : first, loss.item<float>());
        }

        Assert.True(last < 0.6 * first, $"the loss went from {first} to {last}");
        Assert.True(natural.Cost.Circuits > 0);
    }

    [Fact]
    public void A_step_is_the_damped_metric_solved()
    {
        using var scope = NewDisposeScope();
        var builder = new CircuitBuilder(1);
        var w = builder.Weights("w", 2);
        using var layer = new QuantumLayer(builder.RY(w[0], 0).RZ(w[1], 0).Expect(PauliWord.X(0)).Build(), new() { Initialization = Initialization.Constant(0.5) }).to(ScalarType.Float64);
        using var optimizer = new QuantumNaturalGradient(layer, new() { LearningRate = 0.5, Damping = 0.1 });
        layer.call(zeros(1, 0, dtype: ScalarType.Float64)).sum().backward();
        optimizer.Step();

        // ⟨X⟩ = sin a cos b; the metric is diag(1, sin² a)/4.
        var (sin, cos) = Math.SinCos(0.5);
        var weights = layer.get_parameter("w")!;
        Assert.Equal(0.5 - (0.5 * cos * cos / (0.25 + 0.1)), weights[0].item<double>(), 1e-10);
        Assert.Equal(0.5 + (0.5 * sin * sin / ((sin * sin / 4) + 0.1)), weights[1].item<double>(), 1e-10);
    }

    [Fact]
    public void Before_a_backward_pass_and_without_weights_it_says_so()
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(2, 1));
        using var optimizer = new QuantumNaturalGradient(layer);
        Assert.Contains("backward", Assert.Throws<InvalidOperationException>(optimizer.Step).Message, StringComparison.Ordinal);
        using var fixedLayer = new QuantumLayer(OriginCircuit.Build(4));
        Assert.Throws<ArgumentException>(() => new QuantumNaturalGradient(fixedLayer));
    }

    private static int Steps(Func<QuantumLayer, (IDisposable Owner, Action Zero, Action Step)> make)
    {
        using var scope = NewDisposeScope();
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 2);
        var circuit = builder.RY(0.15, 0).RZ(w[0], 0).RY(w[1], 1).Expect(PauliSum.Parse("Z1-X0")).Build();
        using var layer = new QuantumLayer(circuit).to(ScalarType.Float64);
        var weights = layer.get_parameter("w")!;
        using (no_grad())
        {
            weights.copy_(tensor(new[] { 1.3, 1.8 }));
        }

        var (owner, zero, step) = make(layer);
        using var end = owner;
        var none = zeros(1, 0, dtype: ScalarType.Float64);
        var lowest = -1 - Math.Sin(0.15);
        for (var count = 0; count < 1000; count++)
        {
            using var inner = NewDisposeScope();
            var energy = layer.call(none).sum();
            if (energy.item<double>() < lowest + 1e-3)
            {
                return count;
            }

            zero();
            energy.backward();
            step();
        }

        return 1000;
    }
}
