// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>Trains a module with Adam, and evaluates it.</summary>
public sealed class Trainer
{
    /// <summary>A trainer of a module.</summary>
    /// <param name="model">The module, <c>[B, F] → [B, K]</c>; it is moved to the torch device and trained in place.</param>
    /// <param name="options">How; the defaults if null.</param>
    public Trainer(nn.Module<Tensor, Tensor> model, TrainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new TrainOptions();
    }

    /// <summary>How it trains.</summary>
    public TrainOptions Options { get; }

    /// <summary>Trains.</summary>
    /// <param name="x">The samples, <c>[B, F]</c>.</param>
    /// <param name="y">The targets, see <see cref="Loss"/>.</param>
    /// <param name="testX">Samples that early stopping looks at, <c>[B', F]</c>; the training loss if null.</param>
    /// <param name="testY">Their targets.</param>
    /// <param name="progress">Told of each epoch as it ends, on the calling thread if it is synchronous.</param>
    /// <param name="cancellation">Ends training after the step in progress; what was done is kept.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public TrainingReport Fit(
        Tensor x,
        Tensor y,
        Tensor? testX = null,
        Tensor? testY = null,
        IProgress<EpochReport>? progress = null,
        CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Loss and accuracy on a set, without gradients.</summary>
    /// <param name="x">The samples, <c>[B, F]</c>.</param>
    /// <param name="y">The targets, see <see cref="Loss"/>.</param>
    public Metrics Evaluate(Tensor x, Tensor y) => throw new NotImplementedException();

    /// <summary>The outputs on a set, without gradients: <c>[B, F] → [B, K]</c>, on the CPU.</summary>
    /// <param name="x">The samples, <c>[B, F]</c>.</param>
    public Tensor Predict(Tensor x) => throw new NotImplementedException();
}
