// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Trajectories;

/// <summary>What is wanted of the paths.</summary>
internal enum TrajectoryTask
{
    /// <summary>Sums of the outputs and of F.</summary>
    Means,

    /// <summary>The same over the paths that gradients take.</summary>
    DefensiveMeans,

    /// <summary>Sums and sums of squares of combinations of the outputs.</summary>
    Moments,

    /// <summary>Sums of the gradients.</summary>
    Slopes,

    /// <summary>Sums and sums of squares of the gradients.</summary>
    SlopeMoments,

    /// <summary>A bit string of each.</summary>
    Outcomes,
}

/// <summary>One round of the threads: where its data lie, from which sample on, and what is done with each.</summary>
internal readonly record struct TrajectoryCall(TrajectoryTask Task, nint Inputs, nint Weights, int First, Draw Draw)
{
    /// <summary><c>[B, K]</c>, for slopes.</summary>
    public nint Cotangents { get; init; }

    /// <summary>How many shots each sample has.</summary>
    public int Shots { get; init; }

    /// <summary>How many sums a part of the shots has.</summary>
    public int Stride { get; init; }

    /// <summary>What is read of each path, for outcomes.</summary>
    public Measurement? Reading { get; init; }

    /// <summary><c>[B, shots]</c>, for outcomes.</summary>
    public nint Outcomes { get; init; }
}
