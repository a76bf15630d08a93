// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Stochastic gate, STG (Yamada, Lindenbaum, Negahban, Kluger 2020, arXiv:1810.04247), with <c>μ = α(s − τ)</c>: in training
/// <c>m = clip(μ + ε, 0, 1)</c>, ε normal of deviation ½; at evaluation <c>m = clip(μ, 0, 1)</c>. <c>∂m/∂μ = 1</c> where <c>0 &lt; m &lt; 1</c>, else 0.
/// <c>π = P(m &gt; 0) = Φ(μ/½)</c>. Made for features; with a score of the sample it is the local STG.
/// </summary>
public sealed class StochasticGate : SparsityGate
{
    private const double Deviation = 0.5;

    internal StochasticGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private protected override double MaskWhenSwitched => GateMask.LeastMask;

    private protected override Tensor? Noise(Tensor features) => Normal(features);

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var excess = Excess(scores);
        var mean = Alpha * excess;
        var value = noise is null ? mean : mean + (Deviation * noise);
        var on = noise is null ? Step(excess) : Step(value);
        return (value.clamp(GateMask.LeastMask, 1) * on, ((mean * (1 / (Deviation * Math.Sqrt(2)))).erf() + 1) * 0.5);
    }
}
