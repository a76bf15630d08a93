// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation;
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

public sealed class BlockFusionTests
{
    private const int Wires = 12;

    public static TheoryData<string, int> Phases { get; } = new()
    {
        { "Z", 1 },
        { "S", 1 },
        { "PhaseShift", 1 },
        { "CZ", 1 },
        { "ControlledPhaseShift", 1 },
        { "CPhaseShift00", 1 },
        { "CRZ", 2 },
        { "CCZ", 1 },
        { "CPhaseShift01 CPhaseShift10", 2 },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public void Phases_by_themselves_touch_only_what_they_turn(string gates, int basisStates)
    {
        var circuit = new CircuitBuilder(Wires);
        Add(circuit, gates, circuit.Weights("w", 1)[0]);
        var passes = BlockFusion.Fuse(new StateSchedule(Lowering.Lower(circuit.ExpectZ(0).Build()), []).Passes, Wires);
        Assert.Equal(basisStates, Assert.IsType<BlockPass>(Assert.Single(passes)).Offsets.Length);
    }

    [Fact]
    public void An_angle_may_turn_basis_states_by_different_amounts()
    {
        var phases = new MonomialPass(Wires) { Support = 0b101 };
        PhaseWord[] words = [new(0, 0, -0.75), new(0b001, 0, 0.25), new(0b100, 0, 0.5), new(0b100, -1, 0.5), new(0, -1, -0.5)];
        foreach (var word in words)
        {
            phases.Add(word);
        }

        var block = BlockPass.Of(phases)!;
        Assert.Equal([0b001, 0b100, 0b101], block.Offsets);
        var matrix = new BlockMatrix(block);
        matrix.Fill([0.6]);
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                var angle = words.Sum(word => (IndexMap.Parity(word.Mask & block.Offsets[row]) == 0 ? 1 : -1) * word.Factor * (word.Angle < 0 ? 1 : 0.6));
                var expected = row == column ? Complex.FromPolarCoordinates(1, angle) : 0;
                Assert.Equal(0, (expected - matrix.Entries[(3 * row) + column]).Magnitude, 1e-14);
            }
        }
    }

    [Fact]
    public void Phases_that_turn_all_stay_phases()
    {
        var circuit = new CircuitBuilder(Wires);
        circuit.RZ(circuit.Weights("w", 1)[0], 5);
        var passes = BlockFusion.Fuse(new StateSchedule(Lowering.Lower(circuit.ExpectZ(0).Build()), []).Passes, Wires);
        Assert.IsType<MonomialPass>(Assert.Single(passes));
    }

    [Fact]
    public void Gates_between_blocks_give_the_values_and_derivatives_of_the_lanes()
    {
        var circuit = new CircuitBuilder(Wires);
        string[] gates = [.. Phases.Select(row => row.Data.Item1), "RZ", "ControlledPhaseShift Another", "X", "SWAP", "CNOT", "CRX"];
        var w = circuit.Weights("w", gates.Length);
        for (var q = 0; q < Wires; q++)
        {
            circuit.RX(0.3 + (0.1 * q), q);
        }

        for (var k = 0; k < gates.Length; k++)
        {
            circuit.DoubleExcitation(0.7, 0, 1, 5, 11).DoubleExcitation(0.4, 11, 2, 1, 0);
            Add(circuit, gates[k], w[k]);
        }

        var built = circuit.DoubleExcitation(0.9, 0, 1, 5, 11).ExpectZ().Build();
        var (expected, actual) = (Values(built, CpuPath.Lanes), Values(built, CpuPath.OneState));
        for (var k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], actual[k], 1e-11);
        }
    }

    private static void Add(CircuitBuilder circuit, string gates, Angle angle)
    {
        foreach (var gate in gates.Split(' '))
        {
            _ = gate switch
            {
                "X" => circuit.X(1),
                "Z" => circuit.Z(1),
                "S" => circuit.S(11),
                "RZ" => circuit.RZ(angle, 5),
                "PhaseShift" => circuit.PhaseShift(angle, 5),
                "CZ" => circuit.CZ(1, 11),
                "ControlledPhaseShift" => circuit.ControlledPhaseShift(angle, 0, 5),
                "Another" => circuit.ControlledPhaseShift(angle, 0, 11),
                "CPhaseShift00" => circuit.CPhaseShift00(angle, 0, 5),
                "CPhaseShift01" => circuit.CPhaseShift01(angle, 0, 5),
                "CPhaseShift10" => circuit.CPhaseShift10(angle, 0, 5),
                "CRZ" => circuit.CRZ(angle, 0, 5),
                "CCZ" => circuit.CCZ(0, 5, 11),
                "SWAP" => circuit.SWAP(0, 11),
                "CNOT" => circuit.CNOT(5, 11),
                "CRX" => circuit.CRX(angle, 11, 1),
                _ => throw new ArgumentOutOfRangeException(nameof(gates), gate, "Not one of these tests' gates."),
            };
        }
    }

    private static double[] Values(Circuit circuit, CpuPath path)
    {
        using var program = new CpuDevice(0, path).Compile<double>(circuit);
        double[] weights = [.. Enumerable.Range(0, circuit.Weights).Select(k => 0.3 + (0.4 * k))];
        double[] cotangents = [.. Enumerable.Range(0, circuit.Outputs).Select(k => Math.Cos(k))];
        var (outputs, byWeight) = (new double[circuit.Outputs], new double[circuit.Weights]);
        program.Evaluate(1, [], weights, outputs);
        program.Pullback(1, [], weights, cotangents, [], byWeight);
        return [.. outputs, .. byWeight];
    }
}
