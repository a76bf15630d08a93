// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// A row of the table of functions that expressions are made of: its value and its derivatives. Where a derivative does
/// not exist but a neighbour of it does on every side (atan2, hypot and abs at 0), it is 0; elsewhere it is what the
/// arithmetic of IEEE 754 says, such as ∞ for the square root at 0.
/// </summary>
/// <param name="Name">The name, as messages and JSON write it.</param>
/// <param name="Arity">How many arguments it takes, 1 or 2.</param>
/// <param name="Value">f(a, b); b is 0 for a function of one argument.</param>
/// <param name="Slopes">(∂f/∂a, ∂f/∂b) at (a, b), given the value.</param>
internal sealed record ExpressionFunction(
    string Name, int Arity, Func<double, double, double> Value, Func<double, double, double, (double, double)> Slopes)
{
    public static readonly ExpressionFunction Add = new("add", 2, (a, b) => a + b, (_, _, _) => (1, 1));
    public static readonly ExpressionFunction Multiply = new("multiply", 2, (a, b) => a * b, (a, b, _) => (b, a));
    public static readonly ExpressionFunction Divide = new("divide", 2, (a, b) => a / b, (_, b, v) => (1 / b, -v / b));
    public static readonly ExpressionFunction Pow = new("pow", 2, Math.Pow, (a, b, v) => (b == 0 ? 0 : b * Math.Pow(a, b - 1), v == 0 ? 0 : v * Math.Log(a)));
    public static readonly ExpressionFunction Sin = One("sin", Math.Sin, (a, _) => Math.Cos(a));
    public static readonly ExpressionFunction Cos = One("cos", Math.Cos, (a, _) => -Math.Sin(a));
    public static readonly ExpressionFunction Tan = One("tan", Math.Tan, (_, v) => 1 + (v * v));
    public static readonly ExpressionFunction Asin = One("asin", Math.Asin, (a, _) => 1 / Math.Sqrt((1 - a) * (1 + a)));
    public static readonly ExpressionFunction Acos = One("acos", Math.Acos, (a, _) => -1 / Math.Sqrt((1 - a) * (1 + a)));
    public static readonly ExpressionFunction Atan = One("atan", Math.Atan, (a, _) => 1 / (1 + (a * a)));
    public static readonly ExpressionFunction Tanh = One("tanh", Math.Tanh, (_, v) => (1 - v) * (1 + v));
    public static readonly ExpressionFunction Exp = One("exp", Math.Exp, (_, v) => v);
    public static readonly ExpressionFunction Log = One("log", Math.Log, (a, _) => 1 / a);
    public static readonly ExpressionFunction Sqrt = One("sqrt", Math.Sqrt, (_, v) => 0.5 / v);
    public static readonly ExpressionFunction Abs = One("abs", Math.Abs, (a, _) => Math.Sign(a));
    public static readonly ExpressionFunction Min = new("min", 2, Math.Min, (a, b, _) => a <= b ? (1, 0) : (0, 1));
    public static readonly ExpressionFunction Max = new("max", 2, Math.Max, (a, b, _) => a >= b ? (1, 0) : (0, 1));

    public static readonly ExpressionFunction Hypot = new("hypot", 2, double.Hypot, (a, b, v) => v == 0 ? (0, 0) : (a / v, b / v));

    public static readonly ExpressionFunction Atan2 = new("atan2", 2, Math.Atan2, (y, x, _) =>
    {
        // Scaled by the larger part, so that the square neither overflows nor vanishes.
        var largest = Math.Max(Math.Abs(x), Math.Abs(y));
        if (largest == 0)
        {
            return (0, 0);
        }

        var (p, q) = (x / largest, y / largest);
        var square = largest * ((p * p) + (q * q));
        return (p / square, -q / square);
    });

    /// <summary>Every row.</summary>
    public static IReadOnlyList<ExpressionFunction> All { get; } =
        [Add, Multiply, Divide, Pow, Sin, Cos, Tan, Asin, Acos, Atan, Atan2, Tanh, Exp, Log, Sqrt, Abs, Min, Max, Hypot];

    public override string ToString() => Name;

    private static ExpressionFunction One(string name, Func<double, double> value, Func<double, double, double> slope) =>
        new(name, 1, (a, _) => value(a), (a, _, v) => (slope(a, v), 0));
}
