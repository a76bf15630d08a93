// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>Conveniences over <see cref="IProgram{T}"/> that allocate their results.</summary>
public static class ProgramExtensions
{
    /// <summary>Runs the circuit and returns its outputs, <c>[B, K]</c> row-major.</summary>
    /// <param name="program">The program.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>; for a circuit without inputs an empty span is one sample.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="ArgumentException">The inputs are not whole rows.</exception>
    public static T[] Evaluate<T>(this IProgram<T> program, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights = default, Draw draw = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(program);
        var count = program.Circuit.Inputs;
        if (count == 0 ? inputs.Length > 0 : inputs.Length % count != 0)
        {
            throw new ArgumentException($"inputs holds {inputs.Length} numbers; the circuit takes {count} a sample.", nameof(inputs));
        }

        var batch = count == 0 ? 1 : inputs.Length / count;
        var outputs = new T[batch * program.Circuit.Outputs];
        program.Evaluate(batch, inputs, weights, outputs, draw);
        return outputs;
    }

    /// <summary>
    /// Runs the circuit and returns its outputs with their standard errors, <c>[B, K]</c> row-major. The values are those of
    /// <see cref="Evaluate"/>; on an exact device the errors are 0.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>; for a circuit without inputs an empty span is one sample.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="NotSupportedException">The device's outputs are random and it does not know their errors.</exception>
    public static Estimate[] Estimates<T>(this IProgram<T> program, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights = default, Draw draw = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var outputs = program.Evaluate(inputs, weights, draw);
        var (k, variances) = (program.Circuit.Outputs, new double[outputs.Length]);
        if (program.IsStochastic)
        {
            // One sample at a time: K combinations of K outputs each.
            var (each, shots) = (new double[k * k], program.Shots());
            for (var output = 0; output < k; output++)
            {
                each[(output * k) + output] = 1;
            }

            for (var sample = 0; sample < outputs.Length / Math.Max(1, k); sample++)
            {
                var row = inputs.Slice(sample * program.Circuit.Inputs, program.Circuit.Inputs);
                shots.Variances(1, row, weights, each, variances.AsSpan(sample * k, k), draw.Skip(sample));
            }
        }

        return [.. outputs.Select((value, i) => new Estimate(double.CreateChecked(value), Math.Sqrt(variances[i])))];
    }

    /// <summary>
    /// All derivatives of one sample with their standard errors: by its inputs, <c>[K, I]</c>, and by the weights, <c>[K, W]</c>. The values are
    /// those of <see cref="Jacobian"/>; on an exact device the errors are 0.
    /// </summary>
    /// <param name="program">The program, compiled with a differentiation method.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <exception cref="NotSupportedException">The device's outputs are random and the errors of these gradients are not known.</exception>
    public static (Estimate[,] ByInputs, Estimate[,] ByWeights) JacobianEstimates<T>(
        this IProgram<T> program, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights = default, Draw draw = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (byInputs, byWeights) = program.Jacobian(inputs, weights, draw);
        var (k, i, w) = (program.Circuit.Outputs, program.Circuit.Inputs, program.Circuit.Weights);
        var (inputEstimates, weightEstimates) = (new Estimate[k, i], new Estimate[k, w]);
        var (inputRow, weightRow, cotangent) = (new double[i], new double[w], new T[k]);
        for (var output = 0; output < k; output++)
        {
            if (program.IsStochastic)
            {
                cotangent[output] = T.One;
                program.Shots().PullbackVariances(1, inputs, weights, cotangent, inputRow, weightRow, draw);
                cotangent[output] = T.Zero;
            }

            for (var j = 0; j < i; j++)
            {
                inputEstimates[output, j] = new(double.CreateChecked(byInputs[output, j]), Math.Sqrt(inputRow[j]));
            }

            for (var j = 0; j < w; j++)
            {
                weightEstimates[output, j] = new(double.CreateChecked(byWeights[output, j]), Math.Sqrt(weightRow[j]));
            }
        }

        return (inputEstimates, weightEstimates);
    }

    /// <summary>All derivatives of one sample: by its inputs, <c>[K, I]</c>, and by the weights, <c>[K, W]</c>.</summary>
    /// <param name="program">The program, compiled with a differentiation method.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    public static (T[,] ByInputs, T[,] ByWeights) Jacobian<T>(
        this IProgram<T> program, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights = default, Draw draw = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(program);
        var (k, i, w) = (program.Circuit.Outputs, program.Circuit.Inputs, program.Circuit.Weights);
        var (byInputs, byWeights) = (new T[k, i], new T[k, w]);
        var (inputRow, weightRow, cotangent) = (new T[i], new T[w], new T[k]);
        for (var output = 0; output < k; output++)
        {
            cotangent[output] = T.One;
            program.Pullback(1, inputs, weights, cotangent, inputRow, weightRow, draw);
            cotangent[output] = T.Zero;
            for (var j = 0; j < i; j++)
            {
                byInputs[output, j] = inputRow[j];
            }

            for (var j = 0; j < w; j++)
            {
                byWeights[output, j] = weightRow[j];
            }
        }

        return (byInputs, byWeights);
    }
}
