// SPDX-License-Identifier: Apache-2.0
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary>How outputs do on a data set.</summary>
/// <param name="Loss">The loss, a mean over samples (and, for squared errors, outputs).</param>
/// <param name="Accuracy">The share of rows whose largest output is their class; null if the targets are real numbers.</param>
internal sealed record Score(double Loss, double? Accuracy)
{
    /// <summary>Scores outputs.</summary>
    /// <param name="outputs">The outputs, <c>[N, K]</c>.</param>
    /// <param name="data">The N rows.</param>
    /// <param name="loss">The loss of the training.</param>
    public static Score Of(double[] outputs, Dataset data, Torch.Loss loss)
    {
        var sum = 0.0;
        var right = 0;
        for (var row = 0; row < data.Count; row++)
        {
            var answer = outputs.AsSpan(row * data.Outputs, data.Outputs);
            var target = data.Targets.AsSpan(row * data.Outputs, data.Outputs);
            sum += loss == Torch.Loss.Mse ? SquaredError(answer, target) : CrossEntropy(answer, data.Labels![row]);
            right += data.Labels is { } labels && Largest(answer) == labels[row] ? 1 : 0;
        }

        return new Score(sum / data.Count, data.Labels is null ? null : (double)right / data.Count);
    }

    /// <summary>The index of the largest output, the first of equals.</summary>
    public static int Largest(ReadOnlySpan<double> answer)
    {
        var best = 0;
        for (var k = 1; k < answer.Length; k++)
        {
            best = answer[k] > answer[best] ? k : best;
        }

        return best;
    }

    private static double SquaredError(ReadOnlySpan<double> answer, ReadOnlySpan<double> target)
    {
        var sum = 0.0;
        for (var k = 0; k < answer.Length; k++)
        {
            sum += (answer[k] - target[k]) * (answer[k] - target[k]);
        }

        return sum / answer.Length;
    }

    private static double CrossEntropy(ReadOnlySpan<double> answer, int label)
    {
        var largest = answer[Largest(answer)];
        var sum = 0.0;
        foreach (var value in answer)
        {
            sum += Math.Exp(value - largest);
        }

        return largest + Math.Log(sum) - answer[label];
    }
}
