// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests;

public sealed class CircuitTests
{
    private static readonly Func<Circuit>[] Different =
    [
        () => Write(),
        () => Write(wires: 3),
        () => Write(inputs: 2),
        () => Write(weights: 2),
        () => Write(name: "v"),
        () => Write(gate: Gates.RX),
        () => Write(wire: 1),
        () => Write(scale: 0.5),
        () => Write(threshold: 0.2),
        () => Write(absolute: true),
        () => Write(observable: "X0"),
        () => Write().WithMeasurements(),
        () => Write().WithOperations([]),
        () => Write().WithOperations([.. Write().Operations.Reverse()]),
        () => Write().WithOperations([.. Write().Operations.Select(operation => operation.WithGuard(null))]),
    ];

    [Fact]
    public void Circuits_are_equal_when_everything_is()
    {
        for (var i = 0; i < Different.Length; i++)
        {
            Assert.Equal(Different[i](), Different[i]());
            Assert.Equal(Different[i]().GetHashCode(), Different[i]().GetHashCode());
            for (var k = 0; k < i; k++)
            {
                Assert.NotEqual(Different[i](), Different[k]());
            }
        }

        Assert.False(Write().Equals(null));
        Assert.False(Write().Equals((object)"a circuit"));
    }

    [Fact]
    public void Operations_are_equal_when_gate_wires_angles_and_guard_are()
    {
        var operation = new Operation(Gates.CRX, [0, 1], [0.5], new Guard(0, 0.1));
        Assert.Equal(operation, new Operation(Gates.RX.Controlled(), [0, 1], [Angle.Constant(0.5)], new Guard(0, 0.1)));
        Assert.Equal(operation.GetHashCode(), new Operation(Gates.CRX, [0, 1], [0.5], new Guard(0, 0.1)).GetHashCode());
        Assert.NotEqual(operation, new Operation(Gates.CRX, [1, 0], [0.5], new Guard(0, 0.1)));
        Assert.NotEqual(operation, operation.WithAngles([0.6]));
        Assert.NotEqual(operation, operation.WithGuard(null));
        Assert.NotEqual(operation, new Operation(Gates.CRY, [0, 1], [0.5], new Guard(0, 0.1)));
    }

    [Fact]
    public void Outputs_are_counted_over_all_measurements()
    {
        var circuit = new CircuitBuilder(3).ExpectZ(0, 2).Probabilities().State().Expect(PauliSum.Parse("0.5*X0-Z1")).Build();
        Assert.Equal(2 + 8 + 16 + 1, circuit.Outputs);
        Assert.Equal(0, circuit.WithMeasurements().Outputs);
    }

    private static Circuit Write(
        int wires = 2, int inputs = 1, int weights = 1, string name = "w", Gate? gate = null, int wire = 0, double scale = 1,
        double threshold = 0.1, bool absolute = false, string observable = "Z0")
    {
        var builder = new CircuitBuilder(wires);
        var x = builder.Inputs(inputs);
        var w = builder.Weights(name, weights);
        return builder.If(new Guard(0, threshold, absolute), then => then.Apply(gate ?? Gates.RY, [wire], scale * x[0]))
            .RZ(w[0], 0).Expect(PauliSum.Parse(observable)).Build();
    }
}
