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

    // A function of a few bits, value by value: whatever is computed from it costs no more than the table is long.
    private QasmNumber[]? Tabulate(int count, Func<ulong, QasmNumber> at)
    {
        if (count > QasmLimits.TriedBits)
        {
            return null;
        }

        steps += 1 << count; // counted where the next step is taken
        return [.. Enumerable.Range(0, 1 << count).Select(values => at((ulong)values))];
    }

    private QasmValue.Outcome Map(QasmPlace place, QasmValue.Outcome outcome, Func<QasmNumber, QasmNumber> function)
    {
        Step(place);
        var table = outcome.Table ?? throw TooMany(place, outcome.Reads.Length);
        return outcome with { Conditions = default, Table = Tabulate(outcome.Reads.Length, values => function(table[values])) };
    }

    private static InvalidDataException TooMany(QasmPlace place, int count) => place.Refuse(
        $"an expression computes with {count} measured bits, and at most {QasmLimits.TriedBits} can be; compare a register with a number, or write fewer bits");

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
            Tabulate(of.Length, values => Combine(place, symbol, fromLeft(values), fromRight(values)) is QasmValue.Known { Number: var number } ? number : default),
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
