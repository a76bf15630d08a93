// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// 1.5-entmax over the wires (Peters, Niculae, Martins 2019, arXiv:1905.05702): <c>p_i = [z_i/2 − t]₊²</c>, <c>Σp = 1</c>, of the logits
/// <c>z = α(s − τ)</c> and a further logit 0 that stands for no wire at all; <c>m = p / max p</c>. Deterministic, with exact zeros. With
/// <c>r = √p</c>, <c>∂p/∂z = diag(r) − r rᵀ/Σr</c>, which autograd finds as t is written by its support. <c>π = m</c>: a wire that is off has no slope.
/// The wires compete, so thresholds alone cannot make more of them take part: a budget moves the sharpness, and to less than one wire a sample
/// the thresholds too.
/// </summary>
public sealed class EntmaxGate : SparsityGate
{
    internal EntmaxGate(GateDescription description, SparsityGateOptions options)
        : base(description, options)
    {
    }

    private const double SharpnessRate = 3; // a move of 1 sharpens by e³

    internal override bool SharpnessIsMoved => true;

    private protected override double MaskWhenSwitched => GateMask.LeastMask;

    internal override void Move(double amount)
    {
        Sharpness *= Math.Exp(SharpnessRate * amount);
        base.Move(Math.Max(0, amount));
    }

    private protected override Tensor MaskMoved(Tensor scores, double amount) =>
        MaskOf(Alpha * tensor(Math.Exp(SharpnessRate * amount), Alpha.dtype, Alpha.device), scores - Math.Max(0, amount));

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var mask = MaskOf(Alpha, scores);
        return (mask, mask);
    }

    private Tensor MaskOf(Tensor alpha, Tensor scores)
    {
        var wires = alpha * Excess(scores) * 0.5; // [B, n]
        var logits = cat([wires, zeros_like(wires.narrow(1, 0, 1))], 1).to(ScalarType.Float64); // [B, n + 1]
        var sorted = logits.sort(1, descending: true).Values;
        var count = arange(1, logits.shape[1] + 1, dtype: ScalarType.Float64, device: logits.device);
        var sum = sorted.cumsum(1);
        var mean = sum / count;
        var spread = (sorted * sorted).cumsum(1) - (count * mean * mean);
        var cuts = mean - ((1 - spread) / count).clamp_min(0).sqrt();
        var size = (cuts <= sorted).to(ScalarType.Int64).sum(1, keepdim: true); // [B, 1], at least 1
        var cut = cuts.gather(1, size - 1);
        var root = (logits - cut).clamp_min(0);
        var mask = (root / root.amax([1L], keepdim: true)).pow(2).narrow(1, 0, scores.shape[1]);
        var on = root.narrow(1, 0, scores.shape[1]).detach().gt(0);
        return where(on, mask.clamp_min(GateMask.LeastMask), zeros_like(mask)).to(scores.dtype);
    }
}
