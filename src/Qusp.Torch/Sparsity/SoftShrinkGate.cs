// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Soft shrinkage, the proximal step of ‖·‖₁ (ISTA; learnt, Gregor and LeCun 2010): <c>m = 1 − τ/s</c> where <c>s &gt; τ</c>, else 0, so that
/// with s = |h| the feature is <c>sign(h) max(|h| − τ, 0)</c>: continuous, <c>∂y/∂h = 1</c> and <c>∂y/∂τ = −sign h</c> where it is on, 0 where it is
/// off. A threshold below 0 counts as 0. <c>π = σ(α(s − τ))</c>.
/// </summary>
public sealed class SoftShrinkGate : SparsityGate
{
    internal SoftShrinkGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private protected override double MaskWhenSwitched => 0;

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var excess = Excess(scores);
        var on = Step(excess);
        var positive = Threshold.clamp_min(0);

        // (s − τ)/s, not 1 − τ/s: the smallest excess gives more than 0. Where a score does not count, 1 keeps the division finite.
        var safe = where(((on > 0) & (positive > 0)).detach(), scores, ones_like(scores));
        var shrunk = where((positive > 0).expand(scores.shape), excess / safe, ones_like(scores));
        return (shrunk * on, (Alpha * excess).sigmoid());
    }
}
