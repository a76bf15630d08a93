// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A circuit's expressions by tensor operations, forward and backward, so that autograd can differentiate the gradient
/// again. What depends on weights alone is a scalar, the rest has a value a sample.
/// </summary>
internal sealed class TensorExpressions
{
    private static readonly Dictionary<string, Function> Functions = new()
    {
        ["add"] = new((a, b) => a + b, (a, b, _) => (ones_like(a), ones_like(b))),
        ["multiply"] = new((a, b) => a * b, (a, b, _) => (b, a)),
        ["divide"] = new((a, b) => a / b, (_, b, v) => (1 / b, -v / b)),
        ["pow"] = new((a, b) => a.pow(b), (a, b, v) => (b * a.pow(b - 1), where(v == 0, zeros_like(v), v * a.log()))),
        ["atan2"] = new((a, b) => a.atan2(b), (a, b, _) => (b / NotZero((a * a) + (b * b)), -a / NotZero((a * a) + (b * b)))),
        ["hypot"] = new((a, b) => a.hypot(b), (a, b, v) => (a / NotZero(v), b / NotZero(v))),
        ["min"] = new((a, b) => a.minimum(b), (a, b, _) => ((a <= b).to(ScalarType.Float64), (a > b).to(ScalarType.Float64))),
        ["max"] = new((a, b) => a.maximum(b), (a, b, _) => ((a >= b).to(ScalarType.Float64), (a < b).to(ScalarType.Float64))),
        ["sin"] = One(a => a.sin(), (a, _) => a.cos()),
        ["cos"] = One(a => a.cos(), (a, _) => -a.sin()),
        ["tan"] = One(a => a.tan(), (_, v) => 1 + (v * v)),
        ["asin"] = One(a => a.asin(), (a, _) => (1 - (a * a)).rsqrt()),
        ["acos"] = One(a => a.acos(), (a, _) => -(1 - (a * a)).rsqrt()),
        ["atan"] = One(a => a.atan(), (a, _) => 1 / (1 + (a * a))),
        ["tanh"] = One(a => a.tanh(), (_, v) => 1 - (v * v)),
        ["exp"] = One(a => a.exp(), (_, v) => v),
        ["log"] = One(a => a.log(), (a, _) => 1 / a),
        ["sqrt"] = One(a => a.sqrt(), (_, v) => 0.5 / v),
        ["abs"] = One(a => a.abs(), (a, _) => a.sign()),
    };

    private readonly ExtractedExpressions extracted;
    private readonly List<Expression> order = []; // arguments first
    private readonly int inputs;
    private readonly int weights;

    public TensorExpressions(Circuit circuit, ExtractedExpressions extracted)
    {
        (this.extracted, inputs, weights) = (extracted, circuit.Inputs, circuit.Weights);
        var known = new HashSet<Expression>();
        var pending = new Stack<Expression>(circuit.Expressions);
        while (pending.TryPeek(out var expression))
        {
            var missing = expression.Arguments.Where(argument => argument.Expression is { } inner && !known.Contains(inner)).ToList();
            missing.ForEach(argument => pending.Push(argument.Expression!));
            if (missing.Count == 0 && known.Add(pending.Pop()))
            {
                order.Add(expression);
            }
        }
    }

    /// <summary>The names of the functions that are known here, to be held against those of angles.</summary>
    public static IEnumerable<string> Names => Functions.Keys;

    /// <summary>Each expression's value, <c>[B]</c> or a scalar.</summary>
    /// <param name="x"><c>[B, I]</c>, float64.</param>
    /// <param name="w"><c>[W]</c>, float64.</param>
    public Dictionary<Expression, Tensor> Evaluate(Tensor x, Tensor w)
    {
        var values = new Dictionary<Expression, Tensor>();
        foreach (var expression in order)
        {
            var (a, b) = Arguments(expression, x, w, values);
            values.Add(expression, Functions[expression.Function].Value(a, b));
        }

        return values;
    }

