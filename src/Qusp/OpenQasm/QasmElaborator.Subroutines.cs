// SPDX-License-Identifier: Apache-2.0
namespace Qusp.OpenQasm;

// def: expanded where it is called.
internal sealed partial class QasmElaborator
{
    private void Define(QasmStatement.Subroutine subroutine)
    {
        if (!scope.IsGlobal)
        {
            throw subroutine.Place.Refuse("subroutines are defined outside of all blocks; move this definition there");
        }

        if (IsBuiltIn(subroutine.Name) || gates.ContainsKey(subroutine.Name) || scope.Find(subroutine.Name) is not null || !subroutines.TryAdd(subroutine.Name, subroutine))
        {
            throw subroutine.Place.Refuse($"'{subroutine.Name}' is defined already; choose another name");
        }
    }

    private QasmValue Run(QasmExpression.Call call, QasmStatement.Subroutine subroutine)
    {
        if (call.Arguments.Length != subroutine.Parameters.Length)
        {
            throw call.Place.Refuse($"{call.Function} takes {subroutine.Parameters.Length} argument(s), not {call.Arguments.Length}; see its definition");
        }

        if (++calls > QasmLimits.Calls)
        {
            throw call.Place.Refuse($"gates and subroutines call one another more than {QasmLimits.Calls} deep; a subroutine that calls itself must end");
        }

        if (sink is not { IsCircuit: true })
        {
            throw call.Place.Refuse("a gate cannot call a subroutine; write def instead of gate");
        }

        var arguments = call.Arguments.Select(Evaluate).ToArray();
        var outer = scope;
        scope = new QasmScope(Global(scope));
        for (var k = 0; k < arguments.Length; k++)
        {
            var ((type, name), value, place) = (subroutine.Parameters[k], arguments[k], call.Arguments[k].Place);
            if ((type.Word == "qubit") != (value is QasmValue.Qubits))
            {
                throw place.Refuse($"{value.Kind} is given where {call.Function} takes a {type.Word} {name}");
            }

            if (value is QasmValue.Qubits { Wires.Length: var count } && count != (type.Size is null ? 1 : Whole(type.Size)))
            {
                throw place.Refuse($"{count} qubit(s) are given where {call.Function} takes another number for {name}; see its definition");
            }

            Bind(place, name, value is QasmValue.Bits && type.Word != "bit" ? Read(place, value) : value, type);
        }

        returned = null;
        Execute(subroutine.Body);
        scope = outer;
        calls--;
        var result = returned ?? QasmValue.Whole(0);
        returned = null;
        return result;
    }
}
