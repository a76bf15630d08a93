// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// A circuit in which each expression is an input or a weight of its own: expressions of weights alone are the weights
/// after the circuit's W, the others the inputs after its I. Every angle is affine in one source.
/// </summary>
/// <param name="Circuit">The rewritten circuit. Where there are further weights, they are a further group.</param>
/// <param name="OfInputs">The expressions that are inputs, in order.</param>
/// <param name="OfWeights">The expressions that are weights, in order.</param>
public sealed record ExtractedExpressions(Circuit Circuit, ImmutableArray<Expression> OfInputs, ImmutableArray<Expression> OfWeights);

/// <summary>A pass over expressions.</summary>
public static class ExpressionPasses
{
    /// <summary>Makes an input or a weight of each expression.</summary>
    public static ExtractedExpressions ExtractExpressions(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ImmutableArray<Expression> ofInputs = [.. circuit.Expressions.Where(expression => expression.Inputs > 0)];
        ImmutableArray<Expression> ofWeights = [.. circuit.Expressions.Where(expression => expression.Inputs == 0)];
        var sources = new Dictionary<Expression, Angle>();
        for (var k = 0; k < ofInputs.Length; k++)
        {
            sources.Add(ofInputs[k], Angle.Input(circuit.Inputs + k));
        }

        for (var k = 0; k < ofWeights.Length; k++)
        {
            sources.Add(ofWeights[k], Angle.Weight(circuit.Weights + k));
        }

        var rewritten = new Circuit(
            circuit.Wires,
            circuit.Inputs + ofInputs.Length,
            ofWeights.IsEmpty ? circuit.WeightGroups : circuit.WeightGroups.Add(new WeightGroup("expressions", circuit.Weights, [ofWeights.Length])),
            [
                .. circuit.Operations.Select(operation => operation.Angles.Any(angle => angle.Expression is not null)
                    ? operation.WithAngles([.. operation.Angles.Select(Affine)])
                    : operation),
            ],
            circuit.Measurements,
            circuit.Bits);
        return new ExtractedExpressions(rewritten, ofInputs, ofWeights);

        Angle Affine(Angle angle) => angle.Expression is { } expression ? (angle.Scale * sources[expression]) + angle.Offset : angle;
    }
}
