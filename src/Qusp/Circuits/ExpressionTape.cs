// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>
/// Expressions as a straight list of steps over numbered slots, run forward for values and backward for the exact
/// derivatives (reverse accumulation; Griewank and Walther, Evaluating Derivatives, 3.2). Steps of weights alone come
/// first: they run once a call, the others once a sample. Computed in double; nothing is allocated after construction.
/// </summary>
internal sealed class ExpressionTape
{
    private readonly Step[] steps;
    private readonly int[] results;
    private readonly int inputs;
    private readonly int weights;
    private readonly int shared; // steps of weights alone
    private readonly double[] values;
    private readonly double[] slopes;

    /// <summary>A tape.</summary>
    /// <param name="roots">What is asked for.</param>
    /// <param name="inputs">The number I of inputs.</param>
    /// <param name="weights">The number W of weights.</param>
    public ExpressionTape(IEnumerable<Expression> roots, int inputs, int weights)
    {
        (this.inputs, this.weights) = (inputs, weights);
        var graph = new ExpressionGraph();
        int[] wanted = [.. roots.Select(graph.Add)];

        var reads = new bool[graph.Nodes.Count];
        for (var k = 0; k < reads.Length; k++)
        {
            reads[k] = Reads(graph.Nodes[k].First) || Reads(graph.Nodes[k].Second);
        }

        // Slots: the inputs, the weights, a 0 that constants stand on, the steps.
        int[] order = [.. Enumerable.Range(0, reads.Length).OrderBy(k => reads[k])]; // a stable sort
        shared = reads.Count(isOfInputs => !isOfInputs);
        var slots = new int[reads.Length];
        for (var k = 0; k < order.Length; k++)
        {
            slots[order[k]] = inputs + weights + 1 + k;
        }

        steps = [.. order.Select(k => new Step(graph.Nodes[k].Function, On(graph.Nodes[k].First), On(graph.Nodes[k].Second)))];
        results = [.. wanted.Select(k => slots[k])];
        values = new double[inputs + weights + 1 + steps.Length];
        slopes = new double[values.Length];

        bool Reads(Operand operand) => operand.Source == AngleSource.Input || (operand.Source == AngleSource.Expression && reads[operand.Index]);

        Argument On(Operand operand) => new(
            operand.Source switch
            {
                AngleSource.Input => operand.Index,
                AngleSource.Weight => inputs + operand.Index,
                AngleSource.Expression => slots[operand.Index],
                _ => inputs + weights,
            },
            operand.Scale,
            operand.Offset);
    }

    /// <summary>The value of root <paramref name="root"/> for the weights and the sample read last.</summary>
    public double Value(int root) => values[results[root]];

    /// <summary>Reads the weights, <c>[W]</c>, and computes what depends on them alone; forgets all slopes.</summary>
    public void ReadWeights<T>(ReadOnlySpan<T> source)
        where T : INumberBase<T>
    {
        Array.Clear(slopes);
        for (var k = 0; k < source.Length; k++)
        {
            values[inputs + k] = double.CreateChecked(source[k]);
        }

        Forward(0, shared);
    }

    /// <summary>Reads a sample, <c>[I]</c>, and computes what depends on it; forgets the slopes of the sample before.</summary>
    public void ReadInputs<T>(ReadOnlySpan<T> source)
        where T : INumberBase<T>
    {
        for (var j = 0; j < source.Length; j++)
        {
            values[j] = double.CreateChecked(source[j]);
        }

        slopes.AsSpan(0, inputs).Clear();
        slopes.AsSpan(inputs + weights + 1 + shared).Clear();
        Forward(shared, steps.Length);
    }

    /// <summary>Adds to the derivative of the result by root <paramref name="root"/>.</summary>
    public void AddSlope(int root, double slope) => slopes[results[root]] += slope;

    /// <summary>Carries the sample's slopes back and adds those of the inputs, <c>[I]</c>; nothing is added to an empty span.</summary>
    public void PullSample<T>(Span<T> gradients)
        where T : INumberBase<T>
    {
        Backward(shared, steps.Length);
        for (var j = 0; j < gradients.Length; j++)
        {
            gradients[j] = T.CreateChecked(double.CreateChecked(gradients[j]) + slopes[j]);
        }
    }

    /// <summary>Carries back what all samples left on the weights and adds it, <c>[W]</c>.</summary>
    public void PullWeights<T>(Span<T> gradients)
        where T : INumberBase<T>
    {
        Backward(0, shared);
        for (var k = 0; k < gradients.Length; k++)
        {
            gradients[k] = T.CreateChecked(double.CreateChecked(gradients[k]) + slopes[inputs + k]);
        }
    }

    private void Forward(int from, int to)
    {
        var first = inputs + weights + 1;
        for (var k = from; k < to; k++)
        {
            ref readonly var step = ref steps[k];
            values[first + k] = step.Function.Value(step.First.Of(values), step.Second.Of(values));
        }
    }

    private void Backward(int from, int to)
    {
        var first = inputs + weights + 1;
        for (var k = to - 1; k >= from; k--)
        {
            var slope = slopes[first + k];
            if (slope == 0)
            {
                continue; // also where the derivative is infinite: what nothing depends on has no gradient
            }

            ref readonly var step = ref steps[k];
            var (a, b) = step.Function.Slopes(step.First.Of(values), step.Second.Of(values), values[first + k]);
            slopes[step.First.Slot] += slope * step.First.Scale * a;
            slopes[step.Second.Slot] += slope * step.Second.Scale * b;
        }
    }

    private readonly record struct Step(ExpressionFunction Function, Argument First, Argument Second);

    private readonly record struct Argument(int Slot, double Scale, double Offset)
    {
        public double Of(double[] values) => (Scale * values[Slot]) + Offset;
    }
}
