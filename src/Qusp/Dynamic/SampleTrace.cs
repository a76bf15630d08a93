// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Dynamic;

/// <summary>What the delegate wrote for one sample: a structure, in which each varying angle is an input, and what those angles are.</summary>
internal sealed class SampleTrace
{
    private readonly ImmutableArray<ExposedAngle> angles;
    private readonly ExpressionTape? tape;
    private readonly int[] roots; // of each angle its result on the tape, −1 for an affine one

    public SampleTrace(Circuit circuit)
    {
        var exposed = AnglePasses.Expose(circuit);
        (Structure, angles) = (exposed.Circuit, exposed.Angles);
        roots = new int[angles.Length];
        var expressions = new List<Expression>();
        for (var a = 0; a < roots.Length; a++)
        {
            roots[a] = angles[a].Angle.Expression is null ? -1 : expressions.Count;
            if (angles[a].Angle.Expression is { } expression)
            {
                expressions.Add(expression);
            }
        }

        tape = expressions.Count > 0 ? new ExpressionTape(expressions, circuit.Inputs, circuit.Weights) : null;
    }

    /// <summary>The circuit of I + P inputs.</summary>
    public Circuit Structure { get; }

    /// <summary>Writes the structure's inputs, <c>[I + P]</c>.</summary>
    public void Fill<T>(ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> row)
        where T : INumberBase<T>
    {
        inputs.CopyTo(row);
        tape?.ReadWeights(weights);
        tape?.ReadInputs(inputs);
        for (var a = 0; a < roots.Length; a++)
        {
            var angle = angles[a].Angle;
            var source = angle.Source switch
            {
                AngleSource.Input => double.CreateChecked(inputs[angle.Index]),
                AngleSource.Weight => double.CreateChecked(weights[angle.Index]),
                _ => tape!.Value(roots[a]),
            };
            row[inputs.Length + a] = T.CreateChecked((angle.Scale * source) + angle.Offset);
        }
    }

    /// <summary>Carries the slopes of the structure's inputs, <c>[I + P]</c>, back and adds them to those of the data; nothing is added to an empty span.</summary>
    /// <remarks>After <see cref="Fill"/>.</remarks>
    public void Pull<T>(ReadOnlySpan<T> slopes, Span<T> inputs, Span<double> weights)
        where T : INumberBase<T>
    {
        var first = slopes.Length - roots.Length;
        for (var a = 0; a < roots.Length; a++)
        {
            var angle = angles[a].Angle;
            var slope = angle.Scale * double.CreateChecked(slopes[first + a]);
            if (roots[a] >= 0)
            {
                tape!.AddSlope(roots[a], slope);
            }
            else if (angle.Source == AngleSource.Input)
            {
                if (!inputs.IsEmpty)
                {
                    inputs[angle.Index] += T.CreateChecked(slope);
                }
            }
            else if (!weights.IsEmpty)
            {
                weights[angle.Index] += slope;
            }
        }

        tape?.PullSample(inputs);
        tape?.PullWeights(weights);
    }
}
