// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Qusp.Torch;

/// <summary>What a model should answer: classes <c>[B]</c> (int64), or a row each <c>[B, K]</c>.</summary>
internal sealed class Targets(Tensor values, Loss loss)
{
    private Tensor? prepared;

    private bool AreClasses => values.dim() == 1 && !values.is_floating_point();

    /// <summary>The loss of the outputs, a scalar.</summary>
    /// <param name="outputs"><c>[b, K]</c>.</param>
    /// <param name="rows">Which samples they are of, <c>[b]</c>; all if null.</param>
    public Tensor LossOf(Tensor outputs, Tensor? rows = null)
    {
        var all = Prepared(outputs);
        var expected = rows is null ? all : all.index_select(0, rows);
        return loss == Loss.Mse ? functional.mse_loss(outputs, expected) : functional.cross_entropy(outputs, expected);
    }

    /// <summary>The share of samples whose largest output is their class; null if the targets name no classes.</summary>
    public double? AccuracyOf(Tensor outputs)
    {
        if (!AreClasses && !AreOneHot())
        {
            return null;
        }

        var classes = AreClasses ? values : values.argmax(1); // [B]
        return (outputs.argmax(1) == classes).to(ScalarType.Float64).mean().item<double>();
    }

    // In the form that the loss takes; kept, and checked once.
    private Tensor Prepared(Tensor outputs)
    {
        if (prepared is not null)
        {
            return prepared;
        }

        // Made in a scope of its own and moved from there: it outlives the step that asks first, as long as the targets themselves.
        using var scope = NewDisposeScope();
        return prepared = Form(outputs.shape[^1], outputs.dtype).alias().MoveToOtherDisposeScope(values);
    }

    private Tensor Form(long outputCount, ScalarType dtype)
    {
        if (AreClasses)
        {
            var (least, largest) = (values.min().ToInt64(), values.max().ToInt64());
            if (least < 0 || largest >= outputCount)
            {
                throw new ArgumentException($"the targets name classes {least} to {largest} and the model has {outputCount} outputs; give it one for each class, counted from 0");
            }

            var classes = values.to(ScalarType.Int64);
            return loss == Loss.CrossEntropy ? classes : functional.one_hot(classes, outputCount).to(dtype); // [B] or [B, K]
        }

        return values.dim() == 2 && values.shape[1] == outputCount
            ? values.to(dtype) // [B, K]
            : throw new ArgumentException(
                $"the targets are [{string.Join(", ", values.shape)}] and the outputs [B, {outputCount}]; give classes [B] of an integer type, or one target an output");
    }

    private bool AreOneHot() => values.dim() == 2 && values.shape[1] > 1
        && (values.sum([1L]) == 1).all().item<bool>() && ((values == 0) | (values == 1)).all().item<bool>();
}
