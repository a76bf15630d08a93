// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>A sum of matrices, one for each factor.</summary>
/// <param name="On">Positions of index bits, the most significant of a local index first.</param>
/// <param name="Basis">The matrices.</param>
internal sealed record LocalMap(int[] On, IReadOnlyList<Complex[,]> Basis);

/// <summary>
/// The steps of a plan, in order. A map on the index bits of one before it, with nothing on them in between, joins it where one of
/// both is constant and their product is no dearer: so does a channel the gate that it follows.
/// </summary>
internal sealed class JoinedSteps
{
    private readonly ImmutableArray<LinearStep>.Builder steps = ImmutableArray.CreateBuilder<LinearStep>();
    private readonly Dictionary<nint, (int Place, LocalMap? Map)> latest = []; // on each index bit

    /// <summary>Adds a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="map">What it does whatever the sample and the measured bits; null if it depends on them.</param>
    public void Add(LinearStep step, LocalMap? map)
    {
        var place = steps.Count;
        if (map is not null && Joined(step, map) is { } joined)
        {
            (place, step, map) = joined;
            steps[place] = step;
        }
        else
        {
            steps.Add(step);
        }

        for (var bits = step.Bits; bits != 0; bits &= bits - 1)
        {
            latest[bits & -bits] = (place, map);
        }
    }

    public ImmutableArray<LinearStep> ToImmutable() => steps.ToImmutable();

    private (int Place, LinearStep Step, LocalMap Map)? Joined(LinearStep step, LocalMap map)
    {
        if (!latest.TryGetValue(step.Bits & -step.Bits, out var last) || last.Map is not { } first || !first.On.AsSpan().SequenceEqual(map.On) ||
            map.On.Any(bit => latest[(nint)1 << bit].Place != last.Place))
        {
            return null;
        }

        var before = steps[last.Place];
        if (before.Active != step.Active || (before.Source >= 0 && step.Source >= 0))
        {
            return null;
        }

        Complex[][,] basis = [.. first.Basis.SelectMany(a => map.Basis.Select(b => MatrixAlgebra.Multiply(b, a)))]; // one of both has a single matrix
        var blocks = LinearBlock.Split(basis, local => LinearBlock.Offset(0, map.On, local));
        return blocks.Sum(block => block.Cost) <= before.Blocks.Concat(step.Blocks).Sum(block => block.Cost)
            ? (last.Place, before with { Blocks = blocks, Source = Math.Max(before.Source, step.Source), IsUnitary = before.IsUnitary && step.IsUnitary }, new(map.On, basis))
            : null;
    }
}
