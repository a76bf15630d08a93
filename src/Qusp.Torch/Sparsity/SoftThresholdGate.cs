// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// The origin document's soft threshold with exact zeros and a threshold that learns: <c>m = σ(α(s − τ))</c> where <c>s &gt; τ</c>, else
/// 0. On the wires that are on, <c>∂m/∂s = αm(1 − m) = −∂m/∂τ</c>. <c>π = σ(α(s − τ))</c>. At the threshold the mask jumps from 0 to ½.
/// </summary>
public sealed class SoftThresholdGate : SparsityGate
{
    internal SoftThresholdGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private protected override double MaskWhenSwitched => 0.5;

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var excess = Excess(scores);
        var probability = (Alpha * excess).sigmoid();
        return (probability * Step(excess), probability);
    }
}
