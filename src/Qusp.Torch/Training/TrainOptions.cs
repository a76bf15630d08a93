// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>What training minimizes.</summary>
public enum Loss
{
    /// <summary>Mean squared error over all entries, PyTorch's <c>nn.MSELoss</c>. Targets <c>[B, K]</c>, or classes <c>[B]</c> taken one-hot.</summary>
    Mse,

    /// <summary>Cross-entropy of the softmax, PyTorch's <c>nn.CrossEntropyLoss</c>. Targets are classes <c>[B]</c> or probabilities <c>[B, K]</c>.</summary>
    CrossEntropy,
}

/// <summary>How a <see cref="Trainer"/> trains; the defaults are those of the origin document.</summary>
public sealed record TrainOptions
{
    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Samples of a step; 0 = the whole set.</summary>
    public int BatchSize { get; init; }

    /// <summary>Adam's learning rate (betas 0.9 and 0.999, ε 1e-8).</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Where the learning rate ends, on a half cosine over the epochs; null if it stays.</summary>
    public double? FinalLearningRate { get; init; }

    /// <summary>
    /// Decoupled weight decay of the matrices of linear layers (AdamW, Loshchilov and Hutter 2019, arXiv:1711.05101): in each step they shrink by
    /// rate times this. 0 is Adam.
    /// </summary>
    public double WeightDecay { get; init; }

    /// <summary>What is minimized.</summary>
    public Loss Loss { get; init; } = Loss.Mse;

    /// <summary>Seed of the order of mini-batches; the same order on any machine.</summary>
    public ulong Seed { get; init; }

    /// <summary>Stops after so many epochs without a smaller loss (of the test set if there is one); 0 = never.</summary>
    public int Patience { get; init; }

    /// <summary>What a sample may cost; null if costs do not matter. For models with a <see cref="SparsityGate"/>.</summary>
    public Budget? Budget { get; init; }

    /// <summary>PyTorch's device for parameters and data: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>; <c>auto</c> = CUDA where TorchSharp has it.</summary>
    public string TorchDevice { get; init; } = "auto";
}
