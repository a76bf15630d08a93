// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// How the shots of <see cref="ProgramOptions.Shots"/> are given to the bases that a circuit's measurements need. Words that agree
/// wire by wire share a basis and its shots.
/// </summary>
public enum ShotAllocation
{
    /// <summary>All of them to each basis: the cost is the number of bases times the shots.</summary>
    Each,

    /// <summary>Split evenly: the cost is the shots, whatever the number of bases.</summary>
    Uniform,

    /// <summary>Split by the sum of the absolute coefficients that a basis measures, a distribution counting as 1 (Rubin, Babbush, McClean 2018, arXiv:1801.03524).</summary>
    ByCoefficient,

    /// <summary>
    /// Split by the standard deviation that a basis adds, which is optimal, as measured by a tenth of the shots split evenly.
    /// These pilot shots are not used again, so that the estimate has no bias.
    /// </summary>
    ByVariance,
}
