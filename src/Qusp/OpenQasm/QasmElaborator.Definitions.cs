// SPDX-License-Identifier: Apache-2.0
namespace Qusp.OpenQasm;

// What gates are defined, and what is wrong with a definition or with a call of it.
internal sealed partial class QasmElaborator
{
    private void Define(QasmStatement.Definition definition)
    {
        var (place, name) = (definition.Place, definition.Name);
        if (!scope.IsGlobal || calls > 0)
        {
            throw place.Refuse("gates are defined outside of all blocks; move this definition there");
        }

        if (IsBuiltIn(name) || (gates.TryGetValue(name, out var known) && !known.IsLibrary) || subroutines.ContainsKey(name) || scope.Find(name) is not null)
        {
            throw place.Refuse($"'{name}' is defined already; choose another name");
        }

        if (!definition.Body.IsDefault)
        {
            foreach (var statement in definition.Body)
            {
                Check(definition, statement);
            }
        }

        gates[name] = QasmNames.RowOf(definition, version) is { } row ? QasmGate.Of(row) with { IsLibrary = false } : QasmGate.Of(definition, isLibrary: false);
    }

    // What is wrong with a body is said where it is defined, whether it is applied or not. Since a gate uses only gates that
    // are defined before it, none calls itself.
    private void Check(QasmStatement.Definition definition, QasmStatement statement)
    {
        Step(statement.Place);
        switch (statement)
        {
            case QasmStatement.Apply apply:
                if (apply.Gate is "reset")
                {
                    throw apply.Place.Refuse("a gate cannot reset; reset outside of it");
                }

                foreach (var qubit in apply.Qubits)
                {
                    if (qubit is not QasmExpression.Name { Text: var name } || !definition.Qubits.Contains(name))
                    {
                        throw qubit.Place.Refuse($"inside of the gate {definition.Name} only its own qubits are known: {string.Join(", ", definition.Qubits)}");
                    }
                }

                if (apply.Gate == definition.Name && !gates.ContainsKey(apply.Gate))
                {
                    throw apply.Place.Refuse($"the gate {definition.Name} calls itself; a gate uses gates that are defined before it");
                }

                if (apply.Gate is not ("barrier" or "gphase"))
                {
                    var gate = Find(apply.Place, apply.Gate);
                    CheckCounts(apply, gate, apply.Modifiers.IsEmpty ? gate.Qubits : apply.Qubits.Length);
                }

                break;
            case QasmStatement.For { Body: var body }:
                foreach (var inner in body)
                {
                    Check(definition, inner);
                }

                break;
            case QasmStatement.If { Branches: var branches }:
                foreach (var inner in branches.SelectMany(branch => branch.Body))
                {
                    Check(definition, inner);
                }

                break;
            default:
                throw statement.Place.Refuse("a gate's body has gates, barriers and loops alone; for anything else write def");
        }
    }

    private static bool IsBuiltIn(string name) => name is "U" or "CX" or "gphase" or "barrier" or "reset" or "measure";

    private QasmGate Find(QasmPlace place, string name)
    {
        if (gates.TryGetValue(name, out var gate))
        {
            return gate.Row is null && gate.Definition!.Body.IsDefault
                ? throw place.Refuse($"'{name}' is opaque: it has no body, so what it does is not known; define it with gate")
                : gate;
        }

        return name switch
        {
            "U" => QasmGate.Of(Gates.U3),
            "CX" => QasmGate.Of(Gates.CNOT),
            _ => throw place.Refuse(QasmLibrary.Find(QasmLibrary.FileName(version))!.ContainsKey(name)
                ? $"'{name}' is defined in {QasmLibrary.FileName(version)}; write include \"{QasmLibrary.FileName(version)}\"; before it"
                : scope.Find(name) is not null
                    ? $"'{name}' is a variable, not a gate; an assignment has = after it"
                    : $"there is no gate '{name}' here; define it before it is used, or check its spelling"),
        };
    }

    private static void CheckCounts(QasmStatement.Apply apply, QasmGate gate, int qubits)
    {
        if (apply.Angles.Length != gate.Angles)
        {
            throw apply.Place.Refuse($"{apply.Gate} takes {gate.Angles} angle{(gate.Angles == 1 ? "" : "s")}, not {apply.Angles.Length}; write {Form()}");
        }

        if (apply.Qubits.Length != qubits)
        {
            throw apply.Place.Refuse($"{apply.Gate} {(apply.Modifiers.IsEmpty ? "" : "with its controls ")}acts on {qubits} qubit{(qubits == 1 ? "" : "s")}, not {apply.Qubits.Length}; write as many");
        }

        string Form() => gate.Angles == 0 ? $"{apply.Gate} without parentheses" : $"{apply.Gate}({string.Join(", ", Enumerable.Range(1, Math.Min(gate.Angles, 8)).Select(k => $"a{k}"))})";
    }
}
