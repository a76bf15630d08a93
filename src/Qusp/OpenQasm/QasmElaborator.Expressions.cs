// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

// The values of expressions.
internal sealed partial class QasmElaborator
{
    private QasmValue Evaluate(QasmExpression expression)
    {
        Step(expression.Place);
        switch (expression)
        {
            case QasmExpression.Literal literal:
                return new QasmValue.Known(literal.Value);
            case QasmExpression.Name { Text: var name }:
                return scope.Find(name)?.Value ?? Constant(name) ?? throw Undeclared(expression.Place, name);
            case QasmExpression.Unary unary:
                return Unary(unary);
            case QasmExpression.Binary { Operator: "++" } joined:
                return Join(joined);
            case QasmExpression.Binary binary:
                return Binary(binary);
            case QasmExpression.Call call:
                return Call(call);
            case QasmExpression.Index index:
                return Index(index);
            default:
                throw expression.Place.Refuse("a range or a set stands alone only in a loop and in an index; write q[0:2] or for … in [0:2]");
        }
    }

    private static QasmValue? Constant(string name) => name switch
    {
        "pi" or "π" => QasmValue.Real(Math.PI),
        "tau" or "τ" => QasmValue.Real(Math.Tau),
        "euler" or "ℇ" => QasmValue.Real(Math.E),
        "true" => QasmValue.Whole(1),
        "false" => QasmValue.Whole(0),
        _ => null,
    };

    private InvalidDataException Undeclared(QasmPlace place, string name) => place.Refuse(gates.ContainsKey(name)
        ? $"'{name}' is a gate, not a value; a gate stands before its qubits"
        : $"'{name}' is not declared; declare it before it is used");

    private QasmValue Unary(QasmExpression.Unary unary)
    {
        var operand = Evaluate(unary.Operand);
        if (unary.Operator is "!" or "~" && operand is QasmValue.Bits { IsRegister: false, Indices: [var bit] } && Overridden([bit]) is null)
        {
            return Test([bit], 0, negated: false);
        }

        return Negate(unary.Place, unary.Operator, Read(unary.Place, operand));
    }

    private QasmValue Negate(QasmPlace place, string symbol, QasmValue operand) => (symbol, operand) switch
    {
        ("!", QasmValue.Outcome { Conditions: [var only] } outcome) => outcome with
        {
            Conditions = [only.Not()],
            Table = outcome.Table is null ? null : [.. outcome.Table.Select(number => QasmNumber.Of(!number.IsTrue))],
        },
        (_, QasmValue.Outcome outcome) => Map(place, outcome, number => ((QasmValue.Known)Negate(place, symbol, new QasmValue.Known(number))).Number),
        ("-", QasmValue.Symbol { Angle: var angle }) => Symbol(place, -angle),
        ("-", QasmValue.Known { Number: var number }) => new QasmValue.Known(new(-number.Real, -number.Whole)),
        ("!", QasmValue.Known { Number: var number }) => new QasmValue.Known(QasmNumber.Of(!number.IsTrue)),
        ("~", QasmValue.Known { Number.Whole: { } whole }) => QasmValue.Whole(whole == 0 || whole == 1 ? 1 - whole : ~whole & ulong.MaxValue),
        _ => throw place.Refuse($"'{symbol}' cannot stand before {operand.Kind}; change the expression"),
    };

    private QasmValue Binary(QasmExpression.Binary binary)
    {
        var left = Evaluate(binary.Left);

        // What is decided already is not read further, as in C.
        if (binary.Operator is "&&" or "||" && left is QasmValue.Known { Number.IsTrue: var decided } && decided == (binary.Operator == "||"))
        {
            return QasmValue.Whole(decided ? 1 : 0);
        }

        var right = Evaluate(binary.Right);
        if (binary.Operator is "==" or "!=")
        {
            // A register against a number is one condition, however many bits it has.
            var equal = binary.Operator == "==";
            if ((Compared(left, right, equal) ?? Compared(right, left, equal)) is { } test)
            {
                return test;
            }
        }

        return Combine(binary.Place, binary.Operator, Read(binary.Place, left), Read(binary.Place, right));
    }

