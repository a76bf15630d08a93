// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>From values at scaled noise to the value without noise.</summary>
/// <param name="scales">The factors λ by which the noise was scaled, all different.</param>
/// <param name="values">The value at each.</param>
/// <returns>The value at λ = 0.</returns>
public delegate double Extrapolation(ReadOnlySpan<double> scales, ReadOnlySpan<double> values);

/// <summary>
/// Zero-noise extrapolation: run the circuit folded by several scales, where noise is stronger, and follow the values back to where
/// there would be none (Temme, Bravyi, Gambetta 2017, arXiv:1612.02058).
/// <code>
/// double[] mitigated = ZeroNoiseExtrapolation.Mitigate(circuit, [1, 2, 3], ZeroNoiseExtrapolation.Richardson, folded =>
/// {
///     using var program = device.Compile&lt;double&gt;(folded.WithNoise(model));
///     return program.Evaluate(inputs, weights);
/// });
/// </code>
/// </summary>
public static class ZeroNoiseExtrapolation
{
    /// <summary>Every output without noise, extrapolated from runs at scaled noise.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="scales">The factors, from 1, all different, at least two.</param>
    /// <param name="extrapolation">How to extrapolate, such as <see cref="Richardson"/>.</param>
    /// <param name="run">Runs a folded circuit with the noise and gives its outputs.</param>
    /// <param name="fold">How to fold; <see cref="Folding.FoldGlobally"/> if null.</param>
    /// <exception cref="ArgumentException">There are fewer than two scales, or two are the same.</exception>
    public static double[] Mitigate(
        Circuit circuit, ReadOnlySpan<double> scales, Extrapolation extrapolation, Func<Circuit, double[]> run, Func<Circuit, double, Circuit>? fold = null)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(extrapolation);
        ArgumentNullException.ThrowIfNull(run);
        Check(scales, scales.Length);
        fold ??= Folding.FoldGlobally;
        var outputs = new double[scales.Length][];
        for (var i = 0; i < scales.Length; i++)
        {
            outputs[i] = run(fold(circuit, scales[i]));
        }

        var (mitigated, values) = (new double[outputs[0].Length], new double[scales.Length]);
        for (var k = 0; k < mitigated.Length; k++)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = outputs[i][k];
            }

            mitigated[k] = extrapolation(scales, values);
        }

        return mitigated;
    }

    /// <summary>The straight line nearest to all values, at 0.</summary>
    /// <exception cref="ArgumentException">There are fewer than two scales, or two are the same.</exception>
    public static double Linear(ReadOnlySpan<double> scales, ReadOnlySpan<double> values)
    {
        Check(scales, values.Length);
        var (meanScale, meanValue) = (Mean(scales), Mean(values));
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < scales.Length; i++)
        {
            above += (scales[i] - meanScale) * (values[i] - meanValue);
            below += (scales[i] - meanScale) * (scales[i] - meanScale);
        }

        return meanValue - (above / below * meanScale);
    }

    /// <summary>The polynomial through all values, at 0: <c>Σ_i y_i Π_{j≠i} λ_j/(λ_j − λ_i)</c>.</summary>
    /// <exception cref="ArgumentException">There are fewer than two scales, or two are the same.</exception>
    public static double Richardson(ReadOnlySpan<double> scales, ReadOnlySpan<double> values)
    {
        Check(scales, values.Length);
        var sum = 0.0;
        for (var i = 0; i < scales.Length; i++)
        {
            var weight = 1.0;
            for (var j = 0; j < scales.Length; j++)
            {
                weight *= i == j ? 1 : scales[j] / (scales[j] - scales[i]);
            }

            sum += weight * values[i];
        }

        return sum;
    }

    /// <summary>The polynomial of a degree nearest to all values, at 0; of one less than there are values it is <see cref="Richardson"/>.</summary>
    /// <param name="degree">The degree, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The degree is below 1.</exception>
    public static Extrapolation Polynomial(int degree)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        return (scales, values) =>
        {
            Check(scales, values.Length);
            return degree < scales.Length
                ? LeastSquares(scales, values, degree)
                : throw new ArgumentException($"A polynomial of degree {degree} takes {degree + 1} scales; there are {scales.Length}.", nameof(scales));
        };
    }

    /// <summary><c>y = a + b·e^{−cλ}</c> with a known limit a of full noise, by the straight line nearest to log|y − a|.</summary>
    /// <param name="limit">a: 0 for traceless observables under noise that ends in the fully mixed state.</param>
    /// <returns>The extrapolation; it throws an <see cref="ArgumentException"/> where values lie on both sides of the limit.</returns>
    public static Extrapolation Exponential(double limit = 0) => (scales, values) =>
    {
        Check(scales, values.Length);
        var logarithms = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var away = values[i] - limit;
            logarithms[i] = Math.Sign(away) == Math.Sign(values[0] - limit) && away != 0
                ? Math.Log(Math.Abs(away))
                : throw new ArgumentException($"The values lie on both sides of {limit}, where an exponential never comes; extrapolate linearly.", nameof(values));
        }

        return limit + (Math.Sign(values[0] - limit) * Math.Exp(Linear(scales, logarithms)));
    };

    // Orthogonal polynomials over the scales (Forsythe 1957), each evaluated at 0 too: no normal equations to lose digits.
    private static double LeastSquares(ReadOnlySpan<double> scales, ReadOnlySpan<double> values, int degree)
    {
        var n = scales.Length;
        var (before, now) = (new double[n], new double[n]);
        Array.Fill(now, 1);
        var (beforeAtZero, nowAtZero, lastNorm, result) = (0.0, 1.0, 1.0, 0.0);
        for (var k = 0; k <= degree; k++)
        {
            var (norm, shift, onto) = (0.0, 0.0, 0.0);
            for (var i = 0; i < n; i++)
            {
                norm += now[i] * now[i];
                shift += scales[i] * now[i] * now[i];
                onto += values[i] * now[i];
            }

            result += onto / norm * nowAtZero;
            var (a, b) = (shift / norm, k == 0 ? 0 : norm / lastNorm);
            for (var i = 0; i < n; i++)
            {
                (before[i], now[i]) = (now[i], ((scales[i] - a) * now[i]) - (b * before[i]));
            }

            (beforeAtZero, nowAtZero, lastNorm) = (nowAtZero, (-a * nowAtZero) - (b * beforeAtZero), norm);
        }

        return result;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private static void Check(ReadOnlySpan<double> scales, int values)
    {
        var different = new HashSet<double>();
        foreach (var scale in scales)
        {
            different.Add(scale);
        }

        if (scales.Length < 2 || different.Count != scales.Length || values != scales.Length)
        {
            throw new ArgumentException($"Extrapolation takes two or more different scales with a value each, not {scales.Length} with {values}.", nameof(scales));
        }
    }
}
