// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Trajectories;

/// <content>How far means over paths may be off: the paths are independent, so their own spread tells it.</content>
internal sealed unsafe partial class TrajectoryProgram<T>
{
    private double[] combinations = []; // [R, K] of the sample at hand, over the probability of success
    private double[] shifts = []; // [R]

    /// <remarks>Given success of a post-selection an output is a quotient of means, A/P, and its error that of <c>(A − μP)/P</c>, to first order.</remarks>
    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw)
    {
        using var running = calls.Take();
        var (k, rows) = (Circuit.Outputs, variances.Length / Math.Max(1, batch));
        fixed (T* data = inputs, shared = weights)
        {
            for (var sample = 0; sample < batch; sample++)
            {
                var at = new TrajectoryCall(TrajectoryTask.Moments, (nint)data, (nint)shared, sample, draw);
                var probability = 1.0;
                if (!plan.KeepsTrace)
                {
                    Means(at with { Task = TrajectoryTask.Means }, 1);
                    probability = means[k];
                }

                Array.Resize(ref this.combinations, rows * k);
                Array.Resize(ref shifts, rows);
                Array.Clear(shifts);
                for (var j = 0; j < rows * k; j++)
                {
                    this.combinations[j] = combinations[(sample * rows * k) + j] / probability;
                    shifts[j / k] += plan.KeepsTrace ? 0 : this.combinations[j] * means[j % k];
                }

                RunAll(at, 1, 2 * rows);
                for (var r = 0; r < rows; r++)
                {
                    variances[(sample * rows) + r] = Variance(0, r, rows);
                }
            }
        }

        Count(batch, inputs);
    }

    public void PullbackVariances(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<double> inputVariances,
        Span<double> weightVariances,
        Draw draw)
    {
        Call.RequireAdjoint(Differentiation);
        using var running = calls.Take();
        if (!plan.KeepsTrace)
        {
            throw new NotSupportedException($"{Device}: the gradient of a quotient multiplies estimates, whose errors are not independent; use cpu, or repeat with other seeds.");
        }

        var (i, numbers) = (Circuit.Inputs, Circuit.Inputs + Circuit.Weights);
        weightVariances.Clear();
        fixed (T* data = inputs, shared = weights, upstream = cotangents)
        {
            for (var sample = 0; sample < batch; sample++)
            {
                Slopes(new(TrajectoryTask.SlopeMoments, (nint)data, (nint)shared, sample, draw) { Cotangents = (nint)upstream }, 1, 2 * numbers);
                for (var j = 0; j < numbers; j++)
                {
                    if (j >= i)
                    {
                        weightVariances[j - i] += Variance(0, j, numbers);
                    }
                    else
                    {
                        inputVariances[(sample * i) + j] = Variance(0, j, numbers);
                    }
                }
            }
        }

        Count(batch, inputs);
    }

    // Of the mean of number j, whose squares are summed `numbers` places further on.
    private double Variance(int s, int j, int numbers)
    {
        var error = Estimate.OfMean(shots, Sum(s, j, 2 * numbers), Sum(s, numbers + j, 2 * numbers)).StandardError;
        return error * error;
    }
}
