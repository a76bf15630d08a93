// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Sampling;

/// <summary>
/// Draws shots and tells outcomes with how often each was seen: by counting where there are few possible ones, however many the shots, else shot by shot, some at
/// a time. Threads share the shots; counts are whole numbers, so it is all one who drew which. Reusable.
/// </summary>
internal sealed class ShotTally(ShotSampler sampler, Crew crew) : IChunkedWork
{
    private const int Chunk = 1 << 11; // shots; the most that a device draws, 2^30, are no more chunks than a crew takes
    private const int Block = 1 << 14; // possible outcomes
    private const int WorthSharing = 1 << 12; // shots
    private const int ShotsAtOnce = 1 << 16; // entries, where each shot is one

    private readonly int[][] counts = [.. Enumerable.Range(0, crew.Slots).Select(_ => Array.Empty<int>())]; // of each slot, 0 between calls
    private (uint Outcome, int Count)[] entries = [];
    private int used;
    private int[] places = []; // of each block's entries
    private ShotRun run;
    private int possible; // outcomes; 0 where they are not counted
    private Step step;

    private enum Step
    {
        Draw,
        Merge,
        Write,
    }

    /// <summary>The entries; an outcome may have several.</summary>
    public ReadOnlySpan<(uint Outcome, int Count)> Entries => entries.AsSpan(0, used);

    /// <summary>Draws the next shots of a run from what the sampler holds, all where outcomes are counted.</summary>
    /// <param name="shots">The run; its first shots are taken away.</param>
    /// <param name="bits">How many bits an outcome has.</param>
    /// <returns>How many were drawn; 0 at the end.</returns>
    public int DrawSome(ref ShotRun shots, int bits)
    {
        possible = 1L << bits <= 4L * shots.Count ? 1 << bits : 0;
        run = possible > 0 ? shots : shots with { Count = Math.Min(shots.Count, ShotsAtOnce) };
        used = run.Count;
        var isShared = run.Count > WorthSharing;
        foreach (ref var count in counts.AsSpan())
        {
            _ = Numbers.Room(ref count, possible);
        }

        _ = Numbers.Room(ref entries, possible > 0 ? Math.Min(possible, run.Count) : run.Count);
        Do(Step.Draw, (int)(((long)run.Count + Chunk - 1) / Chunk), isShared);
        if (possible > 0)
        {
            var blocks = (possible + Block - 1) / Block;
            var ends = Numbers.Room(ref places, blocks + 1);
            ends[0] = 0;
            Do(Step.Merge, blocks, isShared);
            for (var block = 0; block < blocks; block++)
            {
                ends[block + 1] += ends[block];
            }

            used = ends[blocks];
            Do(Step.Write, blocks, isShared);
        }

        shots = shots with { Count = shots.Count - run.Count, First = shots.First + (uint)run.Count };
        return run.Count;
    }

    public void Run(int chunk, int slot)
    {
        switch (step)
        {
            case Step.Draw:
                DrawChunk(chunk, slot);
                break;
            case Step.Merge:
                Merge(chunk);
                break;
            default:
                Write(chunk);
                break;
        }
    }

    private void Do(Step next, int chunks, bool isShared)
    {
        step = next;
        crew.Run(chunks, this, isShared);
    }

    private void DrawChunk(int chunk, int slot)
    {
        Span<uint> outcomes = stackalloc uint[ShotSampler.Part];
        var mine = counts[slot];
        var end = (int)Math.Min(run.Count, (chunk + 1L) * Chunk);
        for (var done = chunk * Chunk; done < end; done += ShotSampler.Part)
        {
            var some = outcomes[..Math.Min(ShotSampler.Part, end - done)];
            sampler.DrawPart(some, run with { First = run.First + (uint)done });
            for (var k = 0; k < some.Length; k++)
            {
                if (possible > 0)
                {
                    mine[some[k]]++;
                }
                else
                {
                    entries[done + k] = (some[k], 1);
                }
            }
        }
    }

    // All slots' counts of a block into the first, and how many outcomes were seen.
    private void Merge(int block)
    {
        var (first, seen) = (block * Block, 0);
        var sums = counts[0].AsSpan(first, Math.Min(Block, possible - first));
        for (var slot = 1; slot < counts.Length; slot++)
        {
            var others = counts[slot].AsSpan(first, sums.Length);
            for (var k = 0; k < sums.Length; k++)
            {
                sums[k] += others[k];
            }

            others.Clear();
        }

        foreach (var sum in sums)
        {
            seen += sum > 0 ? 1 : 0;
        }

        places[block + 1] = seen;
    }

    private void Write(int block)
    {
        var (first, place) = (block * Block, places[block]);
        var sums = counts[0].AsSpan(first, Math.Min(Block, possible - first));
        for (var k = 0; k < sums.Length; k++)
        {
            if (sums[k] > 0)
            {
                entries[place++] = ((uint)(first + k), sums[k]);
            }
        }

        sums.Clear();
    }
}

/// <summary>Shots of one sample in one stream.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Sample">The sample's number.</param>
/// <param name="Stream">The stream.</param>
/// <param name="First">The number of the first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ShotRun(ulong Seed, long Sample, uint Stream, uint First, int Count);
