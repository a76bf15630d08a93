// SPDX-License-Identifier: Apache-2.0
namespace Qusp.OpenQasm;

// Functions and conversions.
internal sealed partial class QasmElaborator
{
    private QasmValue Call(QasmExpression.Call call)
    {
        if (call.Function == "measure")
        {
            var measured = Wires(call.Arguments[0]);
            var target = NewBits(call.Place, "", measured.IsRegister ? measured.Wires.Length : null);
            Measure(call.Place, measured, target);
            return target;
        }

        if (subroutines.TryGetValue(call.Function, out var subroutine))
        {
            return Run(call, subroutine);
        }

        var arguments = call.Arguments.Select(Evaluate).ToArray();
        switch (call.Function, arguments)
        {
            case ("int" or "uint" or "float" or "angle" or "bool" or "bit", [var value]):
                var width = call.Size is null ? 0 : (int)Math.Min(Size(call.Place, call.Size, "bits"), 64);
                return Convert(call.Place, call.Function, width, Read(call.Place, value));
            case ("sizeof", [QasmValue.Qubits qubits]):
                return QasmValue.Whole(qubits.Wires.Length);
            case ("sizeof", [QasmValue.Bits bits]):
                return QasmValue.Whole(bits.Indices.Length);
            case ("pow", [var x, var y]):
                return Combine(call.Place, "**", Read(call.Place, x), Read(call.Place, y));
            case ("mod", [var x, var y]):
                return Combine(call.Place, "%", Read(call.Place, x), Read(call.Place, y));
            case ("popcount", [var x]):
                return OfNumber(call.Place, Read(call.Place, x), number => number.Whole is { } whole && whole >= 0 ? QasmNumber.Of(Int128.PopCount(whole)) : null);
            case (_, [QasmValue.Symbol { Angle: var angle }]) when QasmNumber.Function(call.Function, angle) is { } result:
                return Symbol(call.Place, result);
            case (_, [var x]) when QasmNumber.Function(call.Function, 0.5) is not null:
                return OfNumber(call.Place, Read(call.Place, x), number => Of(QasmNumber.Function(call.Function, number.Real)!.Value, call.Function));
            default:
                throw call.Place.Refuse(QasmNumber.Function(call.Function, 0.5) is not null || call.Function is "pow" or "mod" or "popcount" or "sizeof"
                    ? $"{call.Function} takes another number of arguments than {arguments.Length}, or other ones"
                    : gates.ContainsKey(call.Function)
                        ? $"'{call.Function}' is a gate and names no qubits; write them before the semicolon"
                        : $"there is no function '{call.Function}'; the functions are sin, cos, tan, arcsin, arccos, arctan, exp, ln, log, sqrt, floor, ceiling, mod, pow, popcount");
        }

        static QasmNumber? Of(double value, string function) =>
            !double.IsFinite(value) ? null : function is "floor" or "ceiling" && Math.Abs(value) < 1e15 ? QasmNumber.Of((Int128)value) : QasmNumber.Of(value);
    }

    private QasmValue OfNumber(QasmPlace place, QasmValue value, Func<QasmNumber, QasmNumber?> function) => value switch
    {
        QasmValue.Known { Number: var number } => function(number) is { } result
            ? new QasmValue.Known(result)
            : throw place.Refuse($"the function has no value for {Shown(number)}; change its argument"),
        QasmValue.Outcome outcome => Map(place, outcome, number => ((QasmValue.Known)OfNumber(place, new QasmValue.Known(number), function)).Number),
        _ => throw place.Refuse($"a function takes a number, not {value.Kind}"),
    };

    // A value of a type, as an assignment or a conversion makes it.
    private QasmValue Convert(QasmPlace place, string type, int width, QasmValue value)
    {
        switch (type, value)
        {
            case (_, QasmValue.Outcome outcome):
                return !outcome.Conditions.IsDefault
                    ? outcome // 0 or 1 is the same in every type
                    : Map(place, outcome, number => ((QasmValue.Known)Convert(place, type, width, new QasmValue.Known(number))).Number);
            case ("float" or "angle", QasmValue.Known { Number: var number }):
                return QasmValue.Real(number.Real);
            case ("float" or "angle", QasmValue.Symbol):
                return value;
            case ("bool", QasmValue.Known { Number: var number }):
                return QasmValue.Whole(number.IsTrue ? 1 : 0);
            case ("int" or "uint" or "bit", QasmValue.Known { Number: var number }):
                var whole = number.Whole ?? (Math.Abs(number.Real) < 1e18 ? (Int128)number.Real : throw place.Refuse($"{Shown(number)} is no whole number of 64 bits; choose another"));
                if (width is > 0 and < 64)
                {
                    whole &= ((Int128)1 << width) - 1;
                    whole = type == "int" && whole >> (width - 1) != 0 ? whole - ((Int128)1 << width) : whole;
                }

                return QasmValue.Whole(whole);
            default:
                throw place.Refuse($"{value.Kind} cannot become {(type is "int" or "uint" or "angle" ? "an" : "a")} {type}; declare it otherwise");
        }
    }
}
