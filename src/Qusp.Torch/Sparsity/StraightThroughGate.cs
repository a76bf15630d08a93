// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A hard decision: <c>m = 1</c> where <c>s &gt; τ</c>, else 0. The mask has no slope; what is learnt of the decision comes through
/// <c>π = σ(α(s − τ))</c>, whose slope stands for it: times <c>⟨O⟩(on) − ⟨O⟩(off)</c> by gate-shift, or times h ∂L/∂y by the straight-through
/// estimator (Bengio, Léonard, Courville 2013, arXiv:1308.3432).
/// </summary>
public sealed class StraightThroughGate : SparsityGate
{
    internal StraightThroughGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private protected override double MaskWhenSwitched => 1;

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var excess = Excess(scores);
        return (Step(excess), (Alpha * excess).sigmoid());
    }
}
