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
    public static int[] Split(int shots, ReadOnlySpan<double> weights)
    {
        var spare = shots - (Fewest * weights.Length);
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var (split, remainders) = (new int[weights.Length], new double[weights.Length]);
        for (var k = 0; k < split.Length; k++)
        {
            var share = spare * (total > 0 ? weights[k] / total : 1.0 / weights.Length);
            split[k] = Fewest + (int)share;
            remainders[k] = share - Math.Truncate(share);
        }

        var left = shots - split.Sum();
        foreach (var k in Enumerable.Range(0, split.Length).OrderByDescending(k => remainders[k]).Take(left))
        {
            split[k]++;
        }

        return split;
    }
}
