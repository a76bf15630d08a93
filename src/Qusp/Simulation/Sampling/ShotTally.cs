// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Sampling;

/// <summary>
/// Draws shots and tells outcomes with how often each was seen: by counting where there are few possible ones, however many the shots, else shot by shot, some at
/// a time. Threads share the shots; counts are whole numbers, so it is all one who drew which. Reusable.
/// </summary>
internal sealed class ShotTally(ShotSampler sampler, Crew crew) : IChunkedWork
{
    private const int Chunk = 1 << 11; // shots
    private const int WorthSharing = 1 << 12; // shots
    private const int ShotsAtOnce = 1 << 16; // entries, where each shot is one

    private readonly int[][] counts = [.. Enumerable.Range(0, crew.Slots).Select(_ => Array.Empty<int>())]; // of each slot, 0 between calls
    private (uint Outcome, int Count)[] entries = [];
    private int used;
    private ShotRun run;
    private bool isCounting;

    /// <summary>The entries; an outcome may have several.</summary>
    public ReadOnlySpan<(uint Outcome, int Count)> Entries => entries.AsSpan(0, used);

    /// <summary>Draws the next shots of a run from what the sampler holds, all where outcomes are counted.</summary>
    /// <param name="shots">The run; its first shots are taken away.</param>
    /// <param name="bits">How many bits an outcome has.</param>
    /// <returns>How many were drawn; 0 at the end.</returns>
    public int DrawSome(ref ShotRun shots, int bits)
    {
        var possible = 1L << bits;
        isCounting = possible <= 4L * shots.Count;
        run = isCounting ? shots : shots with { Count = Math.Min(shots.Count, ShotsAtOnce) };
        _ = Numbers.Room(ref entries, (int)Math.Min(possible, run.Count));
        for (var slot = 0; isCounting && slot < counts.Length; slot++)
        {
            if (counts[slot].Length < possible)
            {
                counts[slot] = new int[possible];
            }
        }

        crew.Run((int)(((long)run.Count + Chunk - 1) / Chunk), this, IsShared);
        used = isCounting ? Collect((int)possible) : run.Count;
        shots = shots with { Count = shots.Count - run.Count, First = shots.First + (uint)run.Count };
        return run.Count;
    }

    public void Run(int chunk, int slot)
    {
        Span<uint> outcomes = stackalloc uint[ShotSampler.Part];
        var end = (int)Math.Min(run.Count, (chunk + 1L) * Chunk);
        for (var done = chunk * Chunk; done < end; done += ShotSampler.Part)
        {
            var some = outcomes[..Math.Min(ShotSampler.Part, end - done)];
            sampler.DrawPart(some, run with { First = run.First + (uint)done });
            for (var k = 0; k < some.Length; k++)
            {
                if (isCounting)
                {
                    counts[slot][some[k]]++;
                }
                else
                {
                    entries[done + k] = (some[k], 1);
                }
            }
        }
    }

    private bool IsShared => run.Count > WorthSharing;

    private int Collect(int possible)
    {
        for (var slot = 1; IsShared && slot < counts.Length; slot++)
        {
            for (var outcome = 0; outcome < possible; outcome++)
            {
                counts[0][outcome] += counts[slot][outcome];
            }

            Array.Clear(counts[slot]);
        }

        var all = counts[0].AsSpan(0, possible);
        var count = 0;
        for (var outcome = 0; outcome < all.Length; outcome++)
        {
            if (all[outcome] > 0)
            {
                entries[count++] = ((uint)outcome, all[outcome]);
                all[outcome] = 0;
            }
        }

        return count;
    }
}

/// <summary>Shots of one sample in one stream.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Sample">The sample's number.</param>
/// <param name="Stream">The stream.</param>
/// <param name="First">The number of the first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ShotRun(ulong Seed, long Sample, uint Stream, uint First, int Count);
