// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>
/// Runs a circuit with expressions on engines that know affine angles alone: the expressions' values are further inputs
/// and weights, computed in double, and their gradients are carried back to what they were made of by the chain rule.
/// </summary>
internal sealed class ExpressionProgram<T> : IShotProgram<T>, IPathProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IProgram<T> affine;
    private readonly ExpressionTape tape;
    private readonly int ofInputs;
    private readonly int ofWeights;
    private readonly T[] weightRow; // [W + those of weights]
    private readonly T[] weightSlopes;
    private T[] rows = []; // [B, I + those of inputs]
    private T[] rowSlopes = [];
    private OneAtATime calls;

    public ExpressionProgram(Circuit circuit, Func<Circuit, IProgram<T>> compile)
    {
        Circuit = circuit;
        var extracted = circuit.ExtractExpressions();
        affine = compile(extracted.Circuit);
        tape = new ExpressionTape([.. extracted.OfInputs, .. extracted.OfWeights], circuit.Inputs, circuit.Weights);
        (ofInputs, ofWeights) = (extracted.OfInputs.Length, extracted.OfWeights.Length);
        weightRow = new T[circuit.Weights + ofWeights];
        weightSlopes = new T[weightRow.Length];
    }

    public Circuit Circuit { get; }

    public string Device => affine.Device;

    public Differentiation Differentiation => affine.Differentiation;

    public bool IsStochastic => affine.IsStochastic;

    public Cost Cost => affine.Cost;

    private int Width => Circuit.Inputs + ofInputs;

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        Fill(batch, inputs, weights);
        affine.Evaluate(batch, rows.AsSpan(0, batch * Width), weightRow, outputs, draw);
    }

    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw)
    {
        Fill(batch, inputs, weights);
        affine.Shots().Variances(batch, rows.AsSpan(0, batch * Width), weightRow, combinations, variances, draw);
    }

    public void PullbackVariances(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<double> inputVariances,
        Span<double> weightVariances,
        Draw draw) => throw new NotSupportedException(
            $"{Device}: how far gradients through expressions may be off is not known; give the expressions' values as inputs.");

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default)
    {
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, cotangents.Length, inputGradients.Length, weightGradients.Length);
        using var running = calls.Take();
        Fill(batch, inputs, weights);

        // An expression of inputs may read weights too, so the weights' gradients need its slope.
        var slopes = ofInputs > 0 || !inputGradients.IsEmpty ? Numbers.Room(ref rowSlopes, batch * Width) : [];
        affine.Pullback(batch, rows.AsSpan(0, batch * Width), weightRow, cotangents, slopes, weightGradients.IsEmpty ? [] : weightSlopes, draw);
        var count = Circuit.Inputs;
        for (var sample = 0; sample < batch && !slopes.IsEmpty; sample++)
        {
            var row = slopes.Slice(sample * Width, Width);
            var gradient = inputGradients.IsEmpty ? [] : inputGradients.Slice(sample * count, count);
            row[..gradient.Length].CopyTo(gradient);
            tape.ReadInputs(inputs.Slice(sample * count, count));
            for (var k = 0; k < ofInputs; k++)
            {
                tape.AddSlope(k, double.CreateChecked(row[count + k]));
            }

            tape.PullSample(gradient);
        }

        if (!weightGradients.IsEmpty)
        {
            for (var k = 0; k < ofWeights; k++)
            {
                tape.AddSlope(ofInputs + k, double.CreateChecked(weightSlopes[Circuit.Weights + k]));
            }

            weightSlopes.AsSpan(0, Circuit.Weights).CopyTo(weightGradients);
            tape.PullWeights(weightGradients);
        }
    }

    public void Sample(int batch, int count, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Measurement reading, Span<uint> outcomes, Draw draw)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, batch * Circuit.Outputs);
        using var running = calls.Take();
        Fill(batch, inputs, weights);
        ((IPathProgram<T>)affine).Sample(batch, count, rows.AsSpan(0, batch * Width), weightRow, reading, outcomes, draw);
    }

    public void Dispose()
    {
        calls.Close();
        affine.Dispose();
    }

    private void Fill(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
    {
        tape.ReadWeights(weights);
        weights.CopyTo(weightRow);
        for (var k = 0; k < ofWeights; k++)
        {
            weightRow[Circuit.Weights + k] = T.CreateChecked(tape.Value(ofInputs + k));
        }

        var count = Circuit.Inputs;
        var all = Numbers.Room(ref rows, batch * Width);
        for (var sample = 0; sample < batch; sample++)
        {
            var data = inputs.Slice(sample * count, count);
            var row = all.Slice(sample * Width, Width);
            data.CopyTo(row);
            tape.ReadInputs(data);
            for (var k = 0; k < ofInputs; k++)
            {
                row[count + k] = T.CreateChecked(tape.Value(k));
            }
        }
    }
}
