// SPDX-License-Identifier: Apache-2.0
namespace Qusp.OpenQasm;

/// <summary>
/// A number known when the file is read. Whole numbers carry both readings of the language's operators: <c>7/2</c> is 3.5
/// where an angle is wanted and 3 where an index is.
/// </summary>
/// <param name="Real">The value as a real number.</param>
/// <param name="Whole">The value as a whole number; null if there is none.</param>
internal readonly record struct QasmNumber(double Real, Int128? Whole)
{
    /// <summary>The whole number.</summary>
    public static QasmNumber Of(Int128 value) => new((double)value, value);

    /// <summary>The real number.</summary>
    public static QasmNumber Of(double value) => new(value, null);

    /// <summary>1 or 0.</summary>
    public static QasmNumber Of(bool value) => Of((Int128)(value ? 1 : 0));

    /// <summary>Whether it counts as true.</summary>
    public bool IsTrue => Whole is { } whole ? whole != 0 : Real != 0;

    /// <summary>An operator on two numbers.</summary>
    /// <param name="symbol">The operator as OpenQASM 3 writes it; a power is <c>**</c>.</param>
    /// <param name="left">The first number.</param>
    /// <param name="right">The second number.</param>
    /// <returns>The result, or null and no whole number if it has none: a division by zero, a shift of a fraction.</returns>
    public static QasmNumber? Apply(string symbol, QasmNumber left, QasmNumber right) => symbol switch
    {
        "+" => Both(left.Real + right.Real, left, right, static (a, b) => a + b),
        "-" => Both(left.Real - right.Real, left, right, static (a, b) => a - b),
        "*" => Both(left.Real * right.Real, left, right, static (a, b) => checked(a * b)),
        "/" => right.Real == 0 ? null : Both(left.Real / right.Real, left, right, static (a, b) => b == 0 ? null : a / b),
        "%" => right.Real == 0 ? null : Both(left.Real % right.Real, left, right, static (a, b) => b == 0 ? null : a % b),
        "**" => Both(Math.Pow(left.Real, right.Real), left, right, Power),
        "==" => Of(left.Whole is { } a && right.Whole is { } b ? a == b : left.Real == right.Real),
        "!=" => Of(left.Whole is { } a && right.Whole is { } b ? a != b : left.Real != right.Real),
        "<" => Of(left.Real < right.Real),
        "<=" => Of(left.Real <= right.Real),
        ">" => Of(left.Real > right.Real),
        ">=" => Of(left.Real >= right.Real),
        "&&" => Of(left.IsTrue && right.IsTrue),
        "||" => Of(left.IsTrue || right.IsTrue),
        _ => left.Whole is { } a && right.Whole is { } b && WholeOnly(symbol, a, b) is { } whole ? Of(whole) : null,
    };

    /// <summary>A function of one number; null if it has no such value.</summary>
    public static double? Function(string name, double x) => name switch
    {
        "sin" => Math.Sin(x),
        "cos" => Math.Cos(x),
        "tan" => Math.Tan(x),
        "exp" => Math.Exp(x),
        "ln" or "log" => Math.Log(x),
        "sqrt" => Math.Sqrt(x),
        "arcsin" or "asin" => Math.Asin(x),
        "arccos" or "acos" => Math.Acos(x),
        "arctan" or "atan" => Math.Atan(x),
        "floor" => Math.Floor(x),
        "ceiling" => Math.Ceiling(x),
        "abs" => Math.Abs(x),
        _ => null,
    };

    /// <summary>The same function of an angle that depends on inputs; null if there is none.</summary>
    public static Angle? Function(string name, Angle x) => name switch
    {
        "sin" => Angle.Sin(x),
        "cos" => Angle.Cos(x),
        "tan" => Angle.Tan(x),
        "exp" => Angle.Exp(x),
        "ln" or "log" => Angle.Log(x),
        "sqrt" => Angle.Sqrt(x),
        "arcsin" or "asin" => Angle.Asin(x),
        "arccos" or "acos" => Angle.Acos(x),
        "arctan" or "atan" => Angle.Atan(x),
        "abs" => Angle.Abs(x),
        _ => null,
    };

    private static Int128? WholeOnly(string symbol, Int128 a, Int128 b) => symbol switch
    {
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "<<" when b >= 0 && b < 64 && a >= 0 && a <= ulong.MaxValue => (a << (int)b) & ulong.MaxValue,
        ">>" when b >= 0 && b < 128 => a >> (int)b,
        _ => null,
    };

    private static Int128? Power(Int128 a, Int128 b)
    {
        if (b < 0 || b > 127)
        {
            return null;
        }

        Int128 result = 1;
        for (var k = 0; k < (int)b; k++)
        {
            result = checked(result * a);
        }

        return result;
    }

    private static QasmNumber? Both(double real, QasmNumber left, QasmNumber right, Func<Int128, Int128, Int128?> whole)
    {
        if (left.Whole is not { } a || right.Whole is not { } b)
        {
            return double.IsFinite(real) ? Of(real) : null;
        }

        try
        {
            return whole(a, b) is { } exact && exact > long.MinValue && exact <= ulong.MaxValue ? new(real, exact) : Of(real);
        }
        catch (OverflowException)
        {
            return Of(real); // past 64 bits it is a real number
        }
    }
}
