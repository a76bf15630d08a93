// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>How a gate starts and learns.</summary>
public sealed record SparsityGateOptions
{
    /// <summary>Where the thresholds τ start.</summary>
    public double Threshold { get; init; } = 0.1;

    /// <summary>The sharpness α over the training.</summary>
    public Schedule Sharpness { get; init; } = new(10, 20);

    /// <summary>Whether the thresholds are trained.</summary>
    public bool LearnThreshold { get; init; } = true;

    /// <summary>How the decision is differentiated.</summary>
    public GateGradient Gradient { get; init; } = GateGradient.Shift;

    /// <summary>A control: if given, wires are on at random with this probability, and the rule is not read.</summary>
    public double? RandomDensity { get; init; }

    /// <summary>Seed of the noise of sampled gates: training call c draws from (Seed, c).</summary>
    public ulong Seed { get; init; }
}
