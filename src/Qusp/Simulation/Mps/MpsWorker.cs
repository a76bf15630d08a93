// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>What one thread needs for one sample after the other; it grows with the bonds and stays.</summary>
internal sealed class MpsWorker(MpsWord[] words, int wires, MpsLimits limits, MpsScratch scratch)
{
    public MpsScratch Scratch { get; } = scratch;

    /// <summary>ψ.</summary>
    public MpsState State { get; } = new(wires, limits, scratch);

    /// <summary>What makes λ.</summary>
    public WordSum Words { get; } = new(words, wires, limits, scratch);

    public MpsOverlap Overlap { get; } = new(wires, scratch);
}
