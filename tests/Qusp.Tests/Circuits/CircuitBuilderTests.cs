// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests;

public sealed class CircuitBuilderTests
{
    [Fact]
    public void A_circuit_holds_what_was_written()
    {
        var builder = new CircuitBuilder(3);
        var x = builder.Inputs(2);
        var more = builder.Inputs(1);
        var w = builder.Weights("w", 2, 3);
        var v = builder.Weights("v", 1);
        var circuit = builder.H(0).RY(2 * x[1], 1).If(more[0] > 0.3, then => then.RZ(w[1, 2], 2).CNOT(2, 0)).RX(v[0], 0)
            .ExpectZ().Probabilities(1, 0).Build();

        Assert.Equal((3, 3, 7, 3 + 4), (circuit.Wires, circuit.Inputs, circuit.Weights, circuit.Outputs));
        Assert.Equal(["w", "v"], circuit.WeightGroups.Select(group => group.Name));
        Assert.Equal(["H 0", "RY(2·x1) 1", "RZ(w5) 2 if x2>0.3", "CNOT 2 0 if x2>0.3", "RX(w6) 0"], circuit.Operations.Select(operation => operation.ToString()));
        Assert.Equal(["⟨Z0⟩", "⟨Z1⟩", "⟨Z2⟩", "P(1,0)"], circuit.Measurements.Select(measurement => measurement.ToString()));
        Assert.Equal([new Guard(2, 0.3)], circuit.Guards);
    }

    [Fact]
    public void Equal_guards_count_once_in_order_of_first_use()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var circuit = builder.If(x[1] > 0.1, then => then.X(0)).If(x[0].Abs() > 0.1, then => then.X(1)).If(x[1] > 0.1, then => then.H(0).H(1)).Build();
        Assert.Equal([new Guard(1, 0.1), new Guard(0, 0.1, Absolute: true)], circuit.Guards);
    }

    [Fact]
    public void A_builder_may_be_used_further_without_touching_what_it_built()
    {
        var builder = new CircuitBuilder(1).X(0);
        var first = builder.Build();
        builder.Y(0).ExpectZ().Inputs(4);
        Assert.Single(first.Operations);
        Assert.Empty(first.Measurements);
        Assert.Equal(0, first.Inputs);
        Assert.Equal(2, builder.Build().Operations.Length);
    }

    [Fact]
    public void Weights_are_addressed_row_major_by_their_shape()
    {
        var builder = new CircuitBuilder(1);
        builder.Weights("before", 5);
        var w = builder.Weights("w", 2, 3, 4);
        Assert.Equal(24, w.Count);
        Assert.Equal(Angle.Weight(5), w[0, 0, 0]);
        Assert.Equal(Angle.Weight(5 + 12 + 8 + 3), w[1, 2, 3]);
        Assert.Equal("w[2, 3, 4]", w.ToString());
        foreach (var index in (int[][])[[0, 0], [0, 0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, -1]])
        {
            Assert.Contains($"w[{string.Join(", ", index)}]", Assert.Throws<ArgumentException>(() => w[index]).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void A_number_of_wires_that_no_circuit_has_is_refused(int wires) => Assert.Throws<ArgumentOutOfRangeException>(() => new CircuitBuilder(wires));

    [Fact]
    public void A_wrong_operation_is_named_where_it_is_written()
    {
        AssertRefuses("CNOT on wires 1, 1", builder => builder.CNOT(1, 1));
        AssertRefuses("X on wires -1", builder => builder.X(-1));
        AssertRefuses("RX acts on 1 wire(s), not 2", builder => builder.Apply(Gates.RX, [0, 1], 0.5));
        AssertRefuses("RX takes 1 angle(s), not 0", builder => builder.Apply(Gates.RX, [0]));
        AssertRefuses("RX: the angle NaN is not finite", builder => builder.RX(double.NaN, 0));
        AssertRefuses("RX: the angle", builder => builder.RX(double.PositiveInfinity * Angle.Input(0), 0));
        AssertRefuses("'x0>NaN' would never fire", builder => builder.If(new Guard(0, double.NaN), then => then.X(0)));
    }

    [Fact]
    public void What_is_not_there_is_named_when_the_circuit_is_built()
    {
        AssertRefuses("RX(0.5) 2: the circuit's wires are 0 to 1", builder => builder.RX(0.5, 2).Build());
        AssertRefuses("RX(x1) 0: its angle reads input 1 of 1", builder => builder.RX(Angle.Input(1), 0).Build());
        AssertRefuses("RX(x-1) 0: its angle reads input -1 of 1", builder => builder.RX(Angle.Input(-1), 0).Build());
        AssertRefuses("RX(w0) 0: its angle reads weight 0 of 0", builder => builder.RX(Angle.Weight(0), 0).Build());
        AssertRefuses("X 0 if x7>0.1: its guard reads input 7 of 1", builder => builder.If(new Guard(7, 0.1), then => then.X(0)).Build());
        AssertRefuses("⟨Z0*X5⟩ reads wire 5; the circuit's wires are 0 to 1", builder => builder.Expect(PauliWord.Parse("Z0*X5")).Build());
        AssertRefuses("P(0,2) reads wire 2; the circuit's wires are 0 to 1", builder => builder.Probabilities(0, 2).Build());
        AssertRefuses("at least one term", builder => builder.Expect(new PauliSum()).Build());
        AssertRefuses("each named once", builder => builder.Probabilities(1, 1).Build());
        Assert.Contains("state of 40 wires", Assert.Throws<ArgumentException>(() => new CircuitBuilder(40).State().Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_of_weights_that_cannot_be_a_parameter_is_named()
    {
        AssertRefuses("'': a group", builder => builder.Weights("", 1));
        AssertRefuses("'a.b': a group", builder => builder.Weights("a.b", 1));
        AssertRefuses("'twice': a group", builder =>
        {
            builder.Weights("twice", 1);
            builder.Weights("twice", 1);
        });
        AssertRefuses("w[]: a group", builder => builder.Weights("w"));
        AssertRefuses("w[2, 0]: a group", builder => builder.Weights("w", 2, 0));
        AssertRefuses("w[100000, 100000]: a group", builder => builder.Weights("w", 100_000, 100_000));
        AssertRefuses("v[2147483647]: a group", builder =>
        {
            builder.Weights("w", 1);
            builder.Weights("v", int.MaxValue);
        });
    }

    [Fact]
    public void Guards_do_not_nest()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var error = Assert.Throws<NotSupportedException>(() => builder.If(x[0] > 0.1, then => then.If(x[1] > 0.2, inner => inner.X(0))));
        Assert.Contains("'x1>0.2' inside of 'x0>0.1'", error.Message, StringComparison.Ordinal);

        // The failure closes the outer guard: what follows is not guarded.
        Assert.Null(Assert.Single(builder.X(1).Build().Operations).Guard);
    }

    [Fact]
    public void The_origin_circuit_reads_as_in_the_document()
    {
        var circuit = GoldenSeed.Circuit();
        Assert.Equal(8, circuit.Operations.Length);
        Assert.Equal(4, circuit.Guards.Length);
        Assert.Equal("RY(x3) 3 if x3>0.1", circuit.Operations[6].ToString());
        Assert.Equal("CNOT 3 0 if x3>0.1", circuit.Operations[7].ToString());
    }

    private static void AssertRefuses(string message, Action<CircuitBuilder> write)
    {
        var builder = new CircuitBuilder(2);
        builder.Inputs(1);
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => write(builder)).Message, StringComparison.Ordinal);
    }
}