    /// <summary>The inputs and weights of the circuit without expressions: <c>[B, I + …]</c> and <c>[W + …]</c>.</summary>
    public (Tensor Inputs, Tensor Weights) Extend(Tensor x, Tensor w, Dictionary<Expression, Tensor> values) => (
        extracted.OfInputs.IsEmpty ? x : cat([x, stack([.. extracted.OfInputs.Select(expression => values[expression])], 1)], 1),
        extracted.OfWeights.IsEmpty ? w : cat([w, stack([.. extracted.OfWeights.Select(expression => values[expression])])], 0));

    /// <summary>Carries the slopes of those back to the circuit's own: <c>[B, I]</c> and <c>[W]</c>.</summary>
    public (Tensor Inputs, Tensor Weights) Pull(Tensor x, Tensor w, Dictionary<Expression, Tensor> values, Tensor byInputs, Tensor byWeights)
    {
        var slopes = new Dictionary<Expression, Tensor>();
        for (var k = 0; k < extracted.OfInputs.Length; k++)
        {
            slopes.Add(extracted.OfInputs[k], byInputs.select(1, inputs + k));
        }

        for (var k = 0; k < extracted.OfWeights.Length; k++)
        {
            slopes.Add(extracted.OfWeights[k], byWeights[weights + k]);
        }

        var ofInputs = Enumerable.Range(0, inputs).Select(j => byInputs.select(1, j)).ToArray();
        var ofWeights = Enumerable.Range(0, weights).Select(k => byWeights[k]).ToArray();
        foreach (var expression in Enumerable.Reverse(order))
        {
            var (a, b) = Arguments(expression, x, w, values);
            var (byFirst, bySecond) = Functions[expression.Function].Slopes(a, b, values[expression]);
            foreach (var (angle, slope) in expression.Arguments.Zip([byFirst, bySecond]))
            {
                var part = angle.Scale * slopes[expression] * slope;
                switch (angle.Source)
                {
                    case AngleSource.Input:
                        ofInputs[angle.Index] = ofInputs[angle.Index] + part;
                        break;
                    case AngleSource.Weight:
                        ofWeights[angle.Index] = ofWeights[angle.Index] + part.sum();
                        break;
                    case AngleSource.Expression:
                        var sum = angle.Expression!.Inputs == 0 ? part.sum() : part;
                        slopes[angle.Expression] = slopes.TryGetValue(angle.Expression, out var before) ? before + sum : sum;
                        break;
                }
            }
        }

        return (inputs == 0 ? byInputs.slice(1, 0, 0, 1) : stack(ofInputs, 1), weights == 0 ? byWeights.slice(0, 0, 0, 1) : stack(ofWeights));
    }

    private static (Tensor First, Tensor Second) Arguments(Expression expression, Tensor x, Tensor w, Dictionary<Expression, Tensor> values)
    {
        var arguments = expression.Arguments;
        return (Of(arguments[0]), Of(arguments.Length > 1 ? arguments[1] : 0));

        Tensor Of(Angle angle) => angle.Source switch
        {
            AngleSource.Input => (angle.Scale * x.select(1, angle.Index)) + angle.Offset,
            AngleSource.Weight => (angle.Scale * w[angle.Index]) + angle.Offset,
            AngleSource.Expression => (angle.Scale * values[angle.Expression!]) + angle.Offset,
            _ => tensor(angle.Offset, dtype: ScalarType.Float64),
        };
    }

    private static Tensor NotZero(Tensor value) => where(value == 0, ones_like(value), value);

    private static Function One(Func<Tensor, Tensor> value, Func<Tensor, Tensor, Tensor> slope) =>
        new((a, _) => value(a), (a, _, v) => (slope(a, v), zeros_like(a)));

    private sealed record Function(Func<Tensor, Tensor, Tensor> Value, Func<Tensor, Tensor, Tensor, (Tensor, Tensor)> Slopes);
}
