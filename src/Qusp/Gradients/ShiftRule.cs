// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Gradients;

/// <summary>
/// A derivative as a weighted sum of evaluations at shifted angles, <c>f'(θ) = Σ_i c_i f(θ + s_i)</c>.
/// </summary>
/// <param name="Terms">Coefficients c and shifts s, radians.</param>
public sealed record ShiftRule(ImmutableArray<(double Coefficient, double Shift)> Terms)
{
    private const int Spacings = 400; // tried for frequencies that are no multiples of one

    /// <summary>
    /// The exact rule for an expectation value with these frequencies in the angle (Wierichs, Izaac, Wang, Lin 2021,
    /// arXiv:2107.12390). For Ω, 2Ω, …, RΩ it is eq. 16:
    /// <c>f'(θ) = Σ_{μ=1}^{2R} (−1)^{μ−1} Ω / (4R sin²(x_μ/2)) f(θ + x_μ/Ω)</c>, <c>x_μ = (2μ−1)π/(2R)</c>;
    /// R = 1 is the two-term rule with shifts ±π/2. For others the odd part of f at R shifts fixes the R sine coefficients, of which
    /// the derivative is made (section 3): the linear system <c>Σ_i c_i sin(Ω_l s_i) = Ω_l</c>, at evenly spaced shifts whose spacing
    /// makes Σ|c|, the factor by which shot noise grows, the smallest of those tried.
    /// </summary>
    /// <param name="frequencies">The frequencies, positive and distinct; none means that the value does not depend on the angle.</param>
    public static ShiftRule For(ImmutableArray<double> frequencies)
    {
        var count = frequencies.Length;
        var unit = count == 0 ? 1 : frequencies.Min();
        if (frequencies.Sort().Index().Any(each => Math.Abs(each.Item - ((each.Index + 1) * unit)) > 1e-9 * unit))
        {
            return ForAny(frequencies);
        }

        var terms = ImmutableArray.CreateBuilder<(double, double)>(2 * count);
        for (var mu = 1; mu <= 2 * count; mu++)
        {
            var x = ((2 * mu) - 1) * Math.PI / (2 * count);
            var sine = Math.Sin(x / 2);
            var sign = mu % 2 == 1 ? 1 : -1;
            // A shift beyond π is the same as one below 0: keep shifts small, as hardware likes them.
            var shift = x > Math.PI ? x - (2 * Math.PI) : x;
            terms.Add((sign * unit / (4 * count * sine * sine), shift / unit));
        }

        return new ShiftRule(terms.ToImmutable());
    }

    /// <summary>
    /// The exact rule of the second derivative, <c>f''(θ) = c_0 f(θ) + Σ_i c_i (f(θ + s_i) + f(θ − s_i))/2</c>: the even part of f at R
    /// shifts fixes its cosine coefficients. R = 1 is <c>(f(θ + π) − f(θ))/2</c>.
    /// </summary>
    /// <param name="frequencies">As in <see cref="For"/>.</param>
    public static ShiftRule Second(ImmutableArray<double> frequencies)
    {
        var count = frequencies.Length;
        if (count == 0)
        {
            return new ShiftRule([]);
        }

        // Shifts i·Δ; where all frequencies are multiples of one, Δ = π/(RΩ) makes the system a cosine transform.
        return Best(
            frequencies,
            spacing =>
            {
                var system = new double[count + 1, count + 1];
                double[] right = [0, .. frequencies.Select(frequency => -frequency * frequency)];
                for (var row = 0; row <= count; row++)
                {
                    for (var i = 0; i <= count; i++)
                    {
                        system[row, i] = row == 0 ? 1 : Math.Cos(frequencies[row - 1] * i * spacing);
                    }
                }

                return LinearSystem.Solve(system, right) is { } c
                    ? [(c[0], 0), .. Enumerable.Range(1, count).SelectMany(i => ((double, double)[])[(c[i] / 2, i * spacing), (c[i] / 2, -i * spacing)])]
                    : [];
            });
    }

    /// <summary>
    /// The exact rule of one of a gate's angles. A channel that is affine in a strength needs two values, one apart: the map is
    /// continued beyond probabilities 0 and 1, where it is still linear.
    /// </summary>
    /// <param name="gate">The gate or channel.</param>
    /// <param name="parameter">Which of its angles or strengths, from 0.</param>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static ShiftRule Exact(Gate gate, int parameter) => (gate ?? throw new ArgumentNullException(nameof(gate))).Form is not { } form ? For(gate.Frequencies[parameter])
        : form.Affine.Contains(parameter) ? new ShiftRule([(1, 0.5), (-1, -0.5)])
        : throw new NotSupportedException($"{gate.Name}: a value does not depend linearly on strength {parameter}, so there is no shift rule; use Adjoint or FiniteDifference.");

    private static ShiftRule ForAny(ImmutableArray<double> frequencies)
    {
        var count = frequencies.Length;
        return Best(
            frequencies,
            spacing =>
            {
                var system = new double[count, count];
                for (var row = 0; row < count; row++)
                {
                    for (var i = 0; i < count; i++)
                    {
                        system[row, i] = Math.Sin(frequencies[row] * (i + 0.5) * spacing);
                    }
                }

                return LinearSystem.Solve(system, [.. frequencies]) is { } c
                    ? [.. Enumerable.Range(0, count).SelectMany(i => ((double, double)[])[(c[i] / 2, (i + 0.5) * spacing), (-c[i] / 2, -(i + 0.5) * spacing)])]
                    : [];
            });
    }

    private static ShiftRule Best(ImmutableArray<double> frequencies, Func<double, ImmutableArray<(double Coefficient, double Shift)>> at)
    {
        // Up to the period of the smallest difference; the natural spacing of equal steps first.
        double[] sorted = [0, .. frequencies.Order()];
        var smallest = sorted.Zip(sorted.Skip(1), (a, b) => b - a).Min();
        if (smallest < 1e-6 * sorted[^1])
        {
            throw new NotSupportedException(
                $"The frequencies {string.Join(", ", sorted[1..])} lie too close for a shift rule; use adjoint or finite differences.");
        }

        var natural = Math.PI / sorted[^1];
        return new ShiftRule(Enumerable.Range(0, Spacings).Select(k => k == 0 ? natural : natural * Math.Pow(sorted[^1] / smallest, (double)k / Spacings))
            .Select(at).Where(terms => !terms.IsEmpty && terms.All(term => double.IsFinite(term.Coefficient)))
            .MinBy(terms => Math.Round(terms.Sum(term => Math.Abs(term.Coefficient)), 9)));
    }
}
