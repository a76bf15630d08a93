// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Qusp.OpenQasm;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests;

/// <summary>What is written is read back: the same circuit, or the same unitary where a gate has no name.</summary>
public sealed class QasmWriterTests
{
    private static readonly Gen<Circuit> Unitary = Gen.Int[2, 8].SelectMany(wires => RandomCircuits.Of(RandomCircuits.All, wires, wires < 6 ? 12 : 6));

    private static readonly Gen<Circuit> Numbers = Unitary.Select(circuit => new Circuit(circuit.Wires, 0, [], [.. circuit.Operations.Select(operation =>
        operation.WithGuard(null).WithAngles([.. operation.Angles.Select(angle => Angle.Constant(angle.Value([0.3, -0.7, 1.1], [0.5, 2, -1])))]))], []));

    [Fact]
    public void What_is_written_in_version_3_reads_as_the_same_circuit_or_unitary() => Unitary.Sample(
        circuit =>
        {
            var text = QasmWriter.Write(circuit);
            var read = QasmReader.Parse(text).Circuit;
            Assert.Equal(text, QasmWriter.Write(read));
            // A global phase may come back on another wire, and by a turn less.
            if (circuit.Operations.All(operation => QasmNames.Spelled(operation.Gate, QasmVersion.Three) is not null && !operation.Gate.Equals(Gates.GlobalPhase)))
            {
                Assert.Equal(circuit.WithMeasurements(), read);
            }
            else
            {
                AssertClose(RandomCircuits.Run(circuit.WithMeasurements(new StateVector())), RandomCircuits.Run(read.WithMeasurements(new StateVector())), text);
            }
        },
        iter: 250,
        print: circuit => string.Join('\n', circuit.Operations));

    [Fact]
    public void What_is_written_in_version_2_reads_as_the_same_unitary_up_to_its_phase() => Numbers.Sample(
        circuit =>
        {
            var text = QasmWriter.Write(circuit, QasmVersion.Two);
            var read = QasmReader.Parse(text).Circuit;
            Assert.Equal(text, QasmWriter.Write(read, QasmVersion.Two));
            AssertClose(DensityOf(circuit), DensityOf(read), text);
        },
        iter: 150,
        print: circuit => string.Join('\n', circuit.Operations));

    [Fact]
    public void Measurements_resets_conditions_and_barriers_read_as_they_were() => MixedCircuits.All.Sample(
        circuit =>
        {
            var written = circuit.WithMeasurements().WithOperations([.. circuit.Operations
                .Where(operation => operation.IsGate || operation.Gate.Kind == GateKind.Barrier || operation.Gate.Equals(Gates.Reset) || operation.Gate.Equals(Gates.Measure))
                .Where(operation => operation.Gate.Kind != GateKind.Unitary || QasmNames.Spelled(operation.Gate, QasmVersion.Three) is not null)
                .SelectMany(operation => operation.Bit is null ? [operation] : (Operation[])[operation, new Operation(Gates.Barrier(2), [1, 0], [])])]);
            var text = QasmWriter.Write(written);
            var read = QasmReader.Parse(text).Circuit;
            Assert.Equal(written, read);
            Assert.Equal(text, QasmWriter.Write(read));
        },
        iter: 300,
        print: circuit => string.Join('\n', circuit.Operations));

    [Theory]
    [InlineData(QasmVersion.Two)]
    [InlineData(QasmVersion.Three)]
    public void Every_row_of_the_table_keeps_its_name(QasmVersion version)
    {
        foreach (var gate in Gates.All.Where(gate => !gate.Equals(Gates.GlobalPhase)))
        {
            ImmutableArray<Operation> once = [new Operation(gate, [.. Enumerable.Range(0, gate.Wires).Reverse()], [.. Enumerable.Range(1, gate.Parameters).Select(k => (Angle)(0.1 * k))])];
            var circuit = new Circuit(gate.Wires, 0, [], once, []);
            Assert.Equal(circuit, QasmReader.Parse(QasmWriter.Write(circuit, version)).Circuit);
        }
    }

