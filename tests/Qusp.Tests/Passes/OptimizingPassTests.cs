// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Passes;

/// <summary>The passes that only remove: the same results on any circuit, never more operations, and fewer where there is something to find.</summary>
public sealed class OptimizingPassTests
{
    private static readonly Dictionary<string, Func<Circuit, Circuit>> Passes = new()
    {
        ["CancelInverses"] = circuit => circuit.CancelInverses(),
        ["MergeRotations"] = circuit => circuit.MergeRotations(),
        ["FuseSingleQubit"] = circuit => circuit.FuseSingleQubit(),
        ["UndoSwaps"] = circuit => circuit.UndoSwaps(),
        ["RemoveGlobalPhases"] = circuit => circuit.RemoveGlobalPhases(),
        ["Optimize"] = circuit => circuit.Optimize(),
    };

    public static TheoryData<string> Names => [.. Passes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_state_is_the_same_to_its_phase_and_there_are_never_more_operations(string pass)
    {
        foreach (var gates in new[] { RandomCircuits.Common, RandomCircuits.All })
        {
            Gen.Int[1, 4].SelectMany(wires => RandomCircuits.Of(gates, wires, 20)).Sample(
                circuit => Unchanged(pass, circuit.WithMeasurements(new StateVector())), iter: 200);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Expectations_and_probabilities_are_the_same(string pass) =>
        RandomCircuits.Of(RandomCircuits.Common, 3, 25).Sample(
            circuit => Unchanged(pass, circuit.WithMeasurements(
                new Expectation(PauliSum.Parse("X0*Y1-0.5*Z2")), new Expectation(PauliWord.Z(1)), new Probabilities(2, 0))),
            iter: 200);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_second_time_nothing_changes(string pass) =>
        RandomCircuits.Of(RandomCircuits.Common, 3, 25).Sample(
            circuit =>
            {
                var once = Passes[pass](circuit.WithMeasurements(new StateVector()));
                Assert.Equal(once.Operations.Length, Passes[pass](once).Operations.Length);
            },
            iter: 100);

    [Fact]
    public void A_circuit_and_its_inverse_are_nothing() =>
        Gen.Int[1, 4].SelectMany(wires => RandomCircuits.Of(RandomCircuits.All, wires, 12)).Sample(
            circuit =>
            {
                var back = circuit.Operations.Reverse().Select(operation => new Operation(operation.Gate.Adjoint(), operation.Wires, operation.Angles, operation.Guard));
                Assert.Empty(circuit.WithOperations([.. circuit.Operations, .. back]).CancelInverses().Operations);
            },
            iter: 100);

    [Fact]
    public void Each_redundancy_is_found()
    {
        Assert.Equal("", Optimized(c => c.H(0).H(0)));
        Assert.Equal("", Optimized(c => c.CZ(0, 1).CZ(1, 0)));
        Assert.Equal("", Optimized(c => c.CNOT(0, 1).RZ(0.3, 0).RX(0.2, 1).CNOT(0, 1).RZ(-0.3, 0).RX(-0.2, 1)));
        Assert.Equal("", Optimized(c => c.Toffoli(0, 1, 2).CNOT(0, 2).Toffoli(1, 0, 2).CNOT(0, 2)));
        Assert.Equal("", Optimized(c => c.T(0).CNOT(0, 1).T(0).S(0).CNOT(0, 1).Z(0)));
        Assert.Equal("", Optimized(c => c.RX(Angle.Weight(0), 0).RX(-Angle.Weight(0), 0)));
        Assert.Equal("", Optimized(c => c.IsingZZ(Angle.Input(1), 0, 1).CRZ(0.4, 1, 2).IsingZZ(-Angle.Input(1), 1, 0).CRZ(-0.4, 1, 2)));
        Assert.Equal("RX(2·x0+0.3) 1", Optimized(c => c.RX(Angle.Input(0), 1).CNOT(0, 1).RX(Angle.Input(0, 1, 0.3), 1).CNOT(0, 1)));
        Assert.Equal("RX(w0+0.3) 1", Optimized(c => c.RX(Angle.Weight(0), 1).RX(0.3, 1)));
        Assert.Equal("X 0", Optimized(c => c.H(0).Z(0).H(0)));
        Assert.Equal("CZ 0 1", Optimized(c => c.ControlledPhaseShift(2, 0, 1).ControlledPhaseShift(Math.PI - 2, 1, 0)));
        Assert.Equal("RX(x0) 1", Optimized(c => c.SWAP(0, 1).RX(Angle.Input(0), 0).SWAP(1, 0)));
    }

    [Fact]
    public void A_period_is_that_of_the_generator()
    {
        Assert.Equal(["GlobalPhase(3.1416) 0"], With(c => c.RX(2 * Math.PI, 0)).MergeRotations().Operations.Select(o => o.ToString()));
        Assert.Empty(With(c => c.RX(4 * Math.PI, 0).PhaseShift(2 * Math.PI, 0)).MergeRotations().Operations);
        Assert.Single(With(c => c.CRX(2 * Math.PI, 0, 1)).MergeRotations().Operations); // a phase of the control
        Assert.Single(With(c => c.SingleExcitation(2 * Math.PI, 0, 1)).MergeRotations().Operations);
        Assert.Empty(With(c => c.CRX(4 * Math.PI, 0, 1).SingleExcitation(-4 * Math.PI, 0, 1)).MergeRotations().Operations);
        Assert.Empty(With(c => c.RX(2 * Math.PI, 0)).WithMeasurements(new Expectation(PauliWord.X(0))).Optimize().Operations);
    }

    [Fact]
    public void Guards_keep_operations_apart()
    {
        var x = Angle.Input(0);
        Assert.Equal(2, With(c => c.If(x > 0.1, then => then.H(0)).H(0)).Optimize().Operations.Length);
        Assert.Equal(2, With(c => c.If(x > 0.1, then => then.RX(1, 0)).If(x > 0.2, then => then.RX(1, 0))).Optimize().Operations.Length);
        Assert.Equal(3, With(c => c.H(0).If(x > 0.1, then => then.RZ(x, 0)).H(0)).Optimize().Operations.Length);
        Assert.Equal(2, With(c => c.SWAP(0, 1).If(x > 0.1, then => then.SWAP(0, 1)).SWAP(0, 1).RX(x, 0)).Optimize().Operations.Length);
        Assert.Empty(With(c => c.If(x > 0.1, then => then.H(0)).RZ(1, 1).If(x > 0.1, then => then.H(0)).RZ(-1, 1)).Optimize().Operations);
        Assert.Empty(With(c => c.If(x > 0.1, then => then.RX(x, 0)).X(0).If(x > 0.1, then => then.RX(-1 * x, 0)).X(0)).Optimize().Operations);
    }

    [Fact]
    public void What_is_no_gate_stays_and_nothing_crosses_it()
    {
        Walled(c => c.Barrier(0), 3);
        Walled(c => c.Barrier(1), 1);
        Walled(c => c.Reset(0), 3);
        Walled(c => c.Measure(0, 0), 3);
        Walled(c => c.Measure(1, 0), 1);
        Walled(c => c.Postselect(0, true), 3);
        Walled(c => c.Measure(1, 0).When(Condition.IsSet(0), then => then.X(0)), 4);
        Walled(c => c.Measure(1, 0).When(Condition.IsSet(0), then => then.Z(2).Z(2)), 3);

        static void Walled(Action<CircuitBuilder> wall, int expected) => Assert.Equal(
            expected,
            With(c =>
            {
                c.Bits(1);
                c.H(0);
                wall(c);
                c.H(0);
            }).Optimize().Operations.Length);
    }

    [Fact]
    public void What_no_measurement_sees_goes_unless_a_barrier_holds_it()
    {
        var seen = With(c => c.RY(Angle.Input(0), 0).CNOT(0, 1).RX(Angle.Weight(0), 2).RZ(1, 0)).WithMeasurements(new Expectation(PauliWord.Z(0)));
        Assert.Equal("RY(x0) 0", string.Join("; ", seen.Optimize().Operations));
        Assert.Equal(4, With(c => c.RX(1, 2).Barrier(2).H(0).CNOT(0, 1)).WithMeasurements(new Expectation(PauliWord.Z(0))).Optimize().Operations.Length);
    }

    private static string Optimized(Action<CircuitBuilder> write) => string.Join("; ", With(write).Optimize().Operations);

    private static Circuit With(Action<CircuitBuilder> write)
    {
        var builder = new CircuitBuilder(3);
        _ = (builder.Inputs(3), builder.Weights("w", 3));
        write(builder);
        return builder.State().Build();
    }

    private static void Unchanged(string pass, Circuit circuit)
    {
        var changed = Passes[pass](circuit);
        Assert.True(changed.Operations.Length <= circuit.Operations.Length, $"{pass} made {changed.Operations.Length} of {circuit.Operations.Length} operations");
        var (before, after) = (RandomCircuits.Run(circuit), RandomCircuits.Run(changed));
        for (var k = 0; k < before.Length; k++)
        {
            Tolerance.Near(before[k], after[k], Tolerance.Double, $"{pass}, output {k} of {string.Join("; ", circuit.Operations)} → {string.Join("; ", changed.Operations)}");
        }
    }
}
