// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>One epoch.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Loss">Mean over the samples of the loss before each step; with the whole set as one batch, the loss before the step.</param>
/// <param name="TestLoss">The test set's loss after the epoch; null unless early stopping needs it.</param>
/// <param name="Cost">What the quantum layers executed in the epoch's training steps, forward and backward.</param>
/// <param name="ForwardCost">The forward part of it.</param>
public sealed record EpochReport(int Epoch, double Loss, double? TestLoss, Cost Cost, Cost ForwardCost)
{
    /// <summary>Gates on two or more wires that a sample ran on average, forward.</summary>
    public double TwoQubitGatesPerSample => ForwardCost.Circuits == 0 ? 0 : (double)ForwardCost.TwoQubitGates / ForwardCost.Circuits;

    /// <summary>The share of the circuits' gates that were skipped, forward.</summary>
    public double ShareSkipped => ForwardCost.SkippedGates == 0 ? 0 : (double)ForwardCost.SkippedGates / (ForwardCost.Gates + ForwardCost.SkippedGates);
}

/// <summary>Why training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The loss had not fallen for <see cref="TrainOptions.Patience"/> epochs.</summary>
    Stalled,

    /// <summary>The caller cancelled; what was done is kept.</summary>
    Cancelled,

    /// <summary>The loss was not finite any more; parameters are those before that step. Try a smaller learning rate.</summary>
    Diverged,
}

/// <summary>A training run.</summary>
/// <param name="Epochs">The epochs that were completed, in order.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Cost">What the quantum layers executed, evaluations for early stopping included.</param>
/// <param name="TorchDevice">Where the tensors were: <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record TrainingReport(IReadOnlyList<EpochReport> Epochs, TrainingEnd End, Cost Cost, string TorchDevice, double Seconds);

/// <summary>How a model does on a set.</summary>
/// <param name="Samples">The number of samples.</param>
/// <param name="Loss">The loss over all of them.</param>
/// <param name="Accuracy">The share whose largest output is the class; null if the targets name no classes (not <c>[B]</c>, not one-hot).</param>
/// <param name="Cost">What the quantum layers executed.</param>
public sealed record Metrics(int Samples, double Loss, double? Accuracy, Cost Cost);
