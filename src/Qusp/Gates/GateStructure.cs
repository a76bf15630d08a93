// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>What a gate's matrix looks like for every value of its angles; the cheapest kernels follow from it.</summary>
[Flags]
public enum GateStructure
{
    /// <summary>Nothing is known: a dense complex matrix.</summary>
    Dense = 0,

    /// <summary>Only the diagonal is filled.</summary>
    Diagonal = 1,

    /// <summary>One entry of modulus 1 in each row and column; for a diagonal gate too.</summary>
    Permutation = 2,

    /// <summary>All entries are real: real amplitudes stay real.</summary>
    Real = 4,
}