    private QasmValue Combine(QasmPlace place, string symbol, QasmValue left, QasmValue right)
    {
        switch (left, right)
        {
            case (QasmValue.Known { Number: var a }, QasmValue.Known { Number: var b }):
                return QasmNumber.Apply(symbol, a, b) is { } number
                    ? new QasmValue.Known(number)
                    : throw place.Refuse($"'{symbol}' has no value for {Shown(a)} and {Shown(b)}; change the expression");
            case (QasmValue.Outcome, _) or (_, QasmValue.Outcome):
                return Lift(place, symbol, left, right);
            case (QasmValue.Symbol or QasmValue.Known, QasmValue.Symbol or QasmValue.Known):
                return OfInputs(place, symbol, left, right);
            case (QasmValue.Comparison { Side: '>' } above, QasmValue.Comparison { Side: '<' } below)
                when symbol == "||" && above.Input == below.Input && above.Threshold == -below.Threshold:
                return above with { Side = '|' };
            default:
                throw place.Refuse($"'{symbol}' cannot stand between {left.Kind} and {right.Kind}; change the expression");
        }
    }

    // Arithmetic of inputs stays affine where it can and becomes an expression where it cannot.
    private static QasmValue OfInputs(QasmPlace place, string symbol, QasmValue left, QasmValue right)
    {
        var (a, b) = (AsAngle(left), AsAngle(right));
        var result = symbol switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" when !(b.IsConstant && b.Offset == 0) => a / b,
            "**" => Angle.Pow(a, b),
            ">" or "<" when b.IsConstant => (Angle?)null,
            ">" or "<" when a.IsConstant => null,
            _ => throw place.Refuse($"'{symbol}' cannot stand beside an input; angles are made with + - * / ** and functions, guards with > and <"),
        };
        return result is { } angle ? Symbol(place, angle)
            : b.IsConstant ? Comparison(place, a, symbol[0], b.Offset)
            : Comparison(place, b, symbol == ">" ? '<' : '>', a.Offset);

