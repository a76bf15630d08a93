// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests.Resources;

public sealed class ResourceTests
{
    [Fact]
    public void Counts_depth_and_parameters_are_those_of_the_drawing()
    {
        var builder = new CircuitBuilder(3);
        var x = builder.Inputs(2);
        var w = builder.Weights("w", 1);
        var circuit = builder.H(0).CNOT(0, 1).RX(x[0], 1).Rot(w[0], 0.1, x[1], 2).Toffoli(0, 1, 2).GlobalPhase(0.3, 0).RZ(0.2, 0).ExpectZ().Build();
        var resources = circuit.Resources();
        Assert.Equal((3, 7, 2, 3, 5, 2), (resources.Wires, resources.Gates, resources.TwoQubitGates, resources.Parameters, resources.Depth, resources.TwoQubitDepth));
        Assert.Equal("CNOT 1, GlobalPhase 1, H 1, RX 1, RZ 1, Rot 1, Toffoli 1", string.Join(", ", resources.Operations.Select(count => $"{count.Key} {count.Value}")));
        Assert.Contains("depth", resources.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Guards_that_are_off_cost_nothing_for_a_sample()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var circuit = builder.If(x[0] > 0.1, then => then.RY(x[0], 0).CNOT(0, 1)).If(x[1] > 0.1, then => then.RY(x[1], 1).CNOT(1, 0)).ExpectZ().Build();
        Assert.Equal((4, 2, 4, 4), Of(circuit.Resources()));
        Assert.Equal((2, 1, 2, 2), Of(circuit.Resources([0.5, 0])));
        Assert.Equal((0, 0, 0, 0), Of(circuit.Resources([0, 0])));
        Assert.Contains("2", Assert.Throws<ArgumentException>(() => circuit.Resources([0.5])).Message, StringComparison.Ordinal);

        static (int Gates, int Two, int Depth, int Guarded) Of(CircuitResources resources) =>
            (resources.Gates, resources.TwoQubitGates, resources.Depth, resources.GuardedOperations);
    }

    [Fact]
    public void Barriers_keep_order_and_conditions_wait_for_their_bit()
    {
        Assert.Equal(1, new CircuitBuilder(2).H(0).H(1).ExpectZ().Build().Resources().Depth);
        Assert.Equal(2, new CircuitBuilder(2).H(0).Barrier().H(1).ExpectZ().Build().Resources().Depth);
        var builder = new CircuitBuilder(2);
        builder.Bits(1);
        var measured = builder.H(0).Measure(0, 0).When(Condition.IsSet(0), then => then.X(1)).ExpectZ().Build().Resources();
        Assert.Equal((3, 2), (measured.Depth, measured.Gates));
        Assert.Equal(1, measured.Operations["Measure"]);
    }

    [Fact]
    public void A_device_refuses_before_it_allocates_and_says_how_much_it_needs()
    {
        var builder = new CircuitBuilder(40);
        for (var wire = 0; wire < 40; wire++)
        {
            builder.H(wire).CNOT(wire, (wire + 1) % 40);
        }

        var circuit = builder.Probabilities(0, 39).Build();
        var refusal = new CpuDevice().Refusal(circuit);
        Assert.Contains("over 32 TiB", refusal, StringComparison.Ordinal);
        Assert.Contains("use", refusal, StringComparison.Ordinal);
        Assert.Equal(48 * Math.Pow(2, 20), SimulationCost.StateVector(new CircuitBuilder(20).H(0).ExpectZ().Build()).Bytes);
        Assert.Equal("48 MiB, 2.1 ms", SimulationCost.StateVector(new CircuitBuilder(20).H(0).ExpectZ().Build()).ToString());
        Assert.True(double.IsInfinity(SimulationCost.DensityMatrix(circuit).Bytes));
    }
}
