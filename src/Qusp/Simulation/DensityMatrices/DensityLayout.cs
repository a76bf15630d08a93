// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>A block's place: where its matrix and the terms that fill it lie among the plan's numbers.</summary>
/// <param name="Block">The block.</param>
/// <param name="Wide">The same for numbers taken several at a time, or null.</param>
/// <param name="Matrix">The first entry of its matrix.</param>
internal readonly record struct PlacedBlock(LinearBlock Block, LinearBlock? Wide, int Matrix);

/// <summary>A step whose blocks are placed.</summary>
internal readonly record struct PlacedStep(LinearStep Step, LinearStep? Wide, ImmutableArray<PlacedBlock> Blocks)
{
    /// <summary>Whether its matrices are the same for every sample.</summary>
    public bool IsConstant => Step.Source < 0 && Step.Guard < 0;

    /// <summary>The entries of all blocks that may not be zero.</summary>
    public int Entries { get; } = Blocks.Sum(block => block.Block.Entries.Length);
}

/// <summary>How a worker lays a plan out in memory, shared by all workers of a program.</summary>
internal sealed class DensityLayout
{
    /// <summary>Places everything.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="differentiates">Whether there is a reverse sweep.</param>
    /// <param name="shift">log₂ of how many numbers the kernels take at a time where a sample is alone.</param>
    /// <param name="stateBytes">Bytes of one vector.</param>
    public DensityLayout(DensityPlan plan, bool differentiates, int shift, double stateBytes)
    {
        Plan = plan;
        Irreversible = plan.Steps.Count(step => !step.IsUnitary);
        var steps = ImmutableArray.CreateBuilder<PlacedStep>();
        foreach (var step in plan.Steps)
        {
            var wide = shift > 0 ? step.Wider(shift) : null;
            var blocks = ImmutableArray.CreateBuilder<PlacedBlock>();
            for (var b = 0; b < step.Blocks.Length; b++)
            {
                blocks.Add(new(step.Blocks[b], wide?.Blocks[b], Matrices));
                Matrices += step.Blocks[b].Size * step.Blocks[b].Size;
            }

            steps.Add(new(step, wide, blocks.ToImmutable()));
        }

        Steps = steps.ToImmutable();
        var (factors, slopes) = (new int[plan.Sources.Length], new int[plan.Sources.Length]);
        for (var s = 0; s < plan.Sources.Length; s++)
        {
            (factors[s], slopes[s]) = (Factors, Slopes);
            Factors += plan.Sources[s].Factors;
            Slopes += plan.Sources[s].Factors * plan.Sources[s].Angles.Length;
        }

        (FactorsAt, SlopesAt) = (factors, slopes);
        var terms = new List<DensityTerm>();
        DensityReadout.ForEach(plan, terms.Add);
        Terms = [.. terms];
        Trace = plan.KeepsTrace ? [] : [.. DensityReadout.Trace(plan)];
        if (differentiates)
        {
            (Saved, Segment) = Segments(Irreversible, stateBytes);
        }
    }

    public DensityPlan Plan { get; }

    public ImmutableArray<PlacedStep> Steps { get; }

    /// <summary>How many steps cannot be undone, so that a reverse sweep needs the state before them.</summary>
    public int Irreversible { get; }

    /// <summary>Entries of all matrices.</summary>
    public int Matrices { get; }

    /// <summary>Factors of all sources.</summary>
    public int Factors { get; }

    /// <summary>Derivatives of all factors.</summary>
    public int Slopes { get; }

    /// <summary>The first factor of each source.</summary>
    public int[] FactorsAt { get; }

    /// <summary>The first derivative of each source.</summary>
    public int[] SlopesAt { get; }

    /// <summary>The measurements.</summary>
    public DensityTerm[] Terms { get; }

    /// <summary>The indices whose real parts are the trace; empty where it is 1.</summary>
    public nint[] Trace { get; }

    /// <summary>How many irreversible steps lie between two states that are kept for the whole reverse sweep.</summary>
    public int Segment { get; } = 1;

    /// <summary>How many states a reverse sweep keeps: one for each segment's start, one for each irreversible step of a segment.</summary>
    public int Saved { get; }

    /// <summary>
    /// All states before irreversible steps, if they are small; else every √K-th, from which those between are computed once more
    /// (Griewank 1992, checkpointing of one level).
    /// </summary>
    public static (int Saved, int Segment) Segments(int irreversible, double stateBytes)
    {
        const double Small = 32 << 20;
        if (irreversible * stateBytes <= Small || irreversible < 4)
        {
            return (irreversible, Math.Max(1, irreversible));
        }

        var segment = (int)Math.Ceiling(Math.Sqrt(irreversible));
        return (segment + ((irreversible + segment - 1) / segment), segment);
    }
}
