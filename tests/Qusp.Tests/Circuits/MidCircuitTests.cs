// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Circuits;

/// <summary>Circuits that measure, reset and decide in their course, as data.</summary>
public sealed class MidCircuitTests
{
    [Fact]
    public void Bits_and_conditions_are_part_of_a_circuits_value()
    {
        var circuit = Teleportation();
        Assert.Equal(2, circuit.Bits);
        Assert.False(circuit.IsUnitary);
        Assert.Equal(circuit, Teleportation());
        Assert.Equal("Measure 0 → c0", circuit.Operations[^4].ToString());
        Assert.Equal("X 2 if c1=1", circuit.Operations[^2].ToString());
        Assert.NotEqual(circuit, circuit.WithOperations([.. circuit.Operations.Select(operation => operation.WithConditions())]));
    }

    [Fact]
    public void Conditions_nest_and_all_must_hold()
    {
        var builder = new CircuitBuilder(1);
        var c = builder.Bits(3);
        var circuit = builder.When(new Condition([c[0], c[1]], 2), then => then.When(Condition.IsSet(c[2]).Not(), inner => inner.X(0))).Build();
        var conditions = circuit.Operations[0].Conditions;
        Assert.Equal("X 0 if c0,c1=2 and c2≠1", circuit.Operations[0].ToString());
        Assert.True(conditions.All(condition => condition.Holds([true, false, false])));
        Assert.False(conditions.All(condition => condition.Holds([true, true, false])));
        Assert.False(conditions.All(condition => condition.Holds([true, false, true])));
    }

    [Fact]
    public void A_bit_that_is_not_there_is_refused()
    {
        Assert.Contains("0 classical bits", Assert.Throws<ArgumentException>(() => new CircuitBuilder(1).Measure(0, 0).Build()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "classical bits",
            Assert.Throws<ArgumentException>(() => new CircuitBuilder(1).When(Condition.IsSet(3), then => then.X(0)).Build()).Message,
            StringComparison.Ordinal);
        Assert.Contains("writes a bit", Assert.Throws<ArgumentException>(() => new Operation(Gates.Measure, [0], [])).Message, StringComparison.Ordinal);
        Assert.Contains("writes a bit", Assert.Throws<ArgumentException>(() => new Operation(Gates.X, [0], [], bit: 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Condition([0, 1], 4));
        Assert.Throws<ArgumentException>(() => new Condition([], 0));
        Assert.Throws<ArgumentException>(() => new Condition([1, 1], 0));
    }

    [Fact]
    public void Only_unitaries_have_a_matrix_an_inverse_controls_and_powers()
    {
        foreach (var row in Gates.MidCircuit)
        {
            Assert.Same(row, Gates.Find(row.Name));
            Assert.Contains("no unitary", Assert.Throws<NotSupportedException>(() => row.Matrix(new double[row.Parameters])).Message, StringComparison.Ordinal);
            Assert.Throws<NotSupportedException>(() => row.Adjoint());
            Assert.Throws<NotSupportedException>(() => row.Controlled());
            Assert.Throws<NotSupportedException>(() => row.Power(2));
            Assert.False(Gates.TryFind($"Adjoint({row.Name})", out _));
        }
    }

    [Fact]
    public void Kraus_operators_sum_to_the_identity_where_the_trace_is_kept()
    {
        foreach (var row in Gates.MidCircuit.Append(Gates.Barrier(2)).Append(Gates.H))
        {
            var sum = row.Kraus(new double[row.Parameters]).Aggregate(
                new Complex[1 << row.Wires, 1 << row.Wires], (total, k) => MatrixAlgebra.Add(total, MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(k), k), 1));
            Assert.Equal(row.IsTracePreserving, MatrixAlgebra.Distance(sum, MatrixAlgebra.Identity(1 << row.Wires)) < 1e-15);
        }
    }

    [Fact]
    public void A_barrier_is_no_gate_and_changes_nothing()
    {
        var circuit = new CircuitBuilder(3).H(0).Barrier().CNOT(0, 2).Barrier(1).ExpectZ().Expect(PauliSum.Parse("X0*X2")).Build();
        Assert.True(circuit.IsUnitary);
        foreach (var device in (IDevice[])[new CpuDevice(), new ReferenceDevice()])
        {
            using var program = device.Compile<double>(circuit);
            Assert.Equal([0, 1, 0, 1], program.Evaluate([]).Select(value => Math.Round(value, 12)));
            Assert.Equal(new Cost(1, 2, 1, 0, 0) { SimulatedWires = 3, LargestState = 3 }, program.Cost);
        }
    }

    private static Circuit Teleportation()
    {
        var builder = new CircuitBuilder(3);
        var c = builder.Bits(2);
        return builder.RY(0.4, 0).H(1).CNOT(1, 2).CNOT(0, 1).H(0).Measure(0, c[0]).Measure(1, c[1])
            .When(Condition.IsSet(c[1]), then => then.X(2)).When(Condition.IsSet(c[0]), then => then.Z(2)).ExpectZ(2).Build();
    }
}
