// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// A circuit as linear maps of one vector: the density matrices of all outcomes of the measurements in its course. An index has,
/// from the low end, n bits of the column, n of the row (wire 0 the highest of each) and a slot for each classical bit that is
/// still to be read. Branches that agree in these bits are one matrix; those that do not differ in probability and state.
/// </summary>
internal sealed class DensityPlan
{
    /// <summary>The circuit.</summary>
    public required Circuit Circuit { get; init; }

    /// <summary>The maps, in order.</summary>
    public required ImmutableArray<LinearStep> Steps { get; init; }

    /// <summary>What gives the maps' factors.</summary>
    public required ImmutableArray<FactorSource> Sources { get; init; }

    /// <summary>Operations by guard; the last entry is of operations without one.</summary>
    public required ImmutableArray<GuardCount> Counts { get; init; }

    /// <summary>The most index bits in use at a time.</summary>
    public required int MostBits { get; init; }

    /// <summary>The index bits in use at the end.</summary>
    public required int LastBits { get; init; }

    /// <summary>For each classical bit its position in the final index; −1 if it was never written or is not measured.</summary>
    public required ImmutableArray<int> BitPositions { get; init; }

    /// <summary>Whether the trace stays 1; it does not if anything is post-selected.</summary>
    public required bool KeepsTrace { get; init; }

    /// <summary>Numbers in the largest piece.</summary>
    public int LargestBlock => Steps.IsEmpty ? 1 : Steps.Max(step => step.Blocks.IsEmpty ? 1 : step.Blocks.Max(block => block.Size));
}
