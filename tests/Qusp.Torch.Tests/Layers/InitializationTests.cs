// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class InitializationTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Each_has_the_distribution_of_its_name()
    {
        var uniform = Weights(Many(), Initialization.Uniform());
        Assert.InRange(uniform.Min(), 0, 0.01);
        Assert.InRange(uniform.Max(), (2 * Math.PI) - 0.01, 2 * Math.PI);
        Assert.Equal(Math.PI, uniform.Average(), 0.05);
        Assert.Equal(Math.PI / Math.Sqrt(3), Deviation(uniform), 0.05);

        var normal = Weights(Many(), Initialization.Normal(mean: 1, deviation: 0.5));
        Assert.Equal(1, normal.Average(), 0.02);
        Assert.Equal(0.5, Deviation(normal), 0.02);
        Assert.Equal(0.6827, normal.Count(value => Math.Abs(value - 1) < 0.5) / (double)normal.Length, 0.02);

        Assert.Equal(0.02, Deviation(Weights(Many(), Initialization.SmallAngle(0.02))), 0.001);
        Assert.All(Weights(Many(), Initialization.Zeros()), value => Assert.Equal(0, value));
        Assert.All(Weights(Many(), Initialization.Constant(0.25)), value => Assert.Equal(0.25, value));
    }

    [Fact]
    public void The_seed_decides()
    {
        foreach (var initialization in new[] { Initialization.Uniform(), Initialization.Normal(), Initialization.SmallAngle() })
        {
            Assert.Equal(Weights(Many(), initialization, seed: 4), Weights(Many(), initialization, seed: 4));
            Assert.NotEqual(Weights(Many(), initialization, seed: 4), Weights(Many(), initialization, seed: 5));
        }
    }

    [Fact]
    public void An_identity_block_starts_as_the_identity_with_other_weights_than_zero()
    {
        var circuit = new CircuitBuilder(3);
        var x = circuit.Inputs(3);
        var w = circuit.Weights("weights", 2, 2, 3, 2);
        for (var q = 0; q < 3; q++)
        {
            circuit.RY(x[q], q);
        }

        for (var block = 0; block < 2; block++)
        {
            // U(a), then its mirror image: wires in another order, an angle with another scale and offset.
            for (var q = 0; q < 3; q++)
            {
                circuit.RZ(w[block, 0, q, 0], q).RX(w[block, 0, q, 1], q);
            }

            circuit.CNOT(0, 1).S(2).CRY(0.3 * w[block, 0, 0, 0] + 0.1, 1, 2);
            circuit.CRY(2 * w[block, 1, 0, 0] - 0.2, 1, 2).Apply(Gates.S.Adjoint(), [2]).CNOT(0, 1);
            for (var q = 0; q < 3; q++)
            {
                circuit.RX(w[block, 1, q, 1], q);
            }
        }

        // The CRYs use weights of the RZs as well: refused; with weights of their own it would be right.
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new QuantumLayer(
            circuit.ExpectZ().Build(), new() { Initialization = Initialization.IdentityBlock() })).Message, StringComparison.Ordinal);

        using var layer = new QuantumLayer(Mirrored(), new() { Initialization = Initialization.IdentityBlock(), Seed = 2 });
        layer.to(ScalarType.Float64);
        var angles = rand(5, 3, dtype: ScalarType.Float64);
        Near.Equal(angles.cos(), layer.call(angles), 1e-6);
        Assert.True(layer.get_parameter("weights")!.abs().min().item<double>() > 1e-3);
    }

    [Fact]
    public void An_identity_block_is_refused_where_gates_have_no_mirror_image()
    {
        var error = Assert.Throws<ArgumentException>(() => new AdvancedQuantumSparseNN(new() { Layers = 2, Initialization = Initialization.IdentityBlock() }));
        Assert.Contains("24 gate(s) of this one have no mirror image", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    // Two blocks U(a) U(b), b the mirror image of a: every wire, then entangled, and back.
    private static Circuit Mirrored()
    {
        var circuit = new CircuitBuilder(3);
        var x = circuit.Inputs(3);
        var w = circuit.Weights("weights", 2, 2, 3, 2);
        for (var q = 0; q < 3; q++)
        {
            circuit.RY(x[q], q);
        }

        for (var block = 0; block < 2; block++)
        {
            for (var q = 0; q < 3; q++)
            {
                circuit.RZ(w[block, 0, q, 0], q).RX((0.5 * w[block, 0, q, 1]) + 0.1, q);
            }

            circuit.CNOT(0, 1).S(2).CZ(1, 2);
            circuit.CZ(1, 2).Apply(Gates.S.Adjoint(), [2]).CNOT(0, 1);
            for (var q = 0; q < 3; q++)
            {
                circuit.RX(2 * w[block, 1, q, 1], q).RZ(w[block, 1, q, 0] - 0.2, q);
            }
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Many()
    {
        var circuit = new CircuitBuilder(1);
        var w = circuit.Weights("weights", 10_000);
        return circuit.RX(w[0], 0).ExpectZ().Build();
    }

    private static double[] Weights(Circuit circuit, Initialization initialization, ulong seed = 0)
    {
        using var layer = new QuantumLayer(circuit, new() { Initialization = initialization, Seed = seed });
        return [.. layer.get_parameter("weights")!.data<float>().ToArray().Select(value => (double)value)];
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
