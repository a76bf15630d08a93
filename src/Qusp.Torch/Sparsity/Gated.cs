// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>What a gate made of a batch, for a circuit of I inputs: n, or 2n for a gate of entanglers alone.</summary>
/// <param name="Input">The features as they came, <c>[B, n]</c>, without gradient.</param>
/// <param name="Features">The gated features, <c>[B, I]</c>: exact zeros where a wire is off.</param>
/// <param name="On">1 where the feature is not 0 and its guard holds, else 0: <c>[B, I]</c>, without gradient.</param>
/// <param name="Probability">π: how probable the gate takes it to be that the wire is on, <c>[B, I]</c>, 0 to 1, differentiable.</param>
/// <param name="WhenOn">The feature as it would be were the wire on, <c>[B, I]</c>, without gradient; where it is on, the feature.</param>
/// <param name="Uniforms">What a gate that draws 0 or 1 drew from, <c>[B, I]</c>; null for others and at evaluation.</param>
public sealed record Gated(Tensor Input, Tensor Features, Tensor On, Tensor Probability, Tensor WhenOn, Tensor? Uniforms = null)
{
    internal Gated MoveToOuterScope()
    {
        foreach (var tensor in new[] { Input, Features, On, Probability, WhenOn, Uniforms })
        {
            tensor?.MoveToOuterDisposeScope();
        }

        return this;
    }
}
