// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>Sources of factors, and steps whose matrices are filled by them.</summary>
internal sealed record VaryingMaps(ImmutableArray<int> Sources, ImmutableArray<PlacedStep> Steps);

/// <summary>How a worker lays a plan out in memory, shared by all workers of a program.</summary>
internal sealed class DensityLayout
{
    private const int Line = 16; // numbers: what chunks write lies two cache lines apart

    /// <summary>Places everything.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="differentiates">Whether there is a reverse sweep.</param>
    /// <param name="samples">How many samples a vector has.</param>
    /// <param name="shift">log₂ of how many numbers the kernels take at a time where a sample is alone.</param>
    /// <param name="stateBytes">Bytes of one vector.</param>
    public DensityLayout(DensityPlan plan, bool differentiates, int samples, int shift, double stateBytes)
    {
        Plan = plan;
        Shift = shift;
        var irreversible = plan.Steps.Count(step => !step.IsUnitary);
        var segment = int.MaxValue;
        if (differentiates)
        {
            (Saved, segment) = Segments(irreversible, stateBytes);
        }

        var runs = ImmutableArray.CreateBuilder<PlacedRun>();
        var (firsts, seen) = (new List<int> { 0 }, 0);
        foreach (var run in DensitySchedule.Runs(plan.Steps, samples, shift, segment))
        {
            var begins = run.Steps is [{ IsUnitary: false }, ..] && seen > 0 && seen % segment == 0;
            var start = begins ? segment + firsts.Count - 1 : -1;
            if (begins)
            {
                firsts.Add(runs.Count);
            }

            var (steps, turns) = (ImmutableArray.CreateBuilder<PlacedStep>(), 0);
            foreach (var step in run.Steps)
            {
                var varies = step.Source >= 0 && plan.Sources[step.Source].Varies;
                steps.Add(Place(step.Without(run.Cut), varies ? turns : -1, step.IsUnitary || !differentiates ? -1 : seen % segment));
                turns += varies ? plan.Sources[step.Source].Factors : 0;
                seen += step.IsUnitary ? 0 : 1;
            }

            runs.Add(new(steps.ToImmutable(), run.Cut, plan.MostBits, (turns + Line - 1) / Line * Line, start));
        }

        (Runs, SegmentRuns) = (runs.ToImmutable(), [.. firsts, runs.Count]);
        bool IsRead(int source) => plan.Sources[source].Angles.Any(angle => angle.Source == AngleSource.Input);
        var all = Enumerable.Range(0, plan.Sources.Length);
        var filled = Runs.SelectMany(run => run.Steps).Where(step => !step.IsConstant);
        bool IsOwn(PlacedStep step) => step.Step.Guard >= 0 || IsRead(step.Step.Source);
        OfCall = new([.. all.Where(source => !IsRead(source))], [.. filled.Where(step => !IsOwn(step))]);
        OfSample = new([.. all.Where(IsRead)], [.. filled.Where(IsOwn)]);
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
    }

    public DensityPlan Plan { get; }

    /// <summary>log₂ of how many numbers the kernels take at a time where a sample is alone.</summary>
    public int Shift { get; }

    public ImmutableArray<PlacedRun> Runs { get; }

    /// <summary>What is the same for all samples of a call.</summary>
    public VaryingMaps OfCall { get; }

    /// <summary>What differs by sample.</summary>
    public VaryingMaps OfSample { get; }

    /// <summary>The first run of each segment of the reverse sweep, and their end.</summary>
    public ImmutableArray<int> SegmentRuns { get; }

    /// <summary>Entries of all matrices.</summary>
    public int Matrices { get; private set; }

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

    /// <summary>Numbers of the largest chunk that is not a part of the vector as it lies.</summary>
    public nint Room => Runs.Where(run => !run.IsInPlace).Select(run => run.Size).DefaultIfEmpty().Max();

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

    private PlacedStep Place(LinearStep step, int turns, int place)
    {
        Groups? wide = Shift > 0 && step.Groups.Run >> Shift > 0 ? step.Groups.Wider(Shift) : null;
        var blocks = ImmutableArray.CreateBuilder<PlacedBlock>();
        foreach (var block in step.Blocks)
        {
            blocks.Add(new(block, wide is null ? null : block.Wider(Shift), Matrices));
            Matrices += block.Size * block.Size;
        }

        return new(step, wide, blocks.ToImmutable(), turns, place);
    }
}
