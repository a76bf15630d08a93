// SPDX-License-Identifier: Apache-2.0
using Qusp.Simulation.Sampling;

namespace Qusp.Simulation;

/// <summary>Patterns of guards in which half of them fire, drawn once for all: what a circuit with guards costs is expected over them.</summary>
internal static class GuardPatterns
{
    private const int Count = 8;

    /// <summary>The patterns of a number of guards; one of no guards.</summary>
    public static IEnumerable<bool[]> Drawn(int guards) => Enumerable.Range(0, guards == 0 ? 1 : Count)
        .Select(pattern => Enumerable.Range(0, guards).Select(g => Philox.Uniform(0, pattern, (uint)g, 0) < 0.5).ToArray());
}
