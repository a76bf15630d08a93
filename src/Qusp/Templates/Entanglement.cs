// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>Which pairs of n wires a layer entangles; the patterns of Qiskit's circuit library.</summary>
public enum Entanglement
{
    /// <summary>Every pair (i, j), i &lt; j.</summary>
    Full,

    /// <summary>(0, 1), (1, 2), …</summary>
    Linear,

    /// <summary>…, (1, 2), (0, 1): the same unitary as <see cref="Full"/> for CNOT, with fewer gates.</summary>
    ReverseLinear,

    /// <summary>(n − 1, 0), then linear.</summary>
    Circular,

    /// <summary>(0, 1), (2, 3), …, then (1, 2), (3, 4), …: depth 2.</summary>
    Pairwise,

    /// <summary>Circular, shifted by one each layer and with control and target exchanged every other layer (Sim, Johnson, Aspuru-Guzik 2019, arXiv:1905.10876, circuit 14).</summary>
    ShiftedCircularAlternating,
}

/// <summary>The pairs of a pattern.</summary>
public static class EntanglementPairs
{
    /// <summary>The pairs, as positions from 0 to n − 1, in order of application.</summary>
    /// <param name="entanglement">The pattern.</param>
    /// <param name="wires">The number n of wires.</param>
    /// <param name="layer">Which layer, from 0; only the shifted pattern depends on it.</param>
    public static ImmutableArray<(int First, int Second)> Pairs(this Entanglement entanglement, int wires, int layer = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wires);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ImmutableArray<(int, int)> linear = [.. Enumerable.Range(0, wires - 1).Select(i => (i, i + 1))];
        ImmutableArray<(int, int)> circular = wires > 2 ? [(wires - 1, 0), .. linear] : linear;
        return entanglement switch
        {
            Entanglement.Full => [.. Enumerable.Range(0, wires).SelectMany(i => Enumerable.Range(i + 1, wires - i - 1).Select(j => (i, j)))],
            Entanglement.Linear => linear,
            Entanglement.ReverseLinear => [.. linear.Reverse()],
            Entanglement.Circular => circular,
            Entanglement.Pairwise => [.. linear.Where(pair => pair.Item1 % 2 == 0), .. linear.Where(pair => pair.Item1 % 2 == 1)],
            Entanglement.ShiftedCircularAlternating => Shifted(circular, layer),
            _ => throw new ArgumentOutOfRangeException(nameof(entanglement), entanglement, "There is no such pattern."),
        };
    }

    private static ImmutableArray<(int, int)> Shifted(ImmutableArray<(int First, int Second)> pairs, int layer)
    {
        var shift = pairs.Length == 0 ? 0 : layer % pairs.Length;
        IEnumerable<(int First, int Second)> shifted = pairs[^shift..].Concat(pairs[..^shift]);
        return [.. layer % 2 == 0 ? shifted : shifted.Select(pair => (pair.Second, pair.First))];
    }
}
