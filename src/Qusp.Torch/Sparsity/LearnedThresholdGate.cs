// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Learned threshold pruning (Azarian, Bhalgat, Lee, Blankevoort 2020, arXiv:2003.00075) on features in place of weights:
/// <c>m = σ((s² − τ²)/T)</c> with <c>T = 1/α²</c> where <c>s &gt; τ</c>, else 0; <c>∂m/∂τ = −2τ m(1 − m)/T</c>. π is the same sigmoid on both sides of the
/// threshold, whose sum is the paper's soft L0. A square keeps its number's sign.
/// </summary>
public sealed class LearnedThresholdGate : SparsityGate
{
    internal LearnedThresholdGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private protected override double MaskWhenSwitched => 0.5;

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var probability = (Alpha * Alpha * ((scores * scores.abs()) - (Threshold * Threshold.abs()))).sigmoid();
        return (probability * Step(Excess(scores)), probability);
    }
}
