// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Keeps the k wires of the largest scores: every sample costs the same. If k is no whole number, the next wire is kept where its
/// score exceeds τ. <c>m</c> is 1 or 0 and has no slope; <c>π = σ(α(s − c))</c> with c halfway between the last score kept and the first one dropped,
/// a constant of the gradient.
/// </summary>
public sealed class TopKGate : SparsityGate
{
    internal TopKGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    /// <summary>k, 0 to n.</summary>
    public double Limit
    {
        get => Description.Limit;
        set => Description = Description with { Limit = Math.Clamp(value, 0, Description.Wires) };
    }

    private protected override double MaskWhenSwitched => 1;

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var (whole, most) = ((long)Math.Floor(Limit), (long)Math.Ceiling(Limit));
        var fixedScores = scores.detach();

        // How many scores come before each one: larger ones, and equal ones of an earlier wire. [B, n]
        var (mine, others) = (fixedScores.unsqueeze(2), fixedScores.unsqueeze(1));
        var wires = arange(scores.shape[1], device: scores.device);
        var earlier = wires.unsqueeze(0) < wires.unsqueeze(1);
        var before = ((others > mine) | ((others == mine) & earlier)).sum(2);
        var on = before < whole;
        if (most > whole)
        {
            on |= (before < most) & (Excess(fixedScores) > 0);
        }

        var infinity = double.PositiveInfinity;
        var lastKept = where(on, fixedScores, fixedScores.new_full([1], infinity)).amin([1L], keepdim: true); // [B, 1]
        var firstDropped = where(on, fixedScores.new_full([1], -infinity), fixedScores).amax([1L], keepdim: true);
        var cut = where(lastKept.isinf(), firstDropped, where(firstDropped.isinf(), lastKept, (lastKept + firstDropped) / 2));

        // τ has a part only in fractional k; its term is there so that it always has a gradient, if a zero one.
        return (on.to(scores.dtype), (Alpha * (scores - cut)).sigmoid() + (0 * Threshold));
    }
}
