// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

// Measured bits, and what is decided by them.
internal sealed partial class QasmElaborator
{
    private readonly Dictionary<int, int> written = []; // when each bit was last measured
    private readonly Dictionary<int, QasmValue> overrides = []; // bits that were assigned a value since
    private int measurements;
    private ImmutableArray<Condition> conditions = [];
    private Guard? guard;
    private bool isStale; // a bit that the conditions around read was measured inside of them

    // Variables keep to the conditions under which they were declared.
    private int ConditionLevel => (2 * conditions.Length) + (guard is null ? 0 : 1);

    // The first branch that holds. Those after one that is decided by measured bits hold under the opposite condition.
    private Flow If(QasmStatement.If statement, int from)
    {
        for (var k = from; k < statement.Branches.Length; k++)
        {
            var (condition, body) = statement.Branches[k];
            Step(statement.Place);
            switch (condition is null ? QasmValue.Whole(1) : Read(condition.Place, Evaluate(condition)))
            {
                case QasmValue.Known { Number.IsTrue: var holds }:
                    if (holds)
                    {
                        return Scoped(body);
                    }

                    break;
                case QasmValue.Comparison comparison:
                    return Guarded(statement, k, comparison);
                case QasmValue.Outcome outcome:
                    foreach (var all in Alternatives(condition!.Place, outcome, holds: true))
                    {
                        Under(condition.Place, outcome, all, () => Scoped(body));
                    }

                    if (k + 1 < statement.Branches.Length)
                    {
                        foreach (var all in Alternatives(condition.Place, outcome, holds: false))
                        {
                            Under(condition.Place, outcome, all, () => If(statement, k + 1));
                        }
                    }

                    return Flow.Next;
                case var other:
                    throw condition!.Place.Refuse($"{other.Kind} is no condition; compare it with a number");
            }
        }

        return Flow.Next;
    }

    private Flow Guarded(QasmStatement.If statement, int branch, QasmValue.Comparison comparison)
    {
        var place = statement.Branches[branch].Condition!.Place;
        if (comparison.Side == '<' || branch + 1 < statement.Branches.Length)
        {
            throw place.Refuse("a comparison of an input is x > number or x > number || x < -number, without else; negate the input where it is made");
        }

        var inner = new Guard(comparison.Input, comparison.Threshold, comparison.Side == '|');
        if (guard is { } outer && outer != inner)
        {
            throw place.Refuse("a comparison of an input stands inside of another one; a gate has one: combine them where the inputs are made");
        }

        var before = guard;
        guard = inner;
        var flow = Scoped(statement.Branches[branch].Body);
        guard = before;
        return flow == Flow.Next ? flow : throw place.Refuse("a loop or subroutine cannot be left depending on an input; write the gates inside of the if");
    }

    private void Under(QasmPlace place, QasmValue.Outcome outcome, ImmutableArray<Condition> all, Func<Flow> run)
    {
        CheckFresh(place, outcome);
        if (conditions.Length + all.Length > QasmLimits.Conditions)
        {
            throw place.Refuse($"more than {QasmLimits.Conditions} conditions hold together here; compare whole registers");
        }

        var before = (conditions, isStale);
        conditions = conditions.AddRange(all);
        if (run() != Flow.Next)
        {
            throw place.Refuse("a loop or subroutine cannot be left depending on a measured bit; write the gates inside of the if");
        }

        (conditions, isStale) = before;
    }

