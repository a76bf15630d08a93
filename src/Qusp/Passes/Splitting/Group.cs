// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Qusp;

/// <summary>Operations that hang together, while a split is made: their wires, and what is asked of them.</summary>
internal sealed class Group
{
    private readonly Dictionary<int[], int>.AlternateLookup<ReadOnlySpan<int>> known =
        new Dictionary<int[], int>(new SequenceComparer<int>()).GetAlternateLookup<ReadOnlySpan<int>>();

    /// <summary>The operations, in order.</summary>
    public List<int> Operations { get; } = [];

    /// <summary>The whole circuit's wire of each wire of the group.</summary>
    public List<int> Wires { get; } = [];

    /// <summary>What the operations' angles read, in order of first use.</summary>
    public List<int> Sources { get; } = [];

    /// <summary>
    /// What is measured: for a word the number of letters and each one's wire and letter; for probabilities the number of wires, negative, and the wires.
    /// </summary>
    public List<int> Measured { get; } = [];

    /// <summary>The letters of the word, or the wires of the distribution, that is being asked for.</summary>
    public List<int> Letters { get; } = [];

    /// <summary>Where the distribution's wires are in an outcome.</summary>
    public List<int> Bits { get; } = [];

    /// <summary>The outcome's bits of each distribution asked for, by its first value.</summary>
    public Dictionary<int, int[]> BitsOf { get; } = [];

    /// <summary>How many values are asked for.</summary>
    public int Values { get; private set; }

    /// <summary>Where they begin among the values of the split.</summary>
    public int FirstValue { get; set; }

    /// <summary>The look that is asking.</summary>
    public int AskedBy { get; private set; }

    public void Clear()
    {
        Operations.Clear();
        Wires.Clear();
        Measured.Clear();
        BitsOf.Clear();
        known.Dictionary.Clear();
        (Values, AskedBy) = (0, -1);
    }

    public bool Has(int wire, int[] local) => local[wire] < Wires.Count && Wires[local[wire]] == wire;

    public void BeginAsking(int look)
    {
        AskedBy = look;
        Letters.Clear();
        Bits.Clear();
    }

    /// <summary>The first value of what <see cref="Letters"/> spell; words that were asked for before are found again.</summary>
    public int Ask(bool distribution)
    {
        var letters = CollectionsMarshal.AsSpan(Letters);
        if (!distribution && known.TryGetValue(letters, out var value))
        {
            return value;
        }

        value = Values;
        Measured.Add(distribution ? -letters.Length : letters.Length);
        Measured.AddRange(letters);
        if (distribution)
        {
            BitsOf[value] = [.. Bits];
            Values += 1 << letters.Length;
        }
        else
        {
            known[letters] = value;
            Values++;
        }

        return value;
    }
}
