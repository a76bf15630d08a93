// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Inference;

/// <summary>
/// The masks of <see cref="SparsityRule"/> at evaluation, without libtorch. Decisions are made by plain comparisons of
/// <c>s − τ</c>, so that every implementation in the same precision switches off the same wires.
/// </summary>
public static class GateMask
{
    /// <summary>The lower end of the stretched interval of the hard-concrete gate.</summary>
    public const double Gamma = -0.1;

    /// <summary>The upper end of it.</summary>
    public const double Zeta = 1.1;

    /// <summary>What a gate that is on lets through at the least, where rounding would make it 0.</summary>
    public const double LeastMask = 1e-6;

    /// <summary>The logit above which the stretched sigmoid exceeds 0: <c>log(−γ/ζ)</c>.</summary>
    public static double HardConcreteLogit { get; } = Math.Log(-Gamma / Zeta);

    /// <summary>The masks of one sample.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="scores">The scores s, <c>[n]</c>.</param>
    /// <param name="thresholds">The thresholds τ, <c>[n]</c>.</param>
    /// <param name="sharpness">α.</param>
    /// <param name="limit">k of <see cref="SparsityRule.TopK"/>.</param>
    /// <typeparam name="T">The precision in which scores are compared.</typeparam>
    /// <param name="mask">Receives the masks, <c>[n]</c>, 0 to 1.</param>
    public static void Of<T>(SparsityRule rule, ReadOnlySpan<T> scores, ReadOnlySpan<T> thresholds, T sharpness, double limit, Span<T> mask)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (rule)
        {
            case SparsityRule.TopK:
                TopK(scores, thresholds, limit, mask);
                break;
            case SparsityRule.Entmax:
                Entmax(scores, thresholds, sharpness, mask);
                break;
            default:
                for (var i = 0; i < mask.Length; i++)
                {
                    mask[i] = Pointwise(rule, scores[i], thresholds[i], sharpness);
                }

                break;
        }
    }

    private static T Pointwise<T>(SparsityRule rule, T score, T threshold, T sharpness)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var excess = score - threshold;
        if (rule == SparsityRule.HardConcrete)
        {
            var logit = sharpness * excess;
            var stretched = (Sigmoid(logit) * T.CreateChecked(Zeta - Gamma)) + T.CreateChecked(Gamma);
            return logit > T.CreateChecked(HardConcreteLogit) ? T.Clamp(stretched, T.CreateChecked(LeastMask), T.One) : T.Zero;
        }

        if (!(excess > T.Zero))
        {
            return T.Zero;
        }

        return rule switch
        {
            SparsityRule.SoftThreshold => Sigmoid(sharpness * excess),
            SparsityRule.SoftShrink => threshold > T.Zero ? excess / score : T.One,
            SparsityRule.Stochastic => T.Clamp(sharpness * excess, T.CreateChecked(LeastMask), T.One),
            SparsityRule.LearnedThreshold => Sigmoid(sharpness * sharpness * ((score * T.Abs(score)) - (threshold * T.Abs(threshold)))),
            _ => T.One,
        };
    }

    private static void TopK<T>(ReadOnlySpan<T> scores, ReadOnlySpan<T> thresholds, double limit, Span<T> mask)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var whole = Math.Floor(limit);
        for (var i = 0; i < mask.Length; i++)
        {
            var before = 0;
            for (var j = 0; j < mask.Length; j++)
            {
                before += scores[j] > scores[i] || (scores[j] == scores[i] && j < i) ? 1 : 0;
            }

            mask[i] = before < whole || (before < limit && scores[i] - thresholds[i] > T.Zero) ? T.One : T.Zero;
        }
    }

    // p = [z/2 − t]₊² with Σp = 1: t is found over the sorted logits (Peters, Niculae, Martins 2019, appendix).
    private static void Entmax<T>(ReadOnlySpan<T> scores, ReadOnlySpan<T> thresholds, T sharpness, Span<T> mask)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var half = T.CreateChecked(0.5);
        var sorted = new double[mask.Length + 1];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = half * sharpness * (scores[i] - thresholds[i]);
            sorted[i] = -double.CreateChecked(mask[i]);
        }

        Array.Sort(sorted); // descending logits, negated; the last entry was 0, for no wire
        var (sum, squares, cut) = (0.0, 0.0, double.NegativeInfinity);
        for (var k = 1; k <= sorted.Length; k++)
        {
            var z = -sorted[k - 1];
            (sum, squares) = (sum + z, squares + (z * z));
            var mean = sum / k;
            var candidate = mean - Math.Sqrt(Math.Max(0, (1 - (squares - (k * mean * mean))) / k));
            if (candidate <= z)
            {
                cut = candidate;
            }
        }

        var largest = Math.Pow(-sorted[0] - cut, 2);
        for (var i = 0; i < mask.Length; i++)
        {
            var excess = double.CreateChecked(mask[i]) - cut;
            mask[i] = excess > 0 ? T.CreateChecked(Math.Max(excess * excess / largest, LeastMask)) : T.Zero;
        }
    }

    private static T Sigmoid<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));
}
