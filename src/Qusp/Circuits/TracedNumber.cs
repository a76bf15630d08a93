// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// A sample's input or a weight while a circuit is defined by running: it has a value, so that <c>if (x[0] &gt; 0.1)</c>
/// decides, and it knows what it was made of, so that gradients flow through what arithmetic makes of it. It converts to
/// an <see cref="Qusp.Angle"/>; its <see cref="Value"/> alone is a plain number without gradient.
/// </summary>
public readonly struct TracedNumber
{
    private readonly bool single;

    internal TracedNumber(double value, Angle angle, bool single) => (Value, Angle, this.single) = (value, angle, single);

    /// <summary>The value for this sample.</summary>
    public double Value { get; }

    /// <summary>What it is of the sample's inputs and of the weights.</summary>
    public Angle Angle { get; }

    /// <summary>The number as an angle.</summary>
    public static implicit operator Angle(TracedNumber number) => number.Angle;

    /// <summary>A plain number.</summary>
    public static implicit operator TracedNumber(double value) => new(value, value, single: false);

    /// <summary>The sum.</summary>
    public static TracedNumber operator +(TracedNumber left, TracedNumber right) => left.With(right, left.Value + right.Value, left.Angle + right.Angle);

    /// <summary>The difference.</summary>
    public static TracedNumber operator -(TracedNumber left, TracedNumber right) => left.With(right, left.Value - right.Value, left.Angle - right.Angle);

    /// <summary>The number, negated.</summary>
    public static TracedNumber operator -(TracedNumber number) => new(-number.Value, -number.Angle, number.single);

    /// <summary>The product.</summary>
    public static TracedNumber operator *(TracedNumber left, TracedNumber right) => left.With(right, left.Value * right.Value, left.Angle * right.Angle);

    /// <summary>The quotient.</summary>
    public static TracedNumber operator /(TracedNumber left, TracedNumber right) => left.With(right, left.Value / right.Value, left.Angle / right.Angle);

    /// <summary>Whether the left is larger, compared in the precision of the program, as a guard compares.</summary>
    public static bool operator >(TracedNumber left, TracedNumber right) => left.Rounded(right) > right.Rounded(left);

    /// <summary>Whether the left is smaller.</summary>
    public static bool operator <(TracedNumber left, TracedNumber right) => left.Rounded(right) < right.Rounded(left);

    /// <summary>Whether the left is larger or equal.</summary>
    public static bool operator >=(TracedNumber left, TracedNumber right) => left.Rounded(right) >= right.Rounded(left);

    /// <summary>Whether the left is smaller or equal.</summary>
    public static bool operator <=(TracedNumber left, TracedNumber right) => left.Rounded(right) <= right.Rounded(left);

    /// <summary>The absolute value; the derivative is 0 at 0.</summary>
    public static TracedNumber Abs(TracedNumber number) => number.Map(Math.Abs, Angle.Abs);

    /// <summary>The sine.</summary>
    public static TracedNumber Sin(TracedNumber number) => number.Map(Math.Sin, Angle.Sin);

    /// <summary>The cosine.</summary>
    public static TracedNumber Cos(TracedNumber number) => number.Map(Math.Cos, Angle.Cos);

    /// <summary>e to the number.</summary>
    public static TracedNumber Exp(TracedNumber number) => number.Map(Math.Exp, Angle.Exp);

    /// <summary>The natural logarithm.</summary>
    public static TracedNumber Log(TracedNumber number) => number.Map(Math.Log, Angle.Log);

    /// <summary>The square root; at 0 the derivative is infinite.</summary>
    public static TracedNumber Sqrt(TracedNumber number) => number.Map(Math.Sqrt, Angle.Sqrt);

    /// <summary>The hyperbolic tangent.</summary>
    public static TracedNumber Tanh(TracedNumber number) => number.Map(Math.Tanh, Angle.Tanh);

    /// <summary>The angle of the point (x, y).</summary>
    public static TracedNumber Atan2(TracedNumber y, TracedNumber x) => y.With(x, Math.Atan2(y.Value, x.Value), Angle.Atan2(y.Angle, x.Angle));

    /// <summary>The value and what it is.</summary>
    public override string ToString() => $"{Angle} = {Value}";

    private TracedNumber Map(Func<double, double> value, Func<Angle, Angle> angle) => new(value(Value), angle(Angle), single);

    private TracedNumber With(TracedNumber other, double value, Angle angle) => new(value, angle, single || other.single);

    private double Rounded(TracedNumber other) => single || other.single ? (float)Value : Value;
}
