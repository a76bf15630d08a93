// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

// Gates on qubits, and what modifiers make of them.
internal sealed partial class QasmElaborator
{
    private readonly Dictionary<(Gate Gate, string Controls), Gate> controlled = [];
    private Sink sink;
    private int emitted;
    private double globalPhase; // of all that is unconditional and not controlled, written once, at the beginning
    private int phaseWire; // where a global phase of the gate that is being expanded stands

    /// <summary>Where operations go: the circuit, or the gate that a modifier changes afterwards.</summary>
    private sealed record Sink(bool IsCircuit)
    {
        public List<Operation> Operations { get; } = [];

        public List<string?> Names { get; } = [];
    }

    private QasmProgram Finish(QasmPlace end)
    {
        if (wires.Count == 0)
        {
            throw end.Refuse("the file declares no qubit; write qubit[2] q; or, in OpenQASM 2, qreg q[2];");
        }

        if (weights.Sum(group => group.Count) > weightNames.Count)
        {
            throw end.Refuse($"the weights {weights[^1].Name} have more elements than inputs that follow their annotation; add them");
        }

        if (Math.Abs(Math.IEEERemainder(globalPhase, Math.Tau)) > 1e-15)
        {
            sink.Operations.Insert(0, new Operation(Gates.GlobalPhase, [0], [-Math.IEEERemainder(globalPhase, Math.Tau)]));
            sink.Names.Insert(0, null);
        }

        var circuit = new Circuit(wires.Count, inputs.Count, [.. weights], [.. sink.Operations], [], bits.Count);
        return new QasmProgram(circuit, version, [.. wires], [.. bits], [.. inputs], [.. weightNames], [.. sink.Names]);
    }

    private void Apply(QasmStatement.Apply apply)
    {
        switch (apply.Gate)
        {
            case "barrier" when apply.Modifiers.IsEmpty && apply.Angles.IsEmpty:
                Barrier(apply);
                return;
            case "reset" when apply.Modifiers.IsEmpty && apply.Angles.IsEmpty:
                Reset(apply);
                return;
            case "gphase" when version == QasmVersion.Three:
                GlobalPhase(apply);
                return;
        }

        var gate = Find(apply.Place, apply.Gate);
        var (modifiers, controls) = Modifiers(apply);
        CheckCounts(apply, gate, gate.Qubits + controls);
        ImmutableArray<Angle> angles = [.. apply.Angles.Select(AngleOf)];
        Broadcast(apply, on => ApplyOnce(apply, gate, modifiers, angles, on));
    }

    // A register among the operands stands for each of its qubits in turn; several go side by side.
    private void Broadcast(QasmStatement.Apply apply, Action<ImmutableArray<int>> once)
    {
        QasmValue.Qubits[] operands = [.. apply.Qubits.Select(Wires)];
        var size = Array.Find(operands, operand => operand.IsRegister)?.Wires.Length;
        if (Array.FindIndex(operands, operand => operand.IsRegister && operand.Wires.Length != size) is >= 0 and var odd)
        {
            throw apply.Qubits[odd].Place.Refuse($"{apply.Gate} goes side by side over registers of {size} and {operands[odd].Wires.Length} qubits; their sizes must be equal");
        }

        for (var k = 0; k < (size ?? 1); k++)
        {
            ImmutableArray<int> on = [.. operands.Select(operand => operand.Wires[operand.IsRegister ? k : 0])];
            for (var i = 1; i < on.Length; i++)
            {
                if (on[..i].Contains(on[i]))
                {
                    throw apply.Qubits[i].Place.Refuse($"{wires[on[i]]} stands twice in {apply.Gate}; a gate acts on different qubits");
                }
            }

            once(on);
        }
    }

    private void ApplyOnce(QasmStatement.Apply apply, QasmGate gate, ImmutableArray<(string Word, double Argument)> modifiers, ImmutableArray<Angle> angles, ImmutableArray<int> on)
    {
        if (modifiers.IsEmpty)
        {
            Expand(apply.Place, apply.Gate, gate, angles, on);
            return;
        }

        var controls = modifiers.Where(modifier => modifier.Word is "ctrl" or "negctrl").Sum(modifier => (int)modifier.Argument);
        var operations = Collect(on[controls], () => Expand(apply.Place, apply.Gate, gate, angles, on[controls..]));
        EmitModified(apply.Place, operations, modifiers, on[..controls], isRow: gate.Row is not null);
    }

    private void EmitModified(QasmPlace place, List<Operation> operations, ImmutableArray<(string Word, double Argument)> modifiers, ImmutableArray<int> controls, bool isRow)
    {
        foreach (var (word, argument) in modifiers.Reverse())
        {
            Step(place);
            switch (word)
            {
                case "inv":
                    operations.Reverse();
                    operations = [.. operations.Select(operation => Inverse(operation, isRow))];
                    break;
                case "pow":
                    operations = Power(place, operations, argument);
                    break;
                default:
                    var count = (int)argument;
                    operations = [.. operations.SelectMany(operation => Controlled(place, operation, controls[^count..], word == "ctrl"))];
                    controls = controls[..^count];
                    break;
            }
        }

        foreach (var operation in operations)
        {
            Emit(place, operation, QasmNames.Of(operation.Gate, version));
        }
    }

