// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Sampling;

/// <summary>What the outcomes of one basis say about a circuit's outputs.</summary>
/// <param name="Bits">How many bits an outcome has.</param>
/// <param name="Terms">Outputs that are means of parities: the output, its factor, and the bits of the outcome whose parity is the sign.</param>
/// <param name="Distributions">Outputs that are shares of bit strings: the first output, and the bits' positions, the most significant first.</param>
internal sealed record BasisReadout(
    int Bits, ImmutableArray<(int Output, double Coefficient, uint Parity)> Terms, ImmutableArray<(int Output, int[] Bits)> Distributions)
{
    /// <summary>The sum of the absolute coefficients of what is measured, a distribution counting as 1.</summary>
    public double Weight => Terms.Sum(term => Math.Abs(term.Coefficient)) + Distributions.Length;

    /// <summary>Adds to the outputs what the outcomes say, each shot counting <paramref name="share"/>.</summary>
    public void AddMeans(ReadOnlySpan<(uint Outcome, int Count)> outcomes, double share, Span<double> outputs)
    {
        foreach (var (output, coefficient, parity) in Terms)
        {
            var sum = 0L;
            foreach (var (outcome, count) in outcomes)
            {
                sum += Sign(outcome & parity) * count;
            }

            outputs[output] += coefficient * sum * share;
        }

        foreach (var (first, bits) in Distributions)
        {
            foreach (var (outcome, count) in outcomes)
            {
                outputs[first + Readout.Local((nint)outcome, bits)] += count * share;
            }
        }
    }

    /// <summary>Sum and sum of squares over shots of what one shot says about the combination <c>Σ_k c_k output_k</c>.</summary>
    public (double Sum, double Squares) Moments(ReadOnlySpan<(uint Outcome, int Count)> outcomes, ReadOnlySpan<double> combination)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var (outcome, count) in outcomes)
        {
            var value = 0.0;
            foreach (var (output, coefficient, parity) in Terms)
            {
                value += combination[output] * coefficient * Sign(outcome & parity);
            }

            foreach (var (first, bits) in Distributions)
            {
                value += combination[first + Readout.Local((nint)outcome, bits)];
            }

            (sum, squares) = (sum + (count * value), squares + (count * value * value));
        }

        return (sum, squares);
    }

    /// <summary>The sum over all outputs of the variance of what one shot says about each.</summary>
    public double TotalVariance(ReadOnlySpan<(uint Outcome, int Count)> outcomes, Span<double> scratch)
    {
        var total = 0.0;
        foreach (var output in Terms.Select(term => term.Output).Concat(Distributions.SelectMany(one => Enumerable.Range(one.Output, 1 << one.Bits.Length))).Distinct())
        {
            scratch.Clear();
            scratch[output] = 1;
            var (sum, squares) = Moments(outcomes, scratch);
            var shots = 0L;
            foreach (var (_, count) in outcomes)
            {
                shots += count;
            }

            total += Math.Max(0, (squares / shots) - (sum / shots * (sum / shots)));
        }

        return total;
    }

    private static int Sign(uint bits) => 1 - (2 * (BitOperations.PopCount(bits) & 1));
}
