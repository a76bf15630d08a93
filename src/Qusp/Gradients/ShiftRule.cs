// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>
/// A derivative as a weighted sum of evaluations at shifted angles, <c>f'(θ) = Σ_i c_i f(θ + s_i)</c>.
/// </summary>
/// <param name="Terms">Coefficients c and shifts s, radians.</param>
public sealed record ShiftRule(ImmutableArray<(double Coefficient, double Shift)> Terms)
{
    /// <summary>
    /// The exact rule for an expectation value whose frequencies in the angle are Ω, 2Ω, …, RΩ:
    /// <c>f'(θ) = Σ_{μ=1}^{2R} (−1)^{μ−1} Ω / (4R sin²(x_μ/2)) f(θ + x_μ/Ω)</c>, <c>x_μ = (2μ−1)π/(2R)</c>
    /// (Wierichs, Izaac, Wang, Lin 2021, arXiv:2107.12390, eq. 16). R = 1 is the two-term rule with shifts ±π/2.
    /// </summary>
    /// <param name="frequencies">The frequencies, positive; none means that the value does not depend on the angle.</param>
    /// <exception cref="NotSupportedException">The frequencies are not multiples 1…R of the smallest.</exception>
    public static ShiftRule For(ImmutableArray<double> frequencies)
    {
        var count = frequencies.Length;
        if (count == 0)
        {
            return new ShiftRule([]);
        }

        var unit = frequencies.Min();
        var sorted = frequencies.Sort();
        for (var r = 0; r < count; r++)
        {
            if (Math.Abs(sorted[r] - ((r + 1) * unit)) > 1e-9 * unit)
            {
                throw new NotSupportedException(
                    $"The frequencies {string.Join(", ", sorted)} are not the multiples 1 to {count} of one; use adjoint or finite differences.");
            }
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
    /// The exact rule of one of a gate's angles. A channel that is affine in a strength needs two values, one apart: the map is
    /// continued beyond probabilities 0 and 1, where it is still linear.
    /// </summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    internal static ShiftRule Exact(Gate gate, int parameter) => gate.Form is not { } form ? For(gate.Frequencies[parameter])
        : form.Affine.Contains(parameter) ? new ShiftRule([(1, 0.5), (-1, -0.5)])
        : throw new NotSupportedException($"{gate.Name}: a value does not depend linearly on strength {parameter}, so there is no shift rule; use Adjoint or FiniteDifference.");

    /// <summary>Central difference with the step ∛ε, which balances truncation h²/6 against rounding ε/h.</summary>
    internal static ShiftRule CentralDifference<T>(Gate gate, int parameter)
        where T : IFloatingPointIeee754<T>
    {
        var step = Math.Cbrt(typeof(T) == typeof(float) ? 1.2e-7 : 2.2e-16);
        return new ShiftRule([(0.5 / step, step), (-0.5 / step, -step)]);
    }
}
