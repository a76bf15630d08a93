// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// Steps that leave some index bits alone: for each setting of these, one chunk of the vector goes through all of them without
/// regard to the others, on one thread, as a vector of its own while it is in the cache.
/// </summary>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Cut">The bits, 2^k chunks; by size alone, as the chunks' sums are added in order.</param>
internal sealed record StepRun(ImmutableArray<LinearStep> Steps, nint Cut);

/// <summary>
/// Puts steps into runs, each as long as it gets: a step joins a run past others that touch none of its bits. Where a segment of
/// the reverse sweep begins, so does a run.
/// </summary>
internal static class DensitySchedule
{
    private const int Ahead = 256; // how many steps are looked at for a run
    private const int MinCutBits = 10; // of the index; what is shorter is done before another thread has it in its cache
    private const int ChunkBits = 14; // of numbers, of all samples
    private const int MostChunksBits = 6;

    /// <summary>The runs, at least one.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="samples">How many samples each number stands for.</param>
    /// <param name="uncut">How many of the low bits stay together.</param>
    /// <param name="segment">How many irreversible steps a segment has.</param>
    public static ImmutableArray<StepRun> Runs(ImmutableArray<LinearStep> steps, int samples, int uncut, int segment)
    {
        var runs = ImmutableArray.CreateBuilder<StepRun>();
        var isTaken = new bool[steps.Length];
        var irreversible = 0;
        for (var next = 0; next < steps.Length;)
        {
            var active = steps[next].Active;
            var all = ((nint)1 << active) - 1;
            var chunks = active < MinCutBits ? 0 : Math.Clamp(active + int.Log2(samples) - ChunkBits, 1, MostChunksBits);
            var run = ImmutableArray.CreateBuilder<LinearStep>();
            var (touched, passed) = (((nint)1 << uncut) - 1, (nint)0);
            for (var i = next; i < Math.Min(steps.Length, next + Ahead) && passed != all && (isTaken[i] || steps[i].Active == active); i++)
            {
                var step = steps[i];
                if (isTaken[i])
                {
                    continue;
                }

                var begins = !step.IsUnitary && irreversible > 0 && irreversible % segment == 0;
                if ((step.Bits & passed) == 0 && (run.Count == 0 || (!begins && nint.PopCount(all & ~(touched | step.Bits)) >= chunks)))
                {
                    run.Add(step);
                    isTaken[i] = true;
                    touched |= step.Bits;
                    irreversible += step.IsUnitary ? 0 : 1;
                }
                else
                {
                    passed |= step.Bits;
                }
            }

            runs.Add(new(run.ToImmutable(), Highest(all & ~touched, chunks)));
            while (next < steps.Length && isTaken[next])
            {
                next++;
            }
        }

        return runs.Count > 0 ? runs.ToImmutable() : [new([], 0)];
    }

    private static nint Highest(nint bits, int count)
    {
        while (nint.PopCount(bits) > count)
        {
            bits &= bits - 1;
        }

        return bits;
    }
}
