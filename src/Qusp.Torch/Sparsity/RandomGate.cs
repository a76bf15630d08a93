// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A control: masks drawn at random, for each sample and wire anew, in training and at evaluation. What a gate is worth shows
/// beside this one of the same density.
/// </summary>
internal sealed class RandomGate : SparsityGate
{
    private readonly double density;

    public RandomGate(GateDescription description, SparsityGateOptions options, double density)
        : base(description, options) => this.density = density;

    private protected override double MaskWhenSwitched => 1;

    private protected override (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise)
    {
        var mask = Uniform(scores).lt(density).to(scores.dtype);
        return (mask, mask);
    }
}
