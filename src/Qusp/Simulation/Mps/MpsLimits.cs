// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>How much of a state is kept where it is split in two.</summary>
/// <param name="MaxBond">The most singular values.</param>
/// <param name="Cutoff">The weight Σ s², as a share of the whole, that may be left out at each split.</param>
internal readonly record struct MpsLimits(int MaxBond, double Cutoff)
{
    /// <summary>The singular values that are kept, of falling ones, and the share of the weight that is left out.</summary>
    public (int Kept, double Discarded) Cut(ReadOnlySpan<double> singular)
    {
        var total = 0.0;
        foreach (var s in singular)
        {
            total += s * s;
        }

        if (total == 0)
        {
            return (1, 0);
        }

        var (kept, discarded) = (singular.Length, 0.0);
        while (kept > 1)
        {
            var next = discarded + (singular[kept - 1] * singular[kept - 1] / total);
            if (kept <= MaxBond && next > Cutoff)
            {
                break;
            }

            discarded = next;
            kept--;
        }

        return (kept, discarded);
    }
}
