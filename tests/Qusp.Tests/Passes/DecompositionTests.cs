// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Passes;

public sealed class DecompositionTests
{
    private static readonly Dictionary<string, GateSet> Sets = new()
    {
        ["Rotations"] = GateSet.Rotations,
        ["Transmon"] = GateSet.Transmon,
        ["RotationsCZ"] = GateSet.RotationsCZ,
        ["U3CNOT"] = GateSet.U3CNOT,
        ["CliffordRZ"] = GateSet.CliffordRZ,
        ["RZ, RY, CZ"] = new(Gates.RZ, Gates.RY, Gates.CZ),
        ["RZ, SX, CZ, SWAP"] = new(Gates.RZ, Gates.SX, Gates.CZ, Gates.SWAP),
    };

    public static TheoryData<string> Names => [.. Sets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_row_in_the_gates_of_a_set_is_the_same_unitary(string name)
    {
        foreach (var gate in GateSamples.All.Where(gate => gate.Wires <= 5))
        {
            double[] values = [.. Enumerable.Range(0, gate.Parameters).Select(k => 1.1 - (0.7 * k))];
            foreach (var varying in gate.Parameters > 0 ? (bool[])[false, true] : [false])
            {
                var builder = new CircuitBuilder(gate.Wires);
                var x = builder.Inputs(gate.Parameters);
                builder.Apply(gate, [.. Enumerable.Range(0, gate.Wires)], [.. varying ? x : values.Select(Angle.Constant)]);
                var parts = builder.State().Build().Decompose(Sets[name]);
                AssertInSet(parts, Sets[name]);
                GateSamples.AssertClose(gate.Matrix(values), Unitary(parts, values), Tolerance.Double, $"{gate.Name} in {name}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_random_circuit_gives_the_same_state(string name) =>
        RandomCircuits.Of(RandomCircuits.All, 4, 8).Sample(
            circuit =>
            {
                var before = circuit.WithMeasurements(new StateVector());
                var after = before.Decompose(Sets[name]);
                AssertInSet(after, Sets[name]);
                Assert.All(RandomCircuits.Run(before).Zip(RandomCircuits.Run(after)), pair => Tolerance.Near(pair.First, pair.Second, Tolerance.Double, name));
            },
            iter: 10);

    [Fact]
    public void Two_wires_take_as_many_CNOTs_as_their_class_needs()
    {
        foreach (var (expected, gate) in ((int, Gate)[])
            [
                (0, Gates.Unitary(MatrixAlgebra.Kron(Gates.T.Matrix(), Gates.H.Matrix()))), (1, Gates.CZ), (1, Gates.CH), (1, Gates.ECR), (2, Gates.ISWAP), (2, Gates.SISWAP),
                (2, Gates.CZ.Power(0.5)), (3, Gates.SWAP), (3, Gates.SWAP.Power(0.5)), (2, Gates.Unitary(Gates.IsingXY.Matrix(0.3))), (3, Gates.QFT(2)),
            ])
        {
            Assert.Equal(expected, Cnots(gate));
        }
    }

    [Fact]
    public void Any_unitary_of_two_wires_takes_at_most_three_and_of_three_wires_at_most_twenty_four() => Unitaries.Sample(
        sample =>
        {
            var (wires, matrix) = sample;
            var gate = Gates.Unitary(matrix);
            Assert.True(Cnots(gate) <= (wires == 2 ? 3 : 24), $"{wires} wires take {Cnots(gate)}");
            var parts = new CircuitBuilder(wires).Apply(gate, [.. Enumerable.Range(0, wires)]).State().Build().Decompose(GateSet.U3CNOT);
            GateSamples.AssertClose(matrix, Unitary(parts, []), Tolerance.Double, "a random unitary");
        },
        iter: 40);

    [Fact]
    public void Between_two_gates_of_two_wires_a_wire_has_one_sequence_at_most()
    {
        var parts = new CircuitBuilder(2).T(0).CZ(0, 1).H(0).ISWAP(0, 1).Z(0).SISWAP(0, 1).ExpectZ().Build().Decompose(GateSet.U3CNOT);
        var alone = new bool[2];
        foreach (var operation in parts.Operations)
        {
            Assert.False(operation.Wires.Length == 1 && alone[operation.Wires[0]], $"two gates in a row: {string.Join("; ", parts.Operations)}");
            foreach (var wire in operation.Wires)
            {
                alone[wire] = operation.Wires.Length == 1;
            }
        }
    }

    [Fact]
    public void Known_gates_take_the_known_numbers_of_CNOTs()
    {
        Assert.Equal(6, Cnots(Gates.Toffoli));
        Assert.Equal(8, Cnots(Gates.CSWAP));
        Assert.Equal((8 * 7) + (3 * 4), Cnots(Gates.QFT(8)));
        Assert.Equal(2, Cnots(Gates.CRX, Angle.Input(0)));
        Assert.Equal(2, Cnots(Gates.IsingYY, Angle.Input(0)));
        Assert.Equal(6, Cnots(Gates.MultiRZ(4), Angle.Input(0)));
        Assert.Equal(14, Cnots(Gates.DoubleExcitation, Angle.Input(0)));
    }

    [Fact]
    public void Many_controls_take_a_number_of_CNOTs_that_grows_as_their_square()
    {
        foreach (var (gate, controls) in ((Gate, int)[])[(Gates.X, 8), (Gates.X, 14), (Gates.RY, 10), (Gates.PhaseShift, 10)])
        {
            var count = Cnots(gate.Controlled([.. Enumerable.Repeat(true, controls)]), [.. Enumerable.Repeat(Angle.Input(0), gate.Parameters)]);
            Assert.True(count <= 48 * controls * controls, $"{gate} with {controls} controls takes {count}");
        }

        ImmutableArray<bool> values = [true, false, true, true, false, true, true];
        foreach (var gate in new[] { Gates.X, Gates.H, Gates.RY, Gates.PhaseShift, Gates.GlobalPhase, Gates.U3 })
        {
            var controlled = gate.Controlled(values);
            double[] angles = [.. Enumerable.Range(0, gate.Parameters).Select(k => 0.4 + k)];
            var builder = new CircuitBuilder(controlled.Wires);
            var x = builder.Inputs(gate.Parameters);
            for (var wire = 0; wire < controlled.Wires; wire++)
            {
                builder.U3(0.3 + wire, 0.7 * wire, 1.1, wire);
            }

            // On a state that has every amplitude.
            var whole = builder.Apply(controlled, [.. Enumerable.Range(0, controlled.Wires)], [.. x]).State().Build();
            Assert.All(State(whole, angles).Zip(State(whole.Decompose(GateSet.Rotations), angles)), pair => Tolerance.Near(pair.First, pair.Second, Tolerance.Double, controlled.Name));
        }

        static double[] State(Circuit circuit, double[] inputs)
        {
            using var program = new CpuDevice().Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.None });
            return program.Evaluate<double>(inputs);
        }
    }

    [Fact]
    public void Guards_and_conditions_go_with_every_part_and_what_is_no_gate_stays()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        builder.Bits(1);
        builder.If(x[0] > 0.1, then => then.CRX(x[0], 0, 1)).Measure(0, 0).When(Condition.IsSet(0), then => then.H(1)).Reset(0);
        var parts = builder.ExpectZ().Build().Decompose(GateSet.Transmon);
        Assert.Equal([GateKind.Measure, GateKind.Channel], parts.Operations.Where(operation => !operation.IsGate).Select(operation => operation.Gate.Kind));
        Assert.All(parts.Operations.Where(operation => operation.IsGate), operation => Assert.Equal(operation.Guard is null, !operation.Conditions.IsEmpty));
        Assert.Equal(1, parts.Operations.Count(operation => operation.Gate.Equals(Gates.SX) && operation.Conditions.Contains(Condition.IsSet(0))));
    }

    [Fact]
    public void A_set_that_cannot_express_every_circuit_is_refused()
    {
        Assert.Contains("CNOT or CZ", Assert.Throws<ArgumentException>(() => new GateSet(Gates.U3)).Message, StringComparison.Ordinal);
        Assert.Contains("U3", Assert.Throws<ArgumentException>(() => new GateSet(Gates.RZ, Gates.CNOT)).Message, StringComparison.Ordinal);
    }

    private static readonly Gen<(int Wires, Complex[,] Matrix)> Unitaries =
        from wires in Gen.Int[2, 3]
        from seed in Gen.Int[0, 1 << 20]
        select (wires, Orthonormal(1 << wires, new Random(seed)));

    private static int Cnots(Gate gate, params ImmutableArray<Angle> angles)
    {
        var builder = new CircuitBuilder(gate.Wires);
        builder.Inputs(1);
        return builder.Apply(gate, [.. Enumerable.Range(0, gate.Wires)], angles).ExpectZ(0).Build().Decompose(GateSet.U3CNOT).Operations.Count(operation => operation.Wires.Length == 2);
    }

    private static void AssertInSet(Circuit circuit, GateSet set) =>
        Assert.All(circuit.Operations, operation => Assert.True(set.Has(operation.Gate) || operation.Gate.Equals(Gates.GlobalPhase), $"{operation} is not in {set}"));

    private static Complex[,] Unitary(Circuit circuit, double[] inputs) => circuit.Operations.Aggregate(
        MatrixAlgebra.Identity(1 << circuit.Wires),
        (product, operation) => MatrixAlgebra.Multiply(
            MatrixAlgebra.Embed(operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Value(inputs, []))]), operation.Wires.AsSpan(), circuit.Wires), product));

    // Gram and Schmidt.
    private static Complex[,] Orthonormal(int size, Random random)
    {
        var result = new Complex[size, size];
        for (var column = 0; column < size; column++)
        {
            Complex[] v = [.. Enumerable.Range(0, size).Select(r => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
            for (var pass = 0; pass < 2; pass++)
            {
                for (var earlier = 0; earlier < column; earlier++)
                {
                    var overlap = Enumerable.Range(0, size).Aggregate(Complex.Zero, (sum, r) => sum + (Complex.Conjugate(result[r, earlier]) * v[r]));
                    v = [.. v.Select((entry, r) => entry - (overlap * result[r, earlier]))];
                }
            }

            var norm = Math.Sqrt(v.Sum(entry => (entry * Complex.Conjugate(entry)).Real));
            for (var r = 0; r < size; r++)
            {
                result[r, column] = v[r] / norm;
            }
        }

        return result;
    }
}
