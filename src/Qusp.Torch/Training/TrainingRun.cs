// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>The steps of a training run.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> model;
    private readonly TrainOptions options;
    private readonly Tensor x; // [B, F]
    private readonly Targets targets;
    private readonly optim.Optimizer optimizer;
    private readonly BudgetControl control;
    private readonly Tensor[] matrices;
    private double rate;

    public TrainingRun(nn.Module<Tensor, Tensor> model, TrainOptions options, Tensor x, Targets targets)
    {
        (this.model, this.options, this.x, this.targets) = (model, options, x, targets);
        optimizer = optim.Adam(model.parameters(), options.LearningRate);
        control = new BudgetControl(model, options.Budget);
        matrices = [.. model.modules().Prepend(model).OfType<Linear>().Select(layer => layer.weight!)];
        rate = options.LearningRate;
    }

    /// <summary>One pass over the samples.</summary>
    /// <param name="epoch">The epoch, from 0; it draws the order of mini-batches.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    /// <param name="end">Why training must end; <see cref="TrainingEnd.Completed"/> if it need not.</param>
    /// <returns>The mean over the samples of the loss before each step; null if the pass was not completed.</returns>
    public double? Epoch(int epoch, CancellationToken cancellation, out TrainingEnd end)
    {
        var count = (int)x.shape[0];
        var size = options.BatchSize == 0 ? count : Math.Min(options.BatchSize, count);
        var order = size < count ? Seeds.Permutation(count, Seeds.Mix(options.Seed, (ulong)epoch)) : null;
        var sum = 0.0;
        model.train();
        control.Begin(epoch, options.Epochs);
        if (options.FinalLearningRate is { } final)
        {
            rate = new Schedule(options.LearningRate, final, ScheduleShape.Cosine).At((double)epoch / Math.Max(1, options.Epochs - 1));
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = rate;
            }
        }

        for (var first = 0; first < count; first += size)
        {
            if (cancellation.IsCancellationRequested)
            {
                end = TrainingEnd.Cancelled;
                return null;
            }

            var rows = Math.Min(size, count - first);
            var loss = Step(order is null ? null : order.AsSpan(first, rows).ToArray());
            if (!double.IsFinite(loss))
            {
                end = TrainingEnd.Diverged;
                return null;
            }

            sum += loss * rows;
        }

        control.End();
        end = TrainingEnd.Completed;
        return sum / count;
    }

    /// <summary>Ends the training, whatever ended it: what a budget still asks for.</summary>
    public void Finish() => control.Finish(x);

    public void Dispose() => optimizer.Dispose();

    private void Decay()
    {
        if (options.WeightDecay > 0)
        {
            using var off = no_grad();
            foreach (var matrix in matrices)
            {
                matrix.mul_(tensor(1 - (rate * options.WeightDecay), matrix.dtype, matrix.device));
            }
        }
    }

    // The loss before the step. One that is not finite is not followed: its gradients would spoil the parameters.
    private double Step(int[]? sample)
    {
        using var scope = NewDisposeScope();
        var rows = sample is null ? null : tensor(sample, dtype: ScalarType.Int64, device: x.device); // [b]
        var outputs = model.call(rows is null ? x : x.index_select(0, rows)); // [b, K]
        var loss = targets.LossOf(outputs, rows);
        var value = loss.ToDouble();
        if (double.IsFinite(value))
        {
            optimizer.zero_grad();
            var whole = control.Penalty(value) is { } penalty ? loss + penalty : loss;
            whole.backward();
            optimizer.step();
            Decay();
        }

        return value;
    }
}
