// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp.OpenQasm;

// Expressions, by precedence climbing.
internal sealed partial class QasmParser
{
    // From loose to tight. In OpenQASM 2 the caret is a power, in 3 exclusive or.
    private static readonly string[][] Levels3 =
        [["++"], ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", "<=", ">", ">="], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];

    private static readonly string[][] Levels2 = [["+", "-"], ["*", "/"]];

    private QasmExpression Expression() => Operators(0);

    private QasmExpression Operators(int loosest)
    {
        var left = Prefix();
        while (Level() is var level && level >= loosest)
        {
            var (place, symbol) = (Here, Spelling.ToString());
            Advance();
            left = new QasmExpression.Binary(place, symbol, left, Operators(level + 1));

            // A chain leans to the left and is as deep as it is long.
            if (left.Depth > QasmLimits.Chain)
            {
                throw place.Refuse($"more than {QasmLimits.Chain} operators stand in one chain; write it in several statements");
            }
        }

        return left;
    }

    private int Level() => token.Kind == QasmTokenKind.Symbol
        ? Array.FindIndex(Version == QasmVersion.Two ? Levels2 : Levels3, level => Array.Exists(level, Is))
        : -1;

    private QasmExpression Prefix()
    {
        if (token.Kind == QasmTokenKind.Symbol && Spelling is "-" or "+" or "!" or "~")
        {
            Enter();
            var (place, symbol) = (Here, Spelling.ToString());
            Advance();
            var operand = Prefix();
            depth--;
            return symbol == "+" ? operand : new QasmExpression.Unary(place, symbol, operand);
        }

        var root = Indices(Primary());
        if (token.Kind == QasmTokenKind.Symbol && Spelling is "**" or "^" && Spelling.Length == (Version == QasmVersion.Two ? 1 : 2))
        {
            Enter();
            var place = Here;
            Advance();
            root = new QasmExpression.Binary(place, "**", root, Prefix()); // 2**3**2 is 2**9
            depth--;
        }

        return root;
    }

    private QasmExpression Primary()
    {
        var place = Here;
        switch (token.Kind)
        {
            case QasmTokenKind.Integer or QasmTokenKind.Real:
                var number = Literal(place);
                Advance();
                return new QasmExpression.Literal(place, number);
            case QasmTokenKind.Text:
                var bits = Spelling[1..^1].ToString().Replace("_", "", StringComparison.Ordinal);
                if (bits.Length is 0 or > 64 || bits.AsSpan().ContainsAnyExcept('0', '1'))
                {
                    throw place.Refuse("a text in an expression is a bit string of 1 to 64 digits 0 and 1, such as \"0110\"");
                }

                Advance();
                return new QasmExpression.Literal(place, QasmNumber.Of(bits.Aggregate((Int128)0, (value, bit) => (value << 1) | (Int128)(bit - '0'))));
            case QasmTokenKind.Timing:
                throw place.Refuse($"'{Found()}' is a duration; timing is not read here; remove it");
            case QasmTokenKind.Identifier:
                return NameOrCall(place);
            case QasmTokenKind.Symbol when Is("("):
                return Parenthesis("before an expression");
            case QasmTokenKind.Symbol when Is("{") && Version == QasmVersion.Three:
                return Set();
            case QasmTokenKind.Symbol when Is("$"):
                throw place.Refuse("physical qubits such as $0 are not read here; declare qubits, as in qubit[2] q;");
            default:
                throw Unexpected("an expression was expected: a number, a name or a parenthesis");
        }
    }

    private QasmNumber Literal(QasmPlace place)
    {
        var digits = Spelling.ToString().Replace("_", "", StringComparison.Ordinal);
        if (digits is ['0', 'x' or 'X' or 'b' or 'B' or 'o' or 'O', .. var tail])
        {
            var (radix, value) = (char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, _ => 2 }, (Int128)0);
            foreach (var digit in tail)
            {
                var next = digit <= '9' ? digit - '0' : char.ToLowerInvariant(digit) - 'a' + 10;
                value = next < radix && tail.Length <= 64 && value < (Int128)1 << 64
                    ? (value * radix) + next
                    : throw place.Refuse($"'{Found()}' is no whole number of 64 bits in base {radix}; write another");
            }

            return tail.Length > 0 ? QasmNumber.Of(value) : throw place.Refuse($"'{Found()}' has no digits; write such as {digits}1");
        }

        if (token.Kind == QasmTokenKind.Integer && digits.Length <= 36)
        {
            return QasmNumber.Of(Int128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        var real = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(real) ? QasmNumber.Of(real) : throw place.Refuse($"'{Found()}' is too large for a number; numbers go to 1.8e308");
    }

    private QasmExpression NameOrCall(QasmPlace place)
    {
        var word = Word("a name");
        if (word == "measure")
        {
            return new QasmExpression.Call(place, word, [Operand()]);
        }

        // A conversion: int[8](x).
        var isType = Version == QasmVersion.Three && word is "int" or "uint" or "float" or "angle" or "bool" or "bit";
        var size = isType && Is("[") ? Brackets("the type's size") : null;
        return Take("(") ? new QasmExpression.Call(place, word, Arguments(")"), size)
            : isType ? throw place.Refuse($"the type {word} is no value; convert with {word}(…)")
            : new QasmExpression.Name(place, word);
    }

    private ImmutableArray<QasmExpression> Arguments(string close)
    {
        Enter();
        var arguments = ImmutableArray.CreateBuilder<QasmExpression>();
        while (!Take(close))
        {
            if (arguments.Count > 0)
            {
                Expect(",", $"between arguments; the last one is followed by {close}");
            }

            arguments.Add(Expression());
        }

        depth--;
        return arguments.ToImmutable();
    }

    // A register or an element of one.
    private QasmExpression Operand()
    {
        var place = Here;
        if (Is("$"))
        {
            return Primary();
        }

        QasmExpression operand = new QasmExpression.Name(place, Word("a register, or an element of one such as q[0],"));
        return Indices(operand);
    }

    private QasmExpression Indices(QasmExpression target)
    {
        var count = 0;
        while (Is("["))
        {
            var place = Here;
            target = ++count <= 8 ? new QasmExpression.Index(place, target, Brackets("an index")) : throw place.Refuse("more than 8 indices follow one name; write fewer");
        }

        return target;
    }

    private QasmExpression Parenthesis(string where)
    {
        Expect("(", where);
        Enter();
        var inner = Expression();
        depth--;
        Expect(")", "after an expression in parentheses");
        return inner;
    }

    // [n], [first:last], [first:step:last], [{0, 2}]
    private QasmExpression Brackets(string what)
    {
        var place = Here;
        Expect("[", what);
        Enter();
        if (Version == QasmVersion.Two && token.Kind != QasmTokenKind.Integer)
        {
            throw Unexpected($"{what} is a whole number in brackets");
        }

        var first = Is(":") ? null : Expression();
        if (first is not null && Is("]"))
        {
            Advance();
            depth--;
            return first;
        }

        Expect(":", $"{what} is a number, or a range first:last");
        var second = Is("]") || Is(":") ? null : Expression();
        var range = Take(":")
            ? new QasmExpression.Range(place, first, second, Is("]") ? null : Expression())
            : new QasmExpression.Range(place, first, null, second);
        Expect("]", $"after {what}");
        depth--;
        return range;
    }

    private QasmExpression.Set Set()
    {
        var place = Here;
        Expect("{", "before a set");
        var elements = Arguments("}");
        return elements.IsEmpty ? throw place.Refuse("this set is empty; name at least one element") : new(place, elements);
    }
}
