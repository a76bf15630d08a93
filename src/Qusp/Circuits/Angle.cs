// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;

namespace Qusp;

/// <summary>Where an angle's value comes from.</summary>
public enum AngleSource
{
    /// <summary>A number known when the circuit is built.</summary>
    Constant,

    /// <summary>A feature of the sample: one value a sample and input.</summary>
    Input,

    /// <summary>A trainable weight: one value a batch and weight.</summary>
    Weight,

    /// <summary>A function of inputs and weights that is not affine in one of them.</summary>
    Expression,
}

/// <summary>
/// A gate's angle in radians, affine in one source: <c>scale · source + offset</c>.
/// A plain number converts to a constant angle; <c>*</c> and <c>+</c> with numbers keep it affine. Arithmetic between angles,
/// <c>x[0] * x[1]</c>, and functions, <c>Angle.Sin(x[0])</c>, make an <see cref="Qusp.Expression"/> the source where an affine angle does not say it.
/// </summary>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Index">Which input or weight, from 0; 0 for a constant and an expression.</param>
/// <param name="Scale">Factor of the source; 0 for a constant.</param>
/// <param name="Offset">Added to the scaled source, radians.</param>
public readonly partial record struct Angle(AngleSource Source, int Index, double Scale, double Offset)
{
    /// <summary>The expression that is the source; null for another source.</summary>
    public Expression? Expression { get; private init; }

    /// <summary>An angle that does not change, radians.</summary>
    public static Angle Constant(double value) => new(AngleSource.Constant, 0, 0, value);

    /// <summary>The sample's input <paramref name="index"/>, times <paramref name="scale"/>, plus <paramref name="offset"/>.</summary>
    public static Angle Input(int index, double scale = 1, double offset = 0) => new(AngleSource.Input, index, scale, offset);

    /// <summary>The weight <paramref name="index"/>, times <paramref name="scale"/>, plus <paramref name="offset"/>.</summary>
    public static Angle Weight(int index, double scale = 1, double offset = 0) => new(AngleSource.Weight, index, scale, offset);

    /// <summary>The expression's value, times <paramref name="scale"/>, plus <paramref name="offset"/>.</summary>
    public static Angle Of(Expression expression, double scale = 1, double offset = 0)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new Angle(AngleSource.Expression, 0, scale, offset) { Expression = expression };
    }

    /// <summary>Whether the angle is a number known when the circuit is built.</summary>
    public bool IsConstant => Source == AngleSource.Constant;

    /// <summary>The angle's value for one sample.</summary>
    /// <param name="inputs">The sample's inputs, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    public double Value(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights) => Source switch
    {
        AngleSource.Input => (Scale * inputs[Index]) + Offset,
        AngleSource.Weight => (Scale * weights[Index]) + Offset,
        AngleSource.Expression => (Scale * Expression!.Value(inputs, weights)) + Offset,
        _ => Offset,
    };

    /// <summary>The value of an angle that is no expression, from numbers in any precision.</summary>
    internal double AffineValue<T>(ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        return Source switch
        {
            AngleSource.Input => (Scale * double.CreateTruncating(inputs[Index])) + Offset,
            AngleSource.Weight => (Scale * double.CreateTruncating(weights[Index])) + Offset,
            AngleSource.Constant => Offset,
            _ => throw new InvalidOperationException("An expression has a tape of its own."),
        };
    }

    /// <summary>A guard that holds where this input exceeds <paramref name="threshold"/>: <c>x[i] &gt; 0.1</c>.</summary>
    /// <exception cref="ArgumentException">The angle is not a plain input: guards read the data, so scale 1 and offset 0.</exception>
    public static Guard operator >(Angle input, double threshold) => new(input.AsPlainInput(), threshold);

    /// <summary>Not offered: a guard fires above a threshold. Negate the input in the layer before the circuit.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Guard operator <(Angle input, double threshold) =>
        throw new NotSupportedException("A guard fires where an input exceeds its threshold: write `x[i] > t`, or `x[i].Abs() > t`.");

    /// <summary>The input's absolute value, to be compared: <c>x[i].Abs() &gt; 0.1</c>.</summary>
    /// <exception cref="ArgumentException">The angle is not a plain input.</exception>
    public AbsoluteInput Abs() => new(AsPlainInput());

    /// <summary>The angle as a reader writes it, such as <c>2·x1+0.5</c>.</summary>
    public override string ToString() => ToString(int.MaxValue);

    /// <summary>The same, in which expressions are written out to a depth.</summary>
    internal string ToString(int depth)
    {
        var number = Text(Offset);
        if (IsConstant)
        {
            return number;
        }

        var symbol = Expression is null ? (Source == AngleSource.Input ? "x" : "w") + Index.ToString(CultureInfo.InvariantCulture)
            : depth == int.MaxValue ? Expression.ToString()
            : Expression.ToString(depth);
        symbol = Scale != 1 && Expression?.Row == ExpressionFunction.Add ? $"({symbol})" : symbol;
        var scaled = Scale switch
        {
            1 => symbol,
            -1 => "-" + symbol,
            _ => Text(Scale) + "·" + symbol,
        };
        return Offset == 0 ? scaled : scaled + (Offset > 0 ? "+" : "") + number;
    }

    // Short, but not 0 for what is small and meant; below 1e-12 it is rounding.
    private static string Text(double value) =>
        value.ToString(Math.Abs(value) is >= 1e-12 and < 1e-4 ? "G3" : "0.####", CultureInfo.InvariantCulture);

    private int AsPlainInput() => Source == AngleSource.Input && Scale == 1 && Offset == 0
        ? Index
        : throw new ArgumentException($"A guard compares an input itself, not {this}; compare `x[i]` and move the affine part to the threshold.");
}

/// <summary>The absolute value of an input, as one side of a guard.</summary>
/// <param name="Input">Which input, from 0.</param>
public readonly record struct AbsoluteInput(int Input)
{
    /// <summary>A guard that holds where the input's absolute value exceeds <paramref name="threshold"/>.</summary>
    public static Guard operator >(AbsoluteInput value, double threshold) => new(value.Input, threshold, Absolute: true);

    /// <summary>Not offered: a guard fires above a threshold.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Guard operator <(AbsoluteInput value, double threshold) =>
        throw new NotSupportedException("A guard fires where an input's absolute value exceeds its threshold: write `x[i].Abs() > t`.");
}
