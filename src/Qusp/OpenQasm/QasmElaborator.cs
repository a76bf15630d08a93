// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

/// <summary>
/// Turns statements into a circuit. Everything classical that is known now (constants, loops, arithmetic) is done now;
/// inputs become angles of the circuit, what depends on measured bits becomes conditions, gates and subroutines are expanded
/// in place. Whatever could grow without end counts its steps against <see cref="QasmLimits"/>.
/// </summary>
internal sealed partial class QasmElaborator
{
    private readonly QasmVersion version;
    private readonly Dictionary<string, QasmGate> gates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QasmStatement.Subroutine> subroutines = new(StringComparer.Ordinal);
    private QasmScope scope = new(null);
    private int steps;
    private int calls;
    private QasmValue? returned;

    private QasmElaborator(QasmVersion version)
    {
        this.version = version;
        sink = new Sink(IsCircuit: true);
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
        Return,
        End,
    }

    /// <summary>Elaborates a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="version">Its version.</param>
    /// <param name="statements">What it says, with the statements of the files that it includes in their place.</param>
    public static QasmProgram Run(QasmSource source, QasmVersion version, ImmutableArray<QasmStatement> statements)
    {
        var elaborator = new QasmElaborator(version);
        elaborator.Execute(statements);
        return elaborator.Finish(new QasmPlace(source, source.Text.Length));
    }

    private Flow Execute(ImmutableArray<QasmStatement> statements)
    {
        foreach (var statement in statements)
        {
            Step(statement.Place);
            var flow = Execute(statement);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    private Flow Execute(QasmStatement statement)
    {
        switch (statement)
        {
            case QasmStatement.Apply apply:
                Apply(apply);
                return Flow.Next;
            case QasmStatement.Declaration declaration:
                Declare(declaration);
                return Flow.Next;
            case QasmStatement.Assign assign:
                Assign(assign);
                return Flow.Next;
            case QasmStatement.Evaluate { Value: var value }:
                _ = Evaluate(value);
                return Flow.Next;
            case QasmStatement.Definition gate:
                Define(gate);
                return Flow.Next;
            case QasmStatement.Subroutine subroutine:
                Define(subroutine);
                return Flow.Next;
            case QasmStatement.Alias { Name: var name, Value: var value } alias:
                Bind(alias.Place, name, Evaluate(value) is (QasmValue.Qubits or QasmValue.Bits) and var register
                    ? register
                    : throw alias.Place.Refuse("an alias names qubits or bits, such as q[0:2]; for a number write const"));
                return Flow.Next;
            case QasmStatement.If branches:
                return If(branches, 0);
            case QasmStatement.For loop:
                return For(loop);
            case QasmStatement.While loop:
                return While(loop);
            case QasmStatement.Block { Body: var body }:
                return Scoped(body);
            case QasmStatement.Include { File: var file } library:
                return Include(library.Place, file);
            case QasmStatement.Jump jump:
                return Jump(jump);
            default:
                throw new NotSupportedException($"{statement.GetType().Name} has no meaning.");
        }
    }

    private Flow Include(QasmPlace place, string file)
    {
        if (!scope.IsGlobal || QasmLibrary.Find(file) is not { } library)
        {
            throw place.Refuse("include stands at the beginning of a file, not inside of a block; move it there");
        }

        foreach (var (name, gate) in library)
        {
            gates.TryAdd(name, gate);
        }

        return Flow.Next;
    }

    private Flow Scoped(ImmutableArray<QasmStatement> body, Action? bind = null)
    {
        var outer = scope;
        scope = new QasmScope(outer);
        bind?.Invoke();
        var flow = Execute(body);
        scope = outer;
        return flow;
    }

    private Flow For(QasmStatement.For loop)
    {
        var count = 0;
        foreach (var value in Values(loop.Values))
        {
            if (++count > QasmLimits.Iterations)
            {
                throw loop.Place.Refuse($"the loop runs more than {QasmLimits.Iterations} times; make its range shorter");
            }

            Step(loop.Place);
            var flow = Scoped(loop.Body, () => Bind(loop.Place, loop.Variable, value, loop.Type));
            if (flow is Flow.Return or Flow.End)
            {
                return flow;
            }

            if (flow == Flow.Break)
            {
                break;
            }
        }

        return Flow.Next;
    }

    private Flow While(QasmStatement.While loop)
    {
        for (var count = 0; ; count++)
        {
            if (Evaluate(loop.Condition) is not QasmValue.Known { Number.IsTrue: var goesOn })
            {
                throw loop.Place.Refuse("a while loop is run when the file is read, so its condition must be known then; to repeat while a measured bit c is 0, at most 8 times, write for int i in [1:8] { if (c == 0) { … } }");
            }

            if (!goesOn)
            {
                return Flow.Next;
            }

            if (count == QasmLimits.Iterations)
            {
                throw loop.Place.Refuse($"the loop runs more than {QasmLimits.Iterations} times; let its condition become false");
            }

            var flow = Scoped(loop.Body);
            if (flow is Flow.Return or Flow.End)
            {
                return flow;
            }

            if (flow == Flow.Break)
            {
                return Flow.Next;
            }
        }
    }

    private Flow Jump(QasmStatement.Jump jump)
    {
        if (jump.Word == "return")
        {
            returned = jump.Value is null ? null : Read(jump.Place, Evaluate(jump.Value));
        }

        return jump.Word switch { "break" => Flow.Break, "continue" => Flow.Continue, "return" => Flow.Return, _ => Flow.End };
    }

    // Each value of a loop's variable, one at a time: a range may be long.
    private IEnumerable<QasmValue> Values(QasmExpression expression)
    {
        switch (expression)
        {
            case QasmExpression.Range { First: { } first, Last: { } last } range:
                var (from, to) = (Whole(first), Whole(last));
                var step = range.Step is null ? 1 : Whole(range.Step);
                if (step == 0)
                {
                    throw range.Place.Refuse("the range's step is 0; give another");
                }

                for (var value = from; step > 0 ? value <= to : value >= to; value += step)
                {
                    yield return QasmValue.Whole(value);
                }

                break;
            case QasmExpression.Range range:
                throw range.Place.Refuse("a loop's range names its first and last value, as in [0:9]");
            case QasmExpression.Set set:
                foreach (var element in set.Elements)
                {
                    yield return Evaluate(element);
                }

                break;
            default:
                switch (Evaluate(expression))
                {
                    case QasmValue.Qubits { IsRegister: true } qubits:
                        foreach (var wire in qubits.Wires)
                        {
                            yield return new QasmValue.Qubits([wire], false);
                        }

                        break;
                    case QasmValue.Bits { IsRegister: true } bits:
                        foreach (var bit in bits.Indices)
                        {
                            yield return new QasmValue.Bits([bit], false);
                        }

                        break;
                    case var other:
                        throw expression.Place.Refuse($"{other.Kind} has no elements to loop over; write a range [0:9], a set {{1, 2}} or a register");
                }

                break;
        }
    }

    private void Step(QasmPlace place)
    {
        if (++steps > QasmLimits.Steps)
        {
            throw place.Refuse($"the file takes more than {QasmLimits.Steps} steps to expand; make its loops shorter and its gates smaller");
        }
    }
}
