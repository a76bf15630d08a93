// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Qusp.OpenQasm;

/// <summary>
/// Writes circuits as OpenQASM 2 or 3. A row of the gate table keeps its name; rows that the standard libraries do not have
/// are defined in the text, and <see cref="QasmReader"/> knows their definitions again. In OpenQASM 3 derived gates are
/// written with modifiers, inputs and weights as <c>input float</c>, guards and conditions as <c>if</c>. Gates that have no
/// name (matrices, Pauli rotations; in OpenQASM 2 also derived gates) are written as what they are made of, with the same
/// unitary; OpenQASM 2 has no word for a global phase, which is left out there. What a circuit measures at its end
/// (<see cref="Circuit.Measurements"/>) has no counterpart in the language and is left out.
/// </summary>
public static class QasmWriter
{
    private const string Qubits = "q";

    // What both libraries have, and every gate can be made of.
    private static readonly GateSet Named = new(
        Gates.X, Gates.Y, Gates.Z, Gates.H, Gates.S, Gates.Sdg, Gates.T, Gates.Tdg, Gates.SX, Gates.RX, Gates.RY, Gates.RZ, Gates.PhaseShift, Gates.U3, Gates.CNOT);

    /// <summary>The circuit as a text.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="version">The version of the language.</param>
    /// <exception cref="NotSupportedException">The language cannot say it: noise, post-selection; in OpenQASM 2 inputs, weights, guards and
    /// conditions on several registers; in OpenQASM 3 some functions of inputs. The message names it.</exception>
    public static string Write(Circuit circuit, QasmVersion version = QasmVersion.Three)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var bits = QasmBits.Of(circuit, version);
        var body = new StringBuilder();
        var defined = new List<Gate>();
        foreach (var operation in circuit.Operations)
        {
            var condition = Conditions(operation, version, bits);
            foreach (var line in Lines(circuit, operation, version, bits, defined))
            {
                body.Append(condition).Append(line).Append('\n');
            }
        }

        var text = new StringBuilder();
        text.Append(version == QasmVersion.Two ? "OPENQASM 2.0;\n" : "OPENQASM 3.0;\n").Append(CultureInfo.InvariantCulture, $"include \"{QasmLibrary.FileName(version)}\";\n");
        foreach (var gate in defined)
        {
            text.Append(Define(gate, version)).Append('\n');
        }

