// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Qusp.OpenQasm;

/// <summary>Angles as the writer spells them: what is read back is the same to the last bit.</summary>
internal static class QasmAngles
{
    private const int LongestText = 10_000;

    /// <summary>The name of an input.</summary>
    public static string Input(int index) => string.Create(CultureInfo.InvariantCulture, $"x{index}");

    /// <summary>The name of a weight.</summary>
    public static string Weight(int index) => string.Create(CultureInfo.InvariantCulture, $"w{index}");

    /// <summary>A number with all its digits.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>An angle, with fractions of π where they are exact.</summary>
    /// <exception cref="NotSupportedException">The language has no such function, or the text is too long.</exception>
    public static string Text(Angle angle, QasmVersion version)
    {
        if (angle.IsConstant)
        {
            return Constant(angle.Offset);
        }

        var source = angle.Source switch
        {
            AngleSource.Input => Input(angle.Index),
            AngleSource.Weight => Weight(angle.Index),
            _ => Text(angle.Expression!, version),
        };
        var scaled = angle.Scale switch { 1 => source, -1 => $"-{source}", _ => $"{Number(angle.Scale)} * {source}" };
        var text = angle.Offset == 0 ? scaled : double.IsNegative(angle.Offset) ? $"{scaled} - {Constant(-angle.Offset)}" : $"{scaled} + {Constant(angle.Offset)}";
        return text.Length <= LongestText
            ? text
            : throw new NotSupportedException($"an angle takes more than {LongestText} characters to write; compute it outside and make it an input.");
    }

    private static string Text(Expression expression, QasmVersion version)
    {
        var arguments = expression.Arguments.Select(argument => Text(argument, version)).ToArray();
        return expression.Function switch
        {
            "add" => $"(({arguments[0]}) + ({arguments[1]}))",
            "multiply" => $"(({arguments[0]}) * ({arguments[1]}))",
            "divide" => $"(({arguments[0]}) / ({arguments[1]}))",
            "pow" => $"pow({arguments[0]}, {arguments[1]})",
            "asin" or "acos" or "atan" => $"arc{expression.Function[1..]}({arguments[0]})",
            "sin" or "cos" or "tan" or "exp" or "log" or "sqrt" => $"{expression.Function}({arguments[0]})",
            var other => throw new NotSupportedException($"OpenQASM has no function {other}; compute {expression} outside and make it an input."),
        };
    }

    private static string Constant(double value)
    {
        foreach (var denominator in (ReadOnlySpan<int>)[1, 2, 3, 4, 6, 8, 16, 32])
        {
            var numerator = Math.Round(value / Math.PI * denominator);
            if (numerator != 0 && Math.Abs(numerator) < 100 && numerator * Math.PI / denominator == value)
            {
                var factor = numerator switch { 1 => "", -1 => "-", _ => $"{Number(numerator)}*" };
                return $"{factor}pi{(denominator == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"/{denominator}"))}";
            }
        }

        return Number(value);
    }
}
