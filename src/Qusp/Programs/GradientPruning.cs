// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// Gradient pruning of parameter-shift (QOC: Wang et al. 2022, arXiv:2202.13239, algorithm 1): for some pullbacks the magnitudes of the weights'
/// derivatives add up; for the next ones only a part of the weights is shifted, drawn with these sums for probabilities, and the derivatives
/// of the others are 0. Over a cycle it saves <c>Share · Pruned / (Accumulated + Pruned)</c> of the shifts by weights; those by inputs stay.
/// </summary>
/// <param name="Share">The share of the weights to leave out, 0 to below 1; at least one weight is shifted.</param>
/// <param name="Accumulated">Pullbacks of a cycle that shift all weights, at least 1.</param>
/// <param name="Pruned">Pullbacks of a cycle that shift a part, at least 0.</param>
/// <param name="Seed">The seed of the draws.</param>
public sealed record GradientPruning(double Share = 0.5, int Accumulated = 1, int Pruned = 2, ulong Seed = 0)
{
    /// <summary>Refuses numbers out of range.</summary>
    /// <exception cref="ArgumentException">One is.</exception>
    internal GradientPruning Checked() => Share is >= 0 and < 1 && Accumulated >= 1 && Pruned >= 0
        ? this
        : throw new ArgumentException($"{this}: a share is from 0 to below 1, and a cycle accumulates at least once.");
}