        Inputs(text, circuit, version);
        text.Append(version == QasmVersion.Two
            ? string.Create(CultureInfo.InvariantCulture, $"qreg {Qubits}[{circuit.Wires}];\n")
            : string.Create(CultureInfo.InvariantCulture, $"qubit[{circuit.Wires}] {Qubits};\n"));
        return text.Append(bits.Declarations).Append(body).ToString();
    }

    /// <summary>The definition of a row that no library has.</summary>
    internal static string Define(Gate gate, QasmVersion version)
    {
        string[] wires = [.. Enumerable.Range(0, gate.Wires).Select(wire => string.Create(CultureInfo.InvariantCulture, $"q{wire}"))];
        string[] parameters = [.. Enumerable.Range(0, gate.Parameters).Select(k => string.Create(CultureInfo.InvariantCulture, $"x{k}"))];
        var once = new Operation(gate, [.. Enumerable.Range(0, gate.Wires)], [.. Enumerable.Range(0, gate.Parameters).Select(k => Angle.Input(k))]);
        var parts = Parts(new Circuit(gate.Wires, gate.Parameters, [], [once], []), once, version).Select(part => Call(part, version, wire => wires[wire]));
        var head = parameters.Length == 0 ? "" : $"({string.Join(", ", parameters)})";
        return $"gate {QasmNames.Defined(gate)}{head} {string.Join(", ", wires)} {{ {string.Join(" ", parts)} }}";
    }

    private static IEnumerable<string> Lines(Circuit circuit, Operation operation, QasmVersion version, QasmBits bits, List<Gate> defined)
    {
        var gate = operation.Gate;
        switch (gate.Kind)
        {
            case GateKind.Barrier:
                return [$"barrier {string.Join(", ", operation.Wires.Select(Wire))};"];
            case GateKind.Measure when !gate.Equals(Gates.Measure):
                throw new NotSupportedException($"{gate.Name} is no gate: OpenQASM has no errors of reading; write the circuit without them.");
            case GateKind.Measure when version == QasmVersion.Two:
                return [$"measure {Wire(operation.Wires[0])} -> {bits.Name(operation.Bit!.Value)};"];
            case GateKind.Measure:
                return [$"{bits.Name(operation.Bit!.Value)} = measure {Wire(operation.Wires[0])};"];
            case GateKind.Channel when gate.Equals(Gates.Reset):
                return [$"reset {Wire(operation.Wires[0])};"];
            case GateKind.Channel:
                throw new NotSupportedException($"{gate.Name} is no gate: OpenQASM has no noise and no post-selection; write the circuit without it.");
        }

        var parts = QasmNames.Spelled(gate, version) is null ? [.. Parts(circuit, operation, version)] : (Operation[])[operation];
        foreach (var row in parts.Select(part => Root(part.Gate, version)).Where(row => row is not null && !defined.Contains(row)))
        {
            defined.Add(row!);
        }

        return parts.Select(part => Call(part, version, Wire));
    }

    // A gate without a name as gates that have one. Constant phases are one at the end, where the version has a word for them.
    private static IEnumerable<Operation> Parts(Circuit circuit, Operation operation, QasmVersion version)
    {
        var parts = circuit
            .WithOperations([.. Synthesis.ToCnots(operation).SelectMany(part => SingleQubitSynthesis.InSet(part, Named))])
            .JoinRuns(Named).Operations;
        var (gates, phases) = (parts.Where(part => !IsPhase(part)), parts.Where(IsPhase).ToArray());
        if (version == QasmVersion.Two)
        {
            return gates;
        }

        var total = Math.IEEERemainder(phases.Where(part => part.Angles[0].IsConstant).Sum(part => part.Angles[0].Offset), Math.Tau);
        return
        [
            .. gates,
            .. phases.Where(part => !part.Angles[0].IsConstant),
            .. Math.Abs(total) < 1e-14 ? (Operation[])[] : [Synthesis.Phase(operation.Wires[0], -total)],
        ];

        static bool IsPhase(Operation part) => part.Gate.Equals(Gates.GlobalPhase);
    }

    // The row that must be defined for this gate to be called.
    private static Gate? Root(Gate gate, QasmVersion version) =>
        QasmLibrary.NameOf(gate, version) is not null ? null
        : QasmNames.Defined(gate) is not null ? gate
        : (gate.Target ?? gate.Origin) is { } inner ? Root(inner, version)
        : null;

    private static string Call(Operation operation, QasmVersion version, Func<int, string> wire)
    {
        if (operation.Gate.Equals(Gates.GlobalPhase))
        {
            return $"gphase({QasmAngles.Text(-operation.Angles[0], version)});";
        }

        var angles = operation.Angles.IsEmpty ? "" : $"({string.Join(", ", operation.Angles.Select(angle => QasmAngles.Text(angle, version)))})";
        return $"{QasmNames.Spelled(operation.Gate, version)}{angles} {string.Join(", ", operation.Wires.Select(wire))};";
    }

    private static string Conditions(Operation operation, QasmVersion version, QasmBits bits)
    {
        if (operation.Gate.Kind == GateKind.Barrier)
        {
            return "";
        }

        var guard = operation.Guard switch
        {
            null => "",
            _ when version == QasmVersion.Two => throw new NotSupportedException($"{operation}: OpenQASM 2 has no inputs to compare; write OpenQASM 3."),
            { Absolute: true } both => $"if ({QasmAngles.Input(both.Input)} > {QasmAngles.Number(both.Threshold)} || {QasmAngles.Input(both.Input)} < {QasmAngles.Number(-both.Threshold)}) ",
            { } above => $"if ({QasmAngles.Input(above.Input)} > {QasmAngles.Number(above.Threshold)}) ",
        };
        return operation.Conditions.IsEmpty ? guard : $"{guard}if ({string.Join(" && ", operation.Conditions.Select(bits.Text))}) ";
    }

    private static void Inputs(StringBuilder text, Circuit circuit, QasmVersion version)
    {
        if (version == QasmVersion.Two && circuit.Inputs + circuit.Weights > 0)
        {
            throw new NotSupportedException("OpenQASM 2 has no inputs and no weights; write OpenQASM 3, or a circuit whose angles are numbers.");
        }

        for (var k = 0; k < circuit.Inputs; k++)
        {
            text.Append(CultureInfo.InvariantCulture, $"input float {QasmAngles.Input(k)};\n");
        }

        foreach (var group in circuit.WeightGroups)
        {
            text.Append(CultureInfo.InvariantCulture, $"{QasmElaborator.WeightsAnnotation} {Uri.EscapeDataString(group.Name)} {string.Join(" ", group.Shape)}\n");
            for (var k = 0; k < group.Count; k++)
            {
                text.Append(CultureInfo.InvariantCulture, $"input float {QasmAngles.Weight(group.Offset + k)};\n");
            }
        }
    }

    private static string Wire(int wire) => string.Create(CultureInfo.InvariantCulture, $"{Qubits}[{wire}]");
}
