// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>Weights to signed bytes: <c>w ≈ scale · q</c>.</summary>
internal static class WeightQuantization
{
    /// <summary>
    /// PyTorch's MinMaxObserver, qint8, per_tensor_symmetric: one scale, <c>max|w| / 127.5</c> in float32, at least the
    /// machine epsilon of float32; q in [−128, 127], half to even, by the reciprocal as ATen's quantize_per_tensor does.
    /// </summary>
    public static float PerTensor(ReadOnlySpan<float> weights, Span<sbyte> quantized)
    {
        var largest = 0f;
        foreach (var weight in weights)
        {
            largest = MathF.Max(largest, MathF.Abs(weight));
        }

        var scale = MathF.Max(largest / 127.5f, 1.1920929e-07f);
        var inverse = 1 / scale;
        for (var i = 0; i < weights.Length; i++)
        {
            quantized[i] = (sbyte)Math.Clamp(MathF.Round(weights[i] * inverse), -128, 127);
        }

        return scale;
    }

    /// <summary>
    /// One output channel, symmetric, q in [−127, 127]. The scale that leaves the least sum of squares: for each of a range
    /// of largest codes t the weights are rounded to <c>max|w| / t</c>, and the scale that fits those codes best is theirs,
    /// <c>Σwq / Σq²</c>. With few inputs some grids hit all weights much better than max|w| / 127 does.
    /// </summary>
    public static float Channel(ReadOnlySpan<float> weights, Span<sbyte> quantized)
    {
        var largest = 0.0;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, Math.Abs((double)weight));
        }

        quantized.Clear();
        if (largest == 0)
        {
            return 1;
        }

        var (best, least) = (127.0, double.PositiveInfinity);
        for (var code = 127.0; code >= 64; code -= 0.5)
        {
            var (weightCode, codeCode, weightWeight) = Fit(weights, code / largest, default);
            var error = weightWeight - (weightCode * weightCode / codeCode);
            (best, least) = error < least ? (code, error) : (best, least);
        }

        var fit = Fit(weights, best / largest, quantized);
        return (float)(fit.WeightCode / fit.CodeCode);
    }

    // Σwq, Σq² and Σw² of the codes that a grid gives; Σ(w − sq)² is least, Σw² − (Σwq)²/Σq², at s = Σwq/Σq².
    private static (double WeightCode, double CodeCode, double WeightWeight) Fit(ReadOnlySpan<float> weights, double inverse, Span<sbyte> quantized)
    {
        var (weightCode, codeCode, weightWeight) = (0.0, 0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            double weight = weights[i];
            var code = Math.Round(weight * inverse);
            weightCode += weight * code;
            codeCode += code * code;
            weightWeight += weight * weight;
            if (!quantized.IsEmpty)
            {
                quantized[i] = (sbyte)code;
            }
        }

        return (weightCode, codeCode, weightWeight);
    }
}