    // A measurement inside of an if may write a bit that the condition reads: what follows would ask the new value.
    private void CheckFresh(QasmPlace place, QasmValue.Outcome outcome)
    {
        foreach (var bit in outcome.Reads)
        {
            if (written.GetValueOrDefault(bit) > outcome.Since)
            {
                throw place.Refuse($"{(bits[bit].Length > 0 ? bits[bit] : "a bit")} was measured again since this condition read it; measure into another bit");
            }
        }
    }

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
            ? new QasmValue.Outcome(indices, Tabulate(place, indices.Length, values => QasmNumber.Of((Int128)values)), measurements, default)
            : Test(indices, 1, negated: false);
    }

    // The values of bits of which at least one was assigned; null if none was.
    private QasmValue[]? Overridden(ImmutableArray<int> indices) => indices.Any(overrides.ContainsKey)
        ? [.. indices.Select(bit => overrides.TryGetValue(bit, out var value) ? value : Test([bit], 1, negated: false))]
        : null;

    // Bits against a number, the first bit the least significant.
    private QasmValue.Outcome Test(ImmutableArray<int> indices, ulong number, bool negated) => new(
        indices,
        Tabulate(default, indices.Length, values => QasmNumber.Of(values == number != negated)),
        measurements,
        [new Condition([.. indices.Reverse()], number, negated)]);

    // A function of a few bits, value by value: whatever is computed from it costs no more than the table is long.
    private QasmNumber[]? Tabulate(QasmPlace place, int count, Func<ulong, QasmNumber> at)
    {
        if (count > QasmLimits.TriedBits)
        {
            return null;
        }

        steps += place == default ? 0 : 1 << count;
        return [.. Enumerable.Range(0, 1 << count).Select(values => at((ulong)values))];
    }

    private QasmValue.Outcome Map(QasmPlace place, QasmValue.Outcome outcome, Func<QasmNumber, QasmNumber> function)
    {
        Step(place);
        var table = outcome.Table ?? throw TooMany(place, outcome.Reads.Length);
        return outcome with { Conditions = default, Table = Tabulate(place, outcome.Reads.Length, values => function(table[values])) };
    }

    private static InvalidDataException TooMany(QasmPlace place, int count) => place.Refuse(
        $"an expression computes with {count} measured bits, and at most {QasmLimits.TriedBits} can be; compare a register with a number, or write fewer bits");

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

    // An operator on values of which at least one depends on measured bits.
    private QasmValue Lift(QasmPlace place, string symbol, QasmValue left, QasmValue right)
    {
        if (symbol is "&&" or "||" && (left is QasmValue.Known ? left : right) is QasmValue.Known { Number.IsTrue: var known })
        {
            return known == (symbol == "||") ? QasmValue.Whole(known ? 1 : 0) : left is QasmValue.Known ? right : left;
        }

        var (a, b) = (left as QasmValue.Outcome, right as QasmValue.Outcome);
        ImmutableArray<int> of = [.. (a?.Reads ?? []).Union(b?.Reads ?? [])];
        var since = Math.Min(a?.Since ?? int.MaxValue, b?.Since ?? int.MaxValue);
        var both = symbol == "&&" && a is { Conditions.IsDefault: false } && b is { Conditions.IsDefault: false };
        if (of.Length > QasmLimits.TriedBits || (a ?? b)!.Table is null || (b ?? a)!.Table is null)
        {
            return both ? new QasmValue.Outcome(of, null, since, [.. a!.Conditions, .. b!.Conditions]) : throw TooMany(place, of.Length);
        }

        Step(place);
        var (fromLeft, fromRight) = (Reader(left), Reader(right));
        return new QasmValue.Outcome(
            of,
            Tabulate(place, of.Length, values => Combine(place, symbol, fromLeft(values), fromRight(values)) is QasmValue.Known { Number: var number } ? number : default),
            since,
            both ? [.. a!.Conditions, .. b!.Conditions] : default);

        Func<ulong, QasmValue> Reader(QasmValue value)
        {
            if (value is not QasmValue.Outcome { Table: { } table } outcome)
            {
                return value is QasmValue.Known ? _ => value : throw place.Refuse($"'{symbol}' cannot stand between a measured value and {value.Kind}; write one if inside of another");
            }

            int[] positions = [.. outcome.Reads.Select(bit => of.IndexOf(bit))];
            return values =>
            {
                var picked = 0UL;
                for (var k = 0; k < positions.Length; k++)
                {
                    picked |= ((values >> positions[k]) & 1) << k;
                }

                return new QasmValue.Known(table[picked]);
            };
        }
    }

    // Lists of conditions of which exactly one list holds where the outcome is true, or false.
    private static IEnumerable<ImmutableArray<Condition>> Alternatives(QasmPlace place, QasmValue.Outcome outcome, bool holds)
    {
        if (!outcome.Conditions.IsDefault)
        {
            // Not (a and b) is: not a, or a and not b.
            return holds ? [outcome.Conditions] : outcome.Conditions.Select((last, k) => outcome.Conditions[..k].Add(last.Not()));
        }

        var table = outcome.Table ?? throw TooMany(place, outcome.Reads.Length);
        ImmutableArray<int> reversed = [.. outcome.Reads.Reverse()];
        var values = table.Index().ToLookup(entry => entry.Item.IsTrue, entry => (ulong)entry.Index);
        List<ulong>[] byTruth = [[.. values[false]], [.. values[true]]];
        var (inside, outside) = holds ? (byTruth[1], byTruth[0]) : (byTruth[0], byTruth[1]);
        return inside.Count == 0 ? []
            : outside.Count == 0 ? [[]]
            : Cube(outcome.Reads, inside) is { } cube ? [[cube]]
            : Cube(outcome.Reads, outside) is { } opposite ? [[opposite.Not()]]
            : inside.Select(value => ImmutableArray.Create(new Condition(reversed, value)));
    }

    // The one condition that holds for just these values of the bits; null if there is none.
    private static Condition? Cube(ImmutableArray<int> of, List<ulong> values)
    {
        var (always, never) = (values.Aggregate(ulong.MaxValue, (bits, value) => bits & value), ~values.Aggregate(0UL, (bits, value) => bits | value));
        ImmutableArray<int> decided = [.. Enumerable.Range(0, of.Length).Reverse().Where(k => (((always | never) >> k) & 1) == 1)];
        return decided.IsEmpty || values.Count != 1 << (of.Length - decided.Length)
            ? null
            : new Condition([.. decided.Select(k => of[k])], decided.Aggregate(0UL, (number, k) => (number << 1) | ((always >> k) & 1)));
    }
}
