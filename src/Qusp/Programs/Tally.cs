// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>Outcomes with how often each was seen: by counting where there are few possible ones, else shot by shot. Reusable.</summary>
internal sealed class Tally
{
    private int[] counts = [];
    private (uint Outcome, int Count)[] entries = [];
    private int used;

    /// <summary>The entries; an outcome may have several.</summary>
    public ReadOnlySpan<(uint Outcome, int Count)> Entries => entries.AsSpan(0, used);

    /// <summary>Takes other outcomes.</summary>
    /// <param name="outcomes">The outcomes.</param>
    /// <param name="bits">How many bits they have.</param>
    public void Fill(ReadOnlySpan<uint> outcomes, int bits)
    {
        used = 0;
        var possible = 1L << bits;
        if (entries.Length < Math.Min(possible, outcomes.Length))
        {
            entries = new (uint, int)[Math.Min(possible, outcomes.Length)];
        }

        if (possible > 4L * outcomes.Length)
        {
            foreach (var outcome in outcomes)
            {
                entries[used++] = (outcome, 1);
            }

            return;
        }

        if (counts.Length < possible)
        {
            counts = new int[possible];
        }

        Array.Clear(counts, 0, (int)possible);
        foreach (var outcome in outcomes)
        {
            counts[outcome]++;
        }

        for (var outcome = 0; outcome < possible; outcome++)
        {
            if (counts[outcome] > 0)
            {
                entries[used++] = ((uint)outcome, counts[outcome]);
            }
        }
    }
}
