// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

// What is written to classical bits and variables, and read from them.
internal sealed partial class QasmElaborator
{
    private void Measure(QasmPlace place, QasmValue.Qubits qubits, QasmValue.Bits target)
    {
        if (qubits.Wires.Length != target.Indices.Length)
        {
            throw place.Refuse($"{qubits.Wires.Length} qubit(s) are measured into {target.Indices.Length} bit(s); their numbers must be equal");
        }

        if (sink is not { IsCircuit: true })
        {
            throw place.Refuse("a gate cannot measure; measure outside of it, or write def instead of gate");
        }

        for (var k = 0; k < qubits.Wires.Length; k++)
        {
            var bit = target.Indices[k];
            if (overrides.Remove(bit) && !conditions.IsEmpty)
            {
                throw place.Refuse($"{bits[bit]} was assigned before and is measured only under a condition; measure into another bit");
            }

            Emit(place, new Operation(Gates.Measure, [qubits.Wires[k]], [], null, bit), "measure");
            written[bit] = ++measurements;
            isStale |= conditions.Any(condition => condition.Bits.Contains(bit));
        }
    }

    private void Assign(QasmStatement.Assign assign)
    {
        var place = assign.Place;
        var target = assign.Target is QasmExpression.Name { Text: var name } ? scope.Find(name)?.Value ?? throw Undeclared(place, name) : Evaluate(assign.Target);
        if (target is QasmValue.Bits register)
        {
            AssignBits(place, register, assign.Operator is null ? assign.Value : new QasmExpression.Binary(place, assign.Operator, assign.Target, assign.Value));
            return;
        }

        if (assign.Value is QasmExpression.Call { Function: "measure" } && assign.Target is not QasmExpression.Name)
        {
            throw place.Refuse($"a measurement is written to bits; declare {(version == QasmVersion.Two ? "creg c[n];" : "bit[n] c;")}");
        }

        if (assign.Target is not QasmExpression.Name { Text: var variableName } || scope.Find(variableName) is not { Type: { } type } variable)
        {
            throw place.Refuse($"{Spelled(assign.Target)} cannot be assigned; it is {(target is QasmValue.Qubits ? "a qubit" : "constant")}");
        }

        if (variable.Level != ConditionLevel)
        {
            throw place.Refuse($"{variableName} is assigned under a condition that is not known when the file is read; declare it inside of the if");
        }

        var value = Read(place, Evaluate(assign.Value));
        variable.Value = Convert(place, type, variable.Width, assign.Operator is { } symbol ? Combine(place, symbol, variable.Value, value) : value);
    }

    private void AssignBits(QasmPlace place, QasmValue.Bits register, QasmExpression expression)
    {
        if (expression is QasmExpression.Call { Function: "measure" } measure)
        {
            Measure(place, Wires(measure.Arguments[0]), register);
            return;
        }

        var value = Read(place, Evaluate(expression));
        if (value is not (QasmValue.Known { Number.Whole: not null } or QasmValue.Outcome))
        {
            throw place.Refuse($"{value.Kind} is assigned to bits; give a measurement, 0 or 1, or a bit string");
        }

        if (!conditions.IsEmpty || guard is not null)
        {
            throw place.Refuse("bits are assigned under a condition; only a measurement may write them there");
        }

        for (var k = 0; k < register.Indices.Length; k++)
        {
            overrides[register.Indices[k]] = BitOf(place, value, k);
        }
    }

    private QasmValue BitOf(QasmPlace place, QasmValue value, int position) => value switch
    {
        QasmValue.Outcome { Conditions.IsDefault: false } when position == 0 => value,
        QasmValue.Outcome outcome => Map(place, outcome, number => QasmNumber.Of(((number.Whole ?? 0) >> position) & 1)),
        QasmValue.Known { Number.Whole: { } whole } => QasmValue.Whole((whole >> position) & 1),
        _ => value,
    };

    // Bits become what was measured; everything else is what it is.
    private QasmValue Read(QasmPlace place, QasmValue value)
    {
        if (value is not QasmValue.Bits { Indices: var indices, IsRegister: var isRegister })
        {
            return value is QasmValue.Qubits ? throw place.Refuse($"{value.Kind} is no value; measure it into a bit") : value;
        }

        if (indices.Length > 64)
        {
            throw place.Refuse($"a register of {indices.Length} bits is read as a number; at most 64 can be");
        }

        if (Overridden(indices) is { } assigned)
        {
            // One after the other, the last one the most significant.
            return assigned.Reverse().Aggregate(QasmValue.Whole(0), (sum, bit) => Combine(place, "+", Combine(place, "*", sum, QasmValue.Whole(2)), bit));
        }

        return isRegister
            ? new QasmValue.Outcome(indices, Tabulate(indices.Length, values => QasmNumber.Of((Int128)values)), measurements, default)
            : Test(indices, 1, negated: false);
    }

    // The values of bits of which at least one was assigned; null if none was.
    private QasmValue[]? Overridden(ImmutableArray<int> indices) => indices.Any(overrides.ContainsKey)
        ? [.. indices.Select(bit => overrides.TryGetValue(bit, out var value) ? value : Test([bit], 1, negated: false))]
        : null;

    // Bits against a number, the first bit the least significant.
    private QasmValue.Outcome Test(ImmutableArray<int> indices, ulong number, bool negated) => new(
        indices,
        Tabulate(indices.Length, values => QasmNumber.Of(values == number != negated)),
        measurements,
        [new Condition([.. indices.Reverse()], number, negated)]);

    private QasmValue? Compared(QasmValue bits, QasmValue number, bool equal)
    {
        if (bits is not QasmValue.Bits { Indices: { Length: <= 64 } indices } || number is not QasmValue.Known { Number.Whole: { } whole } || Overridden(indices) is not null)
        {
            return null;
        }

        return whole < 0 || (indices.Length < 64 && whole >> indices.Length != 0) || whole > ulong.MaxValue
            ? QasmValue.Whole(equal ? 0 : 1)
            : Test(indices, (ulong)whole, !equal);
    }
}
