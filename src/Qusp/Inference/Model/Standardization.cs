// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Inference;

/// <summary>
/// What a network's features are brought to before its first layer: <c>(x − Mean) / Deviation</c>, in double, then rounded to the
/// network's precision. The statistics are those of the training set.
/// </summary>
/// <param name="Mean">The mean of each feature, <c>[F]</c>.</param>
/// <param name="Deviation">The deviation of each feature, <c>[F]</c>, above 0; 1 for a feature that does not vary.</param>
public sealed record Standardization(ImmutableArray<double> Mean, ImmutableArray<double> Deviation)
{
    /// <summary>The standardized value of feature <paramref name="feature"/>.</summary>
    public double Apply(int feature, double value) => (value - Mean[feature]) / Deviation[feature];
}

/// <summary>Where a model's quantized parameters are.</summary>
/// <param name="Scheme">How its linear layers are quantized.</param>
/// <param name="File">The safetensors file beside <c>model.json</c>, with all parameters of the network.</param>
public sealed record QuantizationDescription(QuantizationScheme Scheme, string File);
