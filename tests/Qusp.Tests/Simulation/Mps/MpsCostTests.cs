// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Simulation.Mps;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>What a matrix-product state is expected to cost: its bonds are bounds, whatever the circuit, and more work costs more.</summary>
public sealed class MpsCostTests
{
    private const double AnyBond = 1 << 20;

    private static readonly Gen<Circuit> Some = Gen.Int[2, 7].SelectMany(wires => RandomCircuits.Of(RandomCircuits.Common, wires, 24));

    [Fact]
    public void No_bond_of_a_state_is_larger_than_expected() => Some.Sample(
        circuit =>
        {
            var seen = Seen(circuit);
            var limits = new MpsLimits(int.MaxValue, 1e-28);
            Operation[] operations = [.. seen.Operations.SelectMany(MpsProgram<double>.Parts)];
            var scratch = new MpsScratch(operations.Select(operation => operation.Wires.Length).DefaultIfEmpty(0).Max());
            var state = new MpsState(seen.Wires, limits, scratch);
            state.SetZero();
            var largest = 1;
            foreach (var operation in operations)
            {
                state.Apply(new MpsOperation(operation).Matrix([0.7, -1.1, 2.3], [0.3, -1.7, 0.9], inverse: false, scratch), [.. operation.Wires]);
                largest = Math.Max(largest, Enumerable.Range(0, seen.Wires).Max(site => state.Tensor(site).Right));
            }

            Assert.InRange(largest, 1, Cost(seen).Bond + 1e-9);
        },
        iter: 300);

    [Fact]
    public void The_cost_of_a_circuit_is_the_same_each_time_and_positive() => Some.Sample(
        circuit =>
        {
            var cost = Cost(Seen(circuit));
            Assert.Equal(cost, Cost(Seen(circuit)));
            Assert.InRange(cost.Seconds, 1e-9, 10);
        },
        iter: 50);

    [Fact]
    public void Gates_that_do_not_fire_cost_nothing() => Some.Sample(
        circuit =>
        {
            var seen = Seen(circuit);
            var unguarded = new Circuit(
                seen.Wires, seen.Inputs, seen.WeightGroups, [.. seen.Operations.Where(operation => operation.Guard is null)], seen.Measurements);
            Assert.Equal(Cost(unguarded), MpsCost.Of(seen, AnyBond, new bool[seen.Guards.Length]));
        },
        iter: 50);

    [Fact]
    public void A_longer_chain_and_a_deeper_one_cost_more()
    {
        double[] byWires = [.. Enumerable.Range(4, 12).Select(wires => Cost(Chain(wires, 2)).Seconds)];
        double[] byLayers = [.. Enumerable.Range(1, 6).Select(layers => Cost(Chain(10, layers)).Seconds)];
        Assert.Equal(byWires.Order(), byWires);
        Assert.Equal(byLayers.Order(), byLayers);
        Assert.Equal([2, 4, 8, 16, 32, 32], Enumerable.Range(1, 6).Select(layers => Cost(Chain(10, layers)).Bond)); // doubled by each layer, up to 2^(n/2)
    }

    [Fact]
    public void A_bond_beyond_the_devices_is_told_without_a_cost()
    {
        var cost = MpsCost.Of(Chain(20, 9), 256, []);
        Assert.Equal(double.PositiveInfinity, cost.Seconds);
        Assert.True(cost.Bond > 256);
    }

    [Theory]
    [InlineData("CNOT", 2)]
    [InlineData("IsingXX", 2)]
    [InlineData("CRY", 2)]
    [InlineData("SWAP", 4)]
    [InlineData("ISWAP", 4)]
    public void A_gate_multiplies_a_bond_by_the_products_that_it_is_a_sum_of(string name, double rank)
    {
        var gate = Gates.Find(name);
        var operation = new Operation(gate, [0, 1], [.. Enumerable.Range(0, gate.Parameters).Select(k => Angle.Weight(k))]);
        Assert.Equal([rank], new ChainGate(operation).Ranks([0, 1]));
        Assert.Equal([rank], new ChainGate(operation).Ranks([1, 0]));
    }

    [Fact]
    public void Gates_that_share_a_control_double_a_bond_once()
    {
        var fan = new CircuitBuilder(12).H(0);
        for (var wire = 1; wire < 12; wire++)
        {
            fan.CNOT(0, wire);
        }

        Assert.Equal(2, Cost(Seen(fan.Build())).Bond);
    }

    private static MpsCost Cost(Circuit circuit)
    {
        var all = new bool[circuit.Guards.Length];
        Array.Fill(all, true);
        return MpsCost.Of(circuit, AnyBond, all);
    }

    // As the device sees it.
    private static Circuit Seen(Circuit circuit) =>
        circuit.WithMeasurements([.. Enumerable.Range(0, circuit.Wires).Select(wire => new Expectation(PauliWord.Z(wire)))]).MeasureWords(probabilities: true).LightCone();

    private static Circuit Chain(int wires, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var weights = circuit.Weights("weights", layers, wires);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var wire = 1; wire < wires; wire++)
            {
                circuit.RX(weights[layer, wire], wire - 1).CRY(weights[layer, wire], wire - 1, wire);
            }
        }

        return circuit.ExpectZ().Build();
    }
}
