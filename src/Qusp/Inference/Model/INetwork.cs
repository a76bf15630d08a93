// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>The layers of a model, in whatever precision they compute.</summary>
internal interface INetwork : IDisposable
{
    /// <summary>Runs the layers.</summary>
    /// <param name="features">Standardized features, <c>[B, F]</c>.</param>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <param name="watch">Sees the inputs <c>[B, n]</c> of each linear layer by its name, before it runs; null for nobody.</param>
    /// <returns>The outputs, <c>[B, K]</c>.</returns>
    double[] Run(ReadOnlySpan<double> features, int batch, Draw draw, Action<string, float[]>? watch = null);
}
