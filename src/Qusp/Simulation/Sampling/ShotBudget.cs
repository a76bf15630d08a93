// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Sampling;

/// <summary>Splits shots.</summary>
internal static class ShotBudget
{
    /// <summary>The fewest that each gets: two, so that the error can be told.</summary>
    public const int Fewest = 2;

    /// <summary>
    /// Splits a number of shots in proportion to weights, to the last shot (largest remainders), and at least <see cref="Fewest"/> to each;
    /// evenly if all weights are 0.
    /// </summary>
    public static void Split(int shots, ReadOnlySpan<double> weights, Span<int> split)
    {
        var (total, left) = (0.0, shots);
        foreach (var weight in weights)
        {
            total += weight;
        }

        for (var k = 0; k < split.Length; k++)
        {
            split[k] = Fewest + (int)Share(shots, weights, k, total);
            left -= split[k];
        }

        for (; left > 0; left--)
        {
            var (best, largest) = (0, double.NegativeInfinity);
            for (var k = 0; k < split.Length; k++)
            {
                var remainder = Share(shots, weights, k, total) - (split[k] - Fewest); // negative where it was rounded up
                (best, largest) = remainder > largest ? (k, remainder) : (best, largest);
            }

            split[best]++;
        }
    }

    private static double Share(int shots, ReadOnlySpan<double> weights, int k, double total) =>
        (shots - (Fewest * weights.Length)) * (total > 0 ? weights[k] / total : 1.0 / weights.Length);
}
