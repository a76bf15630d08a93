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
internal sealed class Pass(PassKind kind)
{
    public PassKind Kind { get; } = kind;

    /// <summary>The steps in order; of a monomial the phases before its permutation.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>The steps of a pass of turns, by rising bits.</summary>
    public Step[] Turns { get; set; } = [];

    /// <summary>A monomial's swaps.</summary>
    public List<Step> Swaps { get; } = [];

    /// <summary>A monomial's phases after its permutation.</summary>
    public List<Step> After { get; } = [];

    /// <summary>Wires that it touches, as bits.</summary>
    public nint Support { get; set; }

    /// <summary>Whether a step of it turns with an input or a weight.</summary>
    public bool Varies { get; set; }

    /// <summary>Where each amplitude comes from, <c>[2^n]</c>; null if none moves.</summary>
    public int[]? Source { get; set; }

    /// <summary>Which of the schedule's phase tables it multiplies by, or −1.</summary>
    public int Table { get; set; } = -1;

    /// <summary>Whether <see cref="Steps"/>, <see cref="After"/> hold a phase to differentiate.</summary>
    public (bool Before, bool After) VaryingPhases { get; set; }

    /// <summary>All steps in an order in which they may run one by one.</summary>
    public IEnumerable<Step> All => [.. Steps, .. Swaps, .. After];
}