    // Another reader sees the definition alone: under a name that is not the writer's it must be the same gate.
    [Theory]
    [InlineData(QasmVersion.Two)]
    [InlineData(QasmVersion.Three)]
    public void A_definition_is_the_gate_whoever_reads_it(QasmVersion version)
    {
        foreach (var gate in Gates.All.Where(gate => QasmLibrary.NameOf(gate, version) is null && QasmNames.Defined(gate) is not null))
        {
            ImmutableArray<Operation> once = [new Operation(gate, [.. Enumerable.Range(0, gate.Wires)], [.. Enumerable.Range(1, gate.Parameters).Select(k => (Angle)(0.7 * k))])];
            var text = QasmWriter.Write(new Circuit(gate.Wires, 0, [], once, []), version);
            var name = QasmNames.Defined(gate)!;
            var other = QasmReader.Parse(text.Replace($"gate {name}", "gate other", StringComparison.Ordinal).Replace($"\n{name}", "\nother", StringComparison.Ordinal)).Circuit;
            var product = other.Operations.Aggregate(MatrixAlgebra.Identity(1 << gate.Wires), (matrix, operation) => MatrixAlgebra.Multiply(
                MatrixAlgebra.Embed(operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Offset)]), operation.Wires.AsSpan(), gate.Wires), matrix));
            var expected = gate.Matrix([.. once[0].Angles.Select(angle => angle.Offset)]);
            var phase = version == QasmVersion.Three ? Complex.One : Overlap(product, expected);
            GateSamples.AssertClose(expected, MatrixAlgebra.Scale(product, phase), 1e-12, name);
        }
    }

    [Fact]
    public void A_text_is_what_one_would_write()
    {
        var builder = new CircuitBuilder(4);
        var x = builder.Inputs(2);
        var w = builder.Weights("layer one", 2);
        builder.Bits(2);
        builder.H(0).RX((2 * x[0]) + (Math.PI / 4), 1).RY(-w[1], 2).RZ(Angle.Sin(x[0]) * x[1], 3).CNOT(0, 1)
            .Apply(Gates.SX.Adjoint(), [0]).Apply(Gates.Y.Controlled(true, true, false), [0, 1, 2, 3]).Apply(Gates.T.Power(0.5), [1])
            .GlobalPhase(0.5, 0)
            .If(x[1] > 0.1, then => then.X(2)).If(x[1].Abs() > 0.5, then => then.X(3))
            .Barrier(0, 1).Measure(0, 1).Reset(0)
            .When(Condition.IsSet(1), then => then.X(1)).When(new Condition([1, 0], 2, negated: true), then => then.When(Condition.IsSet(0), inner => inner.Measure(2, 0)));
        Assert.Equal(
            """
            OPENQASM 3.0;
            include "stdgates.inc";
            input float x0;
            input float x1;
            @qusp.weights layer%20one 2
            input float w0;
            input float w1;
            qubit[4] q;
            bit[2] c;
            h q[0];
            rx(2 * x0 + pi/4) q[1];
            ry(-w1) q[2];
            rz(((sin(x0)) * (x1))) q[3];
            cx q[0], q[1];
            inv @ sx q[0];
            ctrl(2) @ negctrl @ y q[0], q[1], q[2], q[3];
            pow(0.5) @ t q[1];
            gphase(-0.5);
            if (x1 > 0.1) x q[2];
            if (x1 > 0.5 || x1 < -0.5) x q[3];
            barrier q[0], q[1];
            c[1] = measure q[0];
            reset q[0];
            if (c[1] == 1) x q[1];
            if (c != 2 && c[0] == 1) c[0] = measure q[2];

            """,
            QasmWriter.Write(builder.Build()),
            ignoreLineEndingDifferences: true);
        Assert.Equal(builder.Build(), QasmReader.Parse(QasmWriter.Write(builder.Build())).Circuit);
    }

    [Theory]
    [InlineData(QasmVersion.Two)]
    [InlineData(QasmVersion.Three)]
    public void Golden_circuits_written_and_read_give_what_PennyLane_computed(QasmVersion version)
    {
        foreach (var golden in GoldenCircuits.All)
        {
            var read = QasmReader.Parse(QasmWriter.Write(golden.ToCircuit(AngleSource.Constant), version)).Circuit;
            ImmutableArray<Measurement> letters = [.. "ZXY".SelectMany(letter => Enumerable.Range(0, golden.Wires).Select(wire => new Expectation(PauliWord.Of((wire, letter)))))];
            using var program = new CpuDevice().Compile<double>(
                read.WithMeasurements([.. letters, new Probabilities([.. Enumerable.Range(0, golden.Wires)])]), new() { Differentiation = Differentiation.None });
            var expected = (double[])[.. golden.Expectations.Z, .. golden.Expectations.X, .. golden.Expectations.Y, .. golden.Probabilities];
            AssertClose(expected, program.Evaluate<double>([]), $"{golden}");
        }
    }

    [Fact]
    public void Conditions_of_version_2_are_registers()
    {
        var builder = new CircuitBuilder(2);
        builder.Bits(4);
        builder.Measure(0, 0).Measure(1, 3).When(new Condition([2, 1], 2), then => then.X(0)).When(Condition.IsSet(3).Not(), then => then.H(1));
        var text = QasmWriter.Write(builder.Build(), QasmVersion.Two);
        Assert.Contains("creg c0[1];\ncreg c1[2];\ncreg c2[1];\nmeasure q[0] -> c0[0];\nmeasure q[1] -> c2[0];\nif (c1==2) x q[0];\nif (c2==0) h q[1];\n", text, StringComparison.Ordinal);
        Assert.Equal(text, QasmWriter.Write(QasmReader.Parse(text).Circuit, QasmVersion.Two));
    }

    [Fact]
    public void What_the_language_cannot_say_is_refused_by_name()
    {
        static string Refusal(Action<CircuitBuilder> write, QasmVersion version)
        {
            var builder = new CircuitBuilder(2);
            builder.Inputs(1);
            builder.Bits(3);
            write(builder);
            return Assert.Throws<NotSupportedException>(() => QasmWriter.Write(builder.Build(), version)).Message;
        }

        Assert.StartsWith("BitFlip is no gate: OpenQASM has no noise", Refusal(builder => builder.Apply(Gates.BitFlip, [0], 0.1), QasmVersion.Three), StringComparison.Ordinal);
        Assert.StartsWith("Postselect1 is no gate", Refusal(builder => builder.Postselect(0, true), QasmVersion.Three), StringComparison.Ordinal);
        Assert.StartsWith("OpenQASM has no function atan2", Refusal(builder => builder.RX(Angle.Atan2(Angle.Input(0), 0.5), 0), QasmVersion.Three), StringComparison.Ordinal);
        Assert.StartsWith("OpenQASM 2 has no inputs and no weights; write OpenQASM 3", Refusal(builder => builder.RX(Angle.Input(0), 0), QasmVersion.Two), StringComparison.Ordinal);
        Assert.Contains("another condition shares some of its bits", Refusal(
            builder => builder.When(new Condition([1, 0], 2), then => then.X(0)).When(new Condition([2, 1], 2), then => then.X(0)), QasmVersion.Two), StringComparison.Ordinal);
        Assert.Contains("whether one register equals a number", Refusal(builder => builder.When(new Condition([0, 1], 2), then => then.X(0)), QasmVersion.Two), StringComparison.Ordinal);
    }

    private static double[] DensityOf(Circuit circuit)
    {
        using var program = new ReferenceDevice().Compile<double>(circuit.WithMeasurements(new StateVector()), new() { Differentiation = Differentiation.None });
        var state = program.Evaluate<double>([]);
        Complex[] amplitudes = [.. state.Chunk(2).Select(parts => new Complex(parts[0], parts[1]))];
        var largest = amplitudes.MaxBy(amplitude => Math.Round(amplitude.Magnitude, 6));
        return [.. amplitudes.SelectMany(amplitude => (amplitude * Complex.Conjugate(largest)) is var turned ? (double[])[turned.Real, turned.Imaginary] : [])];
    }

    private static Complex Overlap(Complex[,] product, Complex[,] expected)
    {
        var trace = Complex.Zero;
        for (var r = 0; r < product.GetLength(0); r++)
        {
            for (var c = 0; c < product.GetLength(1); c++)
            {
                trace += expected[r, c] * Complex.Conjugate(product[r, c]);
            }
        }

        return trace / trace.Magnitude;
    }

    private static void AssertClose(double[] expected, double[] actual, string text)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst < 1e-9, $"differs by {worst:G3}:\n{text}");
    }
}
