// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// A differentiable function of inputs and weights that an affine angle does not say: one function of the table
/// (<c>multiply</c>, <c>sin</c>, <c>atan2</c>, …) applied to angles, which may be expressions again. Written by arithmetic
/// on <see cref="Angle"/>, <c>x[0] * x[1]</c> or <c>Angle.Sin(w[0])</c>. Immutable, with value equality.
/// </summary>
public sealed class Expression : IEquatable<Expression>
{
    private const int PrintedDepth = 4;
    private readonly int hash;

    internal Expression(ExpressionFunction function, Angle first, Angle second = default)
    {
        foreach (var angle in (ReadOnlySpan<Angle>)[first, second])
        {
            if (!double.IsFinite(angle.Scale) || !double.IsFinite(angle.Offset))
            {
                throw new ArgumentException($"{function.Name}: its argument {angle} is not finite.");
            }
        }

        (Row, First, Second) = (function, first, second);
        hash = HashCode.Combine(function.Name, first, second);
        Inputs = Math.Max(Needs(AngleSource.Input, first), Needs(AngleSource.Input, second));
        Weights = Math.Max(Needs(AngleSource.Weight, first), Needs(AngleSource.Weight, second));
    }

    /// <summary>The name of the function, such as <c>atan2</c>.</summary>
    public string Function => Row.Name;

    /// <summary>What it is applied to, one or two angles.</summary>
    public ImmutableArray<Angle> Arguments => Row.Arity == 1 ? [First] : [First, Second];

    /// <summary>How many inputs it needs: one more than the largest index that it reads, 0 if it reads none.</summary>
    public int Inputs { get; }

    /// <summary>How many weights it needs: one more than the largest index that it reads, 0 if it reads none.</summary>
    public int Weights { get; }

    internal ExpressionFunction Row { get; }

    internal Angle First { get; }

    internal Angle Second { get; }

    /// <summary>The value for one sample.</summary>
    /// <param name="inputs">The sample's inputs, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    public double Value(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        var tape = new ExpressionTape([this], inputs.Length, weights.Length);
        tape.ReadWeights(weights);
        tape.ReadInputs(inputs);
        return tape.Value(0);
    }

    /// <summary>Whether the other applies the same functions to the same angles. Linear in the number of distinct parts.</summary>
    public bool Equals(Expression? other)
    {
        if (ReferenceEquals(this, other) || other is null || hash != other.hash)
        {
            return ReferenceEquals(this, other);
        }

        var graph = new ExpressionGraph();
        return graph.Add(this) == graph.Add(other);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Expression);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>The expression as a reader writes it, <c>x0·sin(x1)</c>; what is nested deeper than four levels is a …</summary>
    public override string ToString() => ToString(PrintedDepth);

    internal string ToString(int depth)
    {
        if (depth == 0)
        {
            return "…";
        }

        var (first, second) = (First.ToString(depth - 1), Second.ToString(depth - 1));
        return Row.Name switch
        {
            "add" => (first + "+" + second).Replace("+-", "-", StringComparison.Ordinal),
            "multiply" => Factor(First, first) + "·" + Factor(Second, second),
            "divide" => Factor(First, first) + "/" + Factor(Second, second),
            _ when Row.Arity == 1 => $"{Row.Name}({first})",
            _ => $"{Row.Name}({first}, {second})",
        };

        static string Factor(Angle angle, string text) =>
            angle.IsSum || angle.Scale < 0 || (angle.IsConstant && angle.Offset < 0) || angle.Expression?.Row == ExpressionFunction.Divide ? $"({text})" : text;
    }

    private static int Needs(AngleSource source, Angle angle) => angle.Source == source ? angle.Index + 1
        : angle.Expression is not { } inner ? 0
        : source == AngleSource.Input ? inner.Inputs : inner.Weights;
}
