// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// L0-ARM (Li and Ji 2019, arXiv:1904.04432): in training the mask is drawn, <c>m = 1[u &lt; π]</c>, <c>π = σ(α(s − τ))</c>, u uniform; at evaluation it
/// is <c>1[s &gt; τ]</c>, where π exceeds ½. The network sees the Bernoulli mixture of its circuits; its gradient by π is estimated without
/// bias by gate-shift at the pattern drawn, by ARM or by DisARM (<see cref="Qusp.Gradients.GateMixture{T}"/>).
/// </summary>
public sealed class ArmGate : SparsityGate
{
    internal ArmGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private protected override double MaskWhenSwitched => 1;

    private protected override bool DrawsBits => true;

    private protected override Tensor? Noise(Tensor features) => Uniform(features);

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var excess = Excess(scores);
        var probability = (Alpha * excess).sigmoid();
        return (noise is null ? Step(excess) : noise.lt(probability.detach()).to(scores.dtype), probability);
    }
}
