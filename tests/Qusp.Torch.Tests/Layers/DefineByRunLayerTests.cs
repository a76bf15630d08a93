// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class DefineByRunLayerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator generator = new(3);

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_layer_written_with_if_is_the_layer_with_guards(ScalarType type)
    {
        using var guarded = new QuantumLayer(OriginCircuit.Build(4));
        using var run = Layer();
        var x = (rand(9, 4, dtype: type, generator: generator) * 2 - 0.6).requires_grad_();
        var factors = rand(9, 4, dtype: type, generator: generator);
        var (expected, actual) = (guarded.call(x), run.call(x));
        Near.Equal(expected, actual, 1e-6);
        Near.Equal(autograd.grad([(expected * factors).sum()], [x])[0], autograd.grad([(actual * factors).sum()], [x])[0], 1e-6);
    }

    [Fact]
    public void Second_derivatives_are_refused_and_not_zero()
    {
        using var run = Layer();
        var x = rand(2, 4, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        Assert.ThrowsAny<Exception>(() => run.call(x).sum().backward(create_graph: true));
    }

    private static QuantumLayer Layer()
    {
        var frame = new CircuitBuilder(4);
        frame.Inputs(4);
        return new QuantumLayer(frame.ExpectZ().Build(), new()
        {
            CustomDevice = new DefineByRun(new CpuDevice(), (circuit, x, w) =>
            {
                for (var i = 0; i < 4; i++)
                {
                    if (x[i] > 0.1)
                    {
                        circuit.RY(x[i], i).CNOT(i, (i + 1) % 4);
                    }
                }
            }),
        });
    }
}
