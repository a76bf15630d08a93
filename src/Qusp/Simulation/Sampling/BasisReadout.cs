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
    private readonly int[] outputs =
        [.. Terms.Select(term => term.Output).Concat(Distributions.SelectMany(one => Enumerable.Range(one.Output, 1 << one.Bits.Length))).Distinct()];

    /// <summary>The sum of the absolute coefficients of what is measured, a distribution counting as 1.</summary>
    public double Weight => Terms.Sum(term => Math.Abs(term.Coefficient)) + Distributions.Length;

    /// <summary>How many things are read: terms, then distributions.</summary>
    public int Items => Terms.Length + Distributions.Length;

    /// <summary>
    /// Adds what the outcomes say about one thing that is read, each shot counting <paramref name="share"/>: of a distribution to the outputs. Of a term, which may
    /// share its output with others, it is returned.
    /// </summary>
    public double AddMean(int item, ReadOnlySpan<(uint Outcome, int Count)> outcomes, double share, Span<double> outputs)
    {
        if (item < Terms.Length)
        {
            var (sum, parity) = (0L, Terms[item].Parity);
            foreach (var (outcome, count) in outcomes)
            {
                sum += Sign(outcome & parity) * count;
            }

            return Terms[item].Coefficient * sum * share;
        }

        var (first, bits) = Distributions[item - Terms.Length];
        foreach (var (outcome, count) in outcomes)
        {
            outputs[first + Readout.Local((nint)outcome, bits)] += count * share;
        }

        return 0;
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
        var (total, shots) = (0.0, 0L);
        foreach (var (_, count) in outcomes)
        {
            shots += count;
        }

        scratch.Clear();
        foreach (var output in outputs)
        {
            scratch[output] = 1;
            var (sum, squares) = Moments(outcomes, scratch);
            scratch[output] = 0;
            total += Math.Max(0, (squares / shots) - (sum / shots * (sum / shots)));
        }

        return total;
    }

    private static int Sign(uint bits) => 1 - (2 * (BitOperations.PopCount(bits) & 1));
}
