// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

// Branches and loops.
internal sealed partial class QasmParser
{
    private QasmStatement.If If2(QasmPlace place)
    {
        Advance();
        Expect("(", "after if");
        var register = new QasmExpression.Name(Here, Word("a classical register"));
        Expect("==", "OpenQASM 2 compares a register with a whole number");
        var value = token.Kind == QasmTokenKind.Integer ? Primary() : throw Unexpected("OpenQASM 2 compares a register with a whole number");
        Expect(")", "after the comparison");
        var condition = new QasmExpression.Binary(place, "==", register, value);
        if (Is("if"))
        {
            throw Here.Refuse("OpenQASM 2 has no if inside of an if; write OPENQASM 3.0");
        }

        return new QasmStatement.If(place, [(condition, [Statement()])]);
    }

    private QasmStatement.If If3(QasmPlace place)
    {
        var branches = ImmutableArray.CreateBuilder<(QasmExpression?, ImmutableArray<QasmStatement>)>();
        do
        {
            Advance(); // if
            branches.Add((Parenthesis("after if"), Body()));
            if (!Take("else"))
            {
                return new(place, branches.ToImmutable());
            }
        }
        while (Is("if"));
        branches.Add((null, Body()));
        return new(place, branches.ToImmutable());
    }

    // switch is a chain of comparisons.
    private QasmStatement.If Switch(QasmPlace place)
    {
        Advance();
        var target = Parenthesis("after switch");
        Expect("{", "before the cases");
        var branches = ImmutableArray.CreateBuilder<(QasmExpression?, ImmutableArray<QasmStatement>)>();
        while (!Take("}"))
        {
            var at = Here;
            if (Take("default"))
            {
                branches.Add((null, Braces()));
                Expect("}", "default is the last case");
                break;
            }

            Expect("case", "a switch has cases and a default");
            QasmExpression? any = null;
            do
            {
                var equal = new QasmExpression.Binary(at, "==", target, Expression());
                any = any is null ? equal : new QasmExpression.Binary(at, "||", any, equal);
            }
            while (Take(","));
            branches.Add((any, Braces()));
        }

        return new(place, branches.ToImmutable());
    }

    private QasmStatement.For For(QasmPlace place)
    {
        Advance();
        // The first version of OpenQASM 3 had no type here.
        var type = Spelling is "int" or "uint" or "float" or "angle" or "bool" or "bit" ? Type() : new QasmType("int", null);
        var variable = Word("the loop's variable");
        Expect("in", "between the loop's variable and its values");
        QasmExpression values;
        if (Is("["))
        {
            var at = Here;
            values = Brackets("the loop's range") is QasmExpression.Range range
                ? range
                : throw at.Refuse("a loop's range is [first:last] or [first:step:last]; both ends are included");
        }
        else
        {
            values = Is("{") ? Set() : Expression();
        }

        return new(place, type, variable, values, Body());
    }

    private QasmStatement.While While(QasmPlace place)
    {
        Advance();
        return new(place, Parenthesis("after while"), Body());
    }

    private QasmStatement.Jump Jump(QasmPlace place)
    {
        var word = Word("a word");
        var value = word == "return" && !Is(";") ? Expression() : null;
        Expect(";", $"after {word}");
        return new(place, word, value);
    }
}
