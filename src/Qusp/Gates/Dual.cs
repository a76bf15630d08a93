// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A number and its derivative by one variable: a formula written once gives both (forward differentiation).</summary>
internal readonly record struct Dual(double Value, double Slope)
{
    // The derivative of √x at 0 is infinite. With this floor, far below rounding, √x · d√x keeps its limit dx/2.
    private const double Floor = 1e-32;

    public static implicit operator Dual(double value) => new(value, 0);

    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    public static Dual operator -(Dual a, Dual b) => new(a.Value - b.Value, a.Slope - b.Slope);

    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, (a.Slope * b.Value) + (a.Value * b.Slope));

    public static Dual operator /(Dual a, Dual b) => new(a.Value / b.Value, (a.Slope - (a.Value / b.Value * b.Slope)) / b.Value);

    public static Dual operator -(Dual a) => new(-a.Value, -a.Slope);

    /// <summary>The square root; of a negative number it is NaN.</summary>
    public static Dual Sqrt(Dual a)
    {
        var root = Math.Sqrt(a.Value < Floor && a.Value >= 0 ? Floor : a.Value);
        return new(root, 0.5 * a.Slope / root);
    }

    public static Dual Exp(Dual a)
    {
        var value = Math.Exp(a.Value);
        return new(value, value * a.Slope);
    }
}
