// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Hard-concrete gate, L0 (Louizos, Welling, Kingma 2018, arXiv:1712.01312), on the logit <c>ℓ = α(s − τ)</c>. In training
/// <c>m = clip(σ((log u − log(1 − u) + ℓ)/β)(ζ − γ) + γ, 0, 1)</c>, u uniform, β = ⅔, γ = −0.1, ζ = 1.1; at evaluation
/// <c>m = clip(σ(ℓ)(ζ − γ) + γ, 0, 1)</c>. Its slope is that of the sigmoid, 0 where it is clipped. <c>π = P(m ≠ 0) = σ(ℓ − β log(−γ/ζ))</c>.
/// </summary>
public sealed class HardConcreteGate : SparsityGate
{
    private const double Beta = 2.0 / 3;

    internal HardConcreteGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private protected override double MaskWhenSwitched => GateMask.LeastMask;

    private protected override Tensor? Noise(Tensor features) => Uniform(features);

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var logit = Alpha * Excess(scores);
        var concrete = noise is null ? logit : (noise.log() - (1 - noise).log() + logit) / Beta;
        var stretched = (concrete.sigmoid() * (GateMask.Zeta - GateMask.Gamma)) + GateMask.Gamma;
        var on = concrete.detach().gt(GateMask.HardConcreteLogit).to(scores.dtype);
        return (stretched.clamp(GateMask.LeastMask, 1) * on, (logit - (Beta * GateMask.HardConcreteLogit)).sigmoid());
    }
}
