// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Lanes;

internal enum PassKind
{
    /// <summary>One step as it is.</summary>
    Step,

    /// <summary>Real rotations of whole wires, each wire once: they commute, so several go in one pass over the state.</summary>
    Turns,

    /// <summary>Phases, then a permutation of the basis states, then phases: one pass whatever their number.</summary>
    Monomial,
}

/// <summary>Steps that run together.</summary>
internal sealed class Pass
{
    public required PassKind Kind { get; init; }

    /// <summary>The steps in order; of turns by rising bits, of a monomial the phases before its permutation.</summary>
    public required Step[] Steps { get; init; }

    /// <summary>A monomial's swaps.</summary>
    public Step[] Swaps { get; init; } = [];

    /// <summary>A monomial's phases after its permutation.</summary>
    public Step[] After { get; init; } = [];

    /// <summary>Whether a step of it turns with an input or a weight.</summary>
    public required bool Varies { get; init; }

    /// <summary>Whether <see cref="Steps"/>, <see cref="After"/> hold a phase to differentiate.</summary>
    public (bool Before, bool After) VaryingPhases { get; init; }

    /// <summary>Where each amplitude comes from, <c>[2^n]</c>, pinned; null if none moves, or if it is computed when the pass runs.</summary>
    public int[]? Source { get; set; }

    /// <summary>Where the phases that it multiplies by begin among those that all samples share, or −1: none, or computed when the pass runs.</summary>
    public int Table { get; set; } = -1;

    /// <summary>Whether <see cref="PhaseRows"/> has the angles of its phases.</summary>
    public bool IsByRows { get; set; }

    /// <summary>Whether amplitudes move to another place.</summary>
    public bool Moves => Swaps.Length > 0;

    /// <summary>Whether it is a monomial with phases.</summary>
    public bool HasPhases => Kind == PassKind.Monomial && Steps.Length + After.Length > 0;
}
