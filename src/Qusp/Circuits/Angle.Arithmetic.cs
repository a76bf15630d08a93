// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

// Arithmetic stays affine where it can, and is an expression where it cannot.
public readonly partial record struct Angle
{
    /// <summary>Whether it prints as a sum.</summary>
    internal bool IsSum => !IsConstant && (Offset != 0 || Expression?.Row == ExpressionFunction.Add);

    /// <summary>A constant angle of <paramref name="value"/> radians.</summary>
    public static implicit operator Angle(double value) => Constant(value);

    /// <summary>The angle, scaled.</summary>
    public static Angle operator *(double factor, Angle angle) => angle with { Scale = factor * angle.Scale, Offset = factor * angle.Offset };

    /// <summary>The angle, scaled.</summary>
    public static Angle operator *(Angle angle, double factor) => factor * angle;

    /// <summary>The angle, divided by a number.</summary>
    public static Angle operator /(Angle angle, double divisor) => angle with { Scale = angle.Scale / divisor, Offset = angle.Offset / divisor };

    /// <summary>The angle, shifted.</summary>
    public static Angle operator +(Angle angle, double offset) => angle with { Offset = angle.Offset + offset };

    /// <summary>The angle, shifted.</summary>
    public static Angle operator -(Angle angle, double offset) => angle + (-offset);

    /// <summary>The angle, negated.</summary>
    public static Angle operator -(Angle angle) => -1 * angle;

    /// <summary>The sum of two angles.</summary>
    public static Angle operator +(Angle left, Angle right) =>
        right.IsConstant ? left + right.Offset
        : left.IsConstant ? right + left.Offset
        : left.SameSource(right) ? left with { Scale = left.Scale + right.Scale, Offset = left.Offset + right.Offset }
        : Apply(ExpressionFunction.Add, left, right);

    /// <summary>The difference of two angles.</summary>
    public static Angle operator -(Angle left, Angle right) => left + (-right);

    /// <summary>The product of two angles.</summary>
    public static Angle operator *(Angle left, Angle right) =>
        right.IsConstant ? right.Offset * left : left.IsConstant ? left.Offset * right : Apply(ExpressionFunction.Multiply, left, right);

    /// <summary>The quotient of two angles.</summary>
    public static Angle operator /(Angle left, Angle right) => right.IsConstant ? left / right.Offset : Apply(ExpressionFunction.Divide, left, right);

    /// <summary>The sine.</summary>
    public static Angle Sin(Angle angle) => Apply(ExpressionFunction.Sin, angle);

    /// <summary>The cosine.</summary>
    public static Angle Cos(Angle angle) => Apply(ExpressionFunction.Cos, angle);

    /// <summary>The tangent.</summary>
    public static Angle Tan(Angle angle) => Apply(ExpressionFunction.Tan, angle);

    /// <summary>The arc sine, from −π/2 to π/2; not a number outside of −1 to 1.</summary>
    public static Angle Asin(Angle angle) => Apply(ExpressionFunction.Asin, angle);

    /// <summary>The arc cosine, from 0 to π; not a number outside of −1 to 1.</summary>
    public static Angle Acos(Angle angle) => Apply(ExpressionFunction.Acos, angle);

    /// <summary>The arc tangent, from −π/2 to π/2.</summary>
    public static Angle Atan(Angle angle) => Apply(ExpressionFunction.Atan, angle);

    /// <summary>The angle of the point (x, y), from −π to π; at the origin 0 with the derivative 0.</summary>
    public static Angle Atan2(Angle y, Angle x) => Apply(ExpressionFunction.Atan2, y, x);

    /// <summary>√(x² + y²), without overflow; at the origin the derivative is 0.</summary>
    public static Angle Hypot(Angle x, Angle y) => Apply(ExpressionFunction.Hypot, x, y);

    /// <summary>The hyperbolic tangent.</summary>
    public static Angle Tanh(Angle angle) => Apply(ExpressionFunction.Tanh, angle);

    /// <summary>e to the angle.</summary>
    public static Angle Exp(Angle angle) => Apply(ExpressionFunction.Exp, angle);

    /// <summary>The natural logarithm.</summary>
    public static Angle Log(Angle angle) => Apply(ExpressionFunction.Log, angle);

    /// <summary>The square root; at 0 the derivative is infinite.</summary>
    public static Angle Sqrt(Angle angle) => Apply(ExpressionFunction.Sqrt, angle);

    /// <summary>A power, as <see cref="Math.Pow"/>.</summary>
    public static Angle Pow(Angle angle, Angle exponent) => Apply(ExpressionFunction.Pow, angle, exponent);

    /// <summary>The absolute value as an angle; at 0 the derivative is 0. To compare an input write <c>x[i].Abs()</c>.</summary>
    public static Angle Abs(Angle angle) => Apply(ExpressionFunction.Abs, angle);

    /// <summary>The smaller of two.</summary>
    public static Angle Min(Angle left, Angle right) => Apply(ExpressionFunction.Min, left, right);

    /// <summary>The larger of two.</summary>
    public static Angle Max(Angle left, Angle right) => Apply(ExpressionFunction.Max, left, right);

    private static Angle Apply(ExpressionFunction function, Angle first, Angle second = default) =>
        first.IsConstant && second.IsConstant
            ? Constant(function.Value(first.Offset, second.Offset))
            : Of(new Expression(function, first, second));

    private bool SameSource(Angle other) => Source == other.Source && Index == other.Index && Equals(Expression, other.Expression);
}
