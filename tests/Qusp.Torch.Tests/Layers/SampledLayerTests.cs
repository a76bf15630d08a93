// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class SampledLayerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor x = torch.rand(6, 4, dtype: ScalarType.Float64, generator: new Generator(3)) + 0.2;

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Each_call_draws_anew_and_a_seed_repeats_them_all()
    {
        using var layer = Layer(seed: 1);
        using var same = Layer(seed: 1);
        using var other = Layer(seed: 2);
        var (first, second) = (layer.call(x), layer.call(x));
        Assert.NotEqual(0, (first - second).abs().sum().item<double>());
        Near.Equal(first, same.call(x), 0);
        Near.Equal(second, same.call(x), 0);
        Assert.NotEqual(0, (first - other.call(x)).abs().sum().item<double>());
        Near.Equal(OriginCircuit.ClosedForm(x), first, 0.25);
        Assert.Equal(2 * 6 * 256, layer.Cost.Shots);
    }

    [Fact]
    public void The_backward_pass_of_a_call_is_repeatable_and_near_the_exact_gradient()
    {
        using var layer = Layer(seed: 1);
        using var same = Layer(seed: 1);
        var input = x.detach().requires_grad_();
        var gradients = new[] { layer, same }.Select(each => autograd.grad([each.call(input).sum()], [input])[0]).ToArray();
        Near.Equal(gradients[0], gradients[1], 0);
        Near.Equal(autograd.grad([OriginCircuit.ClosedForm(input).sum()], [input])[0], gradients[0], 0.5);
        Assert.Equal(Differentiation.ParameterShift, layer.Differentiation);
    }

    [Fact]
    public void Adjoint_is_refused_by_name()
    {
        var error = Assert.Throws<NotSupportedException>(() => new QuantumLayer(
            OriginCircuit.Build(4), new() { Device = "sampler", Differentiation = Differentiation.Adjoint }));
        Assert.Contains("Adjoint", error.Message, StringComparison.Ordinal);
        var custom = Assert.Throws<NotSupportedException>(() => new QuantumLayer(
            OriginCircuit.Build(4), new() { CustomDevice = Devices.Find("sampler"), Differentiation = Differentiation.Adjoint }));
        Assert.Contains("Adjoint", custom.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        foreach (var device in new[] { "cpu", "sampler" })
        {
            using var one = new QuantumLayer(OriginCircuit.Build(4), new() { Device = device, Threads = 1 });
            using var three = new QuantumLayer(OriginCircuit.Build(4), new() { Device = device, Threads = 3 });
            Near.Equal(one.call(x), three.call(x), 0);
        }
    }

    private static QuantumLayer Layer(ulong seed) => new(OriginCircuit.Build(4), new() { Device = "qiskit.aer", Shots = 256, Seed = seed });
}