    // What a gate consists of, apart.
    private List<Operation> Collect(int wire, Action expand)
    {
        var (outer, outerWire) = (sink, phaseWire);
        (sink, phaseWire) = (new Sink(IsCircuit: false), wire);
        expand();
        var collected = sink.Operations;
        (sink, phaseWire) = (outer, outerWire);
        return collected;
    }

    private void Expand(QasmPlace place, string name, QasmGate gate, ImmutableArray<Angle> angles, ImmutableArray<int> on)
    {
        if (gate.Row is { } row)
        {
            Emit(place, new Operation(row, on, angles), name);
            if (name == "U" && version == QasmVersion.Three)
            {
                Phase(place, 0.5 * angles[0], on[0]); // its determinant is e^{i(θ+φ+λ)}
            }

            return;
        }

        if (++calls > QasmLimits.Calls)
        {
            throw place.Refuse($"gates and subroutines call one another more than {QasmLimits.Calls} deep; write the inner ones out");
        }

        var definition = gate.Definition!;
        var (outerScope, outerWire, first) = (scope, phaseWire, sink.Names.Count);
        (scope, phaseWire) = (new QasmScope(Global(scope)), on[0]);
        foreach (var (parameter, angle) in definition.Angles.Zip(angles))
        {
            scope.TryAdd(parameter, new QasmVariable(null, 0, 0, angle.IsConstant ? QasmValue.Real(angle.Offset) : new QasmValue.Symbol(angle)));
        }

        foreach (var (qubit, wire) in definition.Qubits.Zip(on))
        {
            scope.TryAdd(qubit, new QasmVariable(null, 0, 0, new QasmValue.Qubits([wire], false)));
        }

        Execute(definition.Body);
        (scope, phaseWire) = (outerScope, outerWire);
        calls--;

        // A library's gate is one gate for who counts, whatever it is made of.
        for (var k = first; gate.IsLibrary && k < sink.Names.Count; k++)
        {
            sink.Names[k] = k == first ? name : null;
        }
    }

    private static QasmScope Global(QasmScope scope)
    {
        while (scope.Outer is { } outer)
        {
            scope = outer;
        }

        return scope;
    }

    private void Barrier(QasmStatement.Apply apply)
    {
        ImmutableArray<int> on = apply.Qubits.IsEmpty ? [.. Enumerable.Range(0, wires.Count)] : [.. apply.Qubits.SelectMany(qubit => Wires(qubit).Wires).Distinct()];
        if (on.IsEmpty)
        {
            throw apply.Place.Refuse("a barrier stands before any qubit is declared; declare qubits first");
        }

        Emit(apply.Place, new Operation(Gates.Barrier(on.Length), on, []), "barrier");
    }

    private void Reset(QasmStatement.Apply apply)
    {
        if (sink is not { IsCircuit: true } || apply.Qubits.Length != 1)
        {
            throw apply.Place.Refuse("reset names one qubit or register, outside of gates; write reset q;");
        }

        foreach (var wire in Wires(apply.Qubits[0]).Wires)
        {
            Emit(apply.Place, new Operation(Gates.Reset, [wire], []), "reset");
        }
    }

    private void GlobalPhase(QasmStatement.Apply apply)
    {
        var (modifiers, controls) = Modifiers(apply);
        if (apply.Angles.Length != 1 || apply.Qubits.Length != controls)
        {
            throw apply.Place.Refuse("gphase takes one angle, and no qubits but those of its controls; write gphase(angle);");
        }

        if (wires.Count == 0)
        {
            throw apply.Place.Refuse("gphase stands before any qubit is declared; declare qubits first");
        }

        var angle = AngleOf(apply.Angles[0]);
        Broadcast(apply, on =>
        {
            var operation = new Operation(Gates.GlobalPhase, [phaseWire], [-angle]);
            if (modifiers.IsEmpty)
            {
                Emit(apply.Place, operation, "gphase");
            }
            else
            {
                EmitModified(apply.Place, [operation], modifiers, on, isRow: false);
            }
        });
    }

    // e^{iφ} that no gate of the file asks for by itself.
    private void Phase(QasmPlace place, Angle phi, int wire)
    {
        if (sink.IsCircuit && phi.IsConstant && conditions.IsEmpty && guard is null)
        {
            globalPhase += phi.Offset;
        }
        else
        {
            Emit(place, new Operation(Gates.GlobalPhase, [wire], [-phi]), null);
        }
    }

    private void Emit(QasmPlace place, Operation operation, string? name)
    {
        if (++emitted > QasmLimits.Operations)
        {
            throw place.Refuse($"the file expands to more than {QasmLimits.Operations} operations; make its loops shorter and its gates smaller");
        }

        if (!sink.IsCircuit || (guard is null && conditions.IsEmpty) || operation.Gate.Kind == GateKind.Barrier)
        {
            sink.Operations.Add(operation);
        }
        else
        {
            sink.Operations.Add(isStale
                ? throw place.Refuse("a bit that the condition around this reads was measured again inside of it; measure into another bit")
                : new Operation(operation.Gate, operation.Wires, operation.Angles, guard, operation.Bit, conditions));
        }

        sink.Names.Add(name);
    }
}