        static Angle AsAngle(QasmValue value) => value is QasmValue.Symbol { Angle: var angle } ? angle : ((QasmValue.Known)value).Number.Real;
    }

    private static QasmValue.Symbol Symbol(QasmPlace place, Angle angle) => double.IsFinite(angle.Scale) && double.IsFinite(angle.Offset)
        ? new(angle)
        : throw place.Refuse("this angle is not finite; change the expression");

    private static QasmValue.Comparison Comparison(QasmPlace place, Angle angle, char side, double threshold) => angle is { Source: AngleSource.Input, Scale: 1, Offset: 0 }
        ? new(angle.Index, threshold, side)
        : throw place.Refuse($"an input itself is compared, not {angle}; move the arithmetic to the other side");

    private QasmValue Join(QasmExpression.Binary joined) => (Evaluate(joined.Left), Evaluate(joined.Right)) switch
    {
        (QasmValue.Qubits a, QasmValue.Qubits b) => new QasmValue.Qubits([.. a.Wires, .. b.Wires], true),
        (QasmValue.Bits a, QasmValue.Bits b) => new QasmValue.Bits([.. a.Indices, .. b.Indices], true),
        var (a, b) => throw joined.Place.Refuse($"'++' joins registers, not {a.Kind} and {b.Kind}"),
    };

    private QasmValue Index(QasmExpression.Index index)
    {
        var register = Evaluate(index.Register);
        var (count, name) = register switch
        {
            QasmValue.Qubits { IsRegister: true } qubits => (qubits.Wires.Length, index.Register),
            QasmValue.Bits { IsRegister: true } bits => (bits.Indices.Length, index.Register),
            QasmValue.Known { Number.Whole: not null } => (64, index.Register),
            _ => throw index.Place.Refuse($"{register.Kind} has no elements; remove the brackets"),
        };
        var (elements, isPart) = Elements(index.Element, count, name);
        return register switch
        {
            QasmValue.Qubits qubits => new QasmValue.Qubits([.. elements.Select(k => qubits.Wires[k])], isPart),
            QasmValue.Bits bits => new QasmValue.Bits([.. elements.Select(k => bits.Indices[k])], isPart),
            QasmValue.Known { Number.Whole: { } whole } when !isPart => QasmValue.Whole((whole >> elements[0]) & 1),
            _ => throw index.Place.Refuse("of a whole number one bit at a time is read; write an index"),
        };
    }

    // Which elements an index names, and whether it names a part of the register rather than one of it.
    private (ImmutableArray<int> Elements, bool IsPart) Elements(QasmExpression element, int count, QasmExpression register)
    {
        switch (element)
        {
            case QasmExpression.Range range:
                var step = range.Step is null ? 1 : Whole(range.Step);
                if (step == 0)
                {
                    throw range.Place.Refuse("the range's step is 0; give another");
                }

                var first = range.First is null ? (step > 0 ? 0 : count - 1) : At(range.First);
                var last = range.Last is null ? (step > 0 ? count - 1 : 0) : At(range.Last);
                var elements = ImmutableArray.CreateBuilder<int>();
                for (Int128 k = first; step > 0 ? k <= last : k >= last; k += step)
                {
                    elements.Add((int)k);
                }

                return elements.Count > 0 ? (elements.ToImmutable(), true) : throw range.Place.Refuse("this range is empty; its first element comes after its last");
            case QasmExpression.Set set:
                return ([.. set.Elements.Select(At)], true);
            default:
                return ([At(element)], false);
        }

        int At(QasmExpression index)
        {
            var value = Whole(index);
            var counted = version == QasmVersion.Three && value < 0 ? value + count : value;
            return counted >= 0 && counted < count ? (int)counted : throw index.Place.Refuse(
                $"{Spelled(register)}[{value}] is not there: {Spelled(register)} has {count} element{(count == 1 ? "" : "s")}, {(count == 1 ? "0" : $"0 to {count - 1}")}");
        }
    }

    private static string Spelled(QasmExpression register) => register is QasmExpression.Name { Text: var name } ? name : "this register";

    private Int128 Whole(QasmExpression expression) => Read(expression.Place, Evaluate(expression)) switch
    {
        QasmValue.Known { Number.Whole: { } whole } => whole,
        QasmValue.Known { Number: var number } => throw expression.Place.Refuse($"{Shown(number)} is no whole number of 64 bits; one is needed here"),
        var other => throw expression.Place.Refuse($"{other.Kind} is not known when the file is read; a whole number is needed here"),
    };

    private Angle AngleOf(QasmExpression expression) => Read(expression.Place, Evaluate(expression)) switch
    {
        QasmValue.Known { Number.Real: var value } when double.IsFinite(value) => Angle.Constant(value),
        QasmValue.Symbol { Angle: var angle } when double.IsFinite(angle.Scale) && double.IsFinite(angle.Offset) => angle,
        QasmValue.Outcome => throw expression.Place.Refuse("an angle cannot depend on a measured bit; write if (…) around the gate"),
        QasmValue.Known or QasmValue.Symbol => throw expression.Place.Refuse("this angle is not finite; change the expression"),
        var other => throw expression.Place.Refuse($"an angle is a number, not {other.Kind}"),
    };

    private QasmValue.Qubits Wires(QasmExpression expression) => Evaluate(expression) is QasmValue.Qubits qubits
        ? qubits
        : throw expression.Place.Refuse($"{Spelled(expression)} is no qubit; name a register of qubits or an element of one");

    private static string Shown(QasmNumber number) => number.Whole?.ToString(System.Globalization.CultureInfo.InvariantCulture)
        ?? number.Real.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
