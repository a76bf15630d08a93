// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Pauli;

/// <summary>
/// The words of a propagation, each in a slot that it keeps: as bits, its x mask and then its z mask, with a sign, and found by value. A word that is dead
/// is followed no further, and its slot is not given away.
/// </summary>
internal sealed class PauliSlots
{
    private readonly int chunk; // numbers of a mask
    private readonly int maxWeight;
    private readonly List<ulong[]> words = [];
    private readonly List<bool> minus = [];
    private readonly List<bool> isAlive = [];
    private readonly List<int> stamps = [];
    private readonly List<int> cutOff = [];
    private readonly Dictionary<ulong[], int> table = new(new SequenceComparer<ulong>());
    private readonly Dictionary<ulong[], int>.AlternateLookup<ReadOnlySpan<ulong>> find;
    private bool anyDead;

    public PauliSlots(int wires, int maxWeight)
    {
        (chunk, this.maxWeight) = ((wires + 63) / 64, maxWeight);
        find = table.GetAlternateLookup<ReadOnlySpan<ulong>>();
    }

    /// <summary>How many slots there are, of living words and dead ones.</summary>
    public int Count => words.Count;

    /// <summary>The slots of living words; one that died since the last <see cref="End"/> may be among them.</summary>
    public List<int> Alive { get; } = [];

    /// <summary>The slots of words that were cut off.</summary>
    public IEnumerable<int> AllCutOff => cutOff;

    public ulong[] NewWord() => new ulong[2 * chunk];

    public void CopyTo(int slot, ulong[] word) => words[slot].CopyTo(word, 0);

    public bool IsAlive(int slot) => isAlive[slot];

    public bool HasMinus(int slot) => minus[slot];

    /// <summary>A mark for the caller's use, 0 at first.</summary>
    public int Stamp(int slot) => stamps[slot];

    public void SetStamp(int slot, int stamp) => stamps[slot] = stamp;

    /// <summary>Whether it has X or Y anywhere.</summary>
    public bool Flips(int slot) => words[slot].AsSpan(0, chunk).ContainsAnyExcept(0UL);

    /// <summary>The letter's bits x, z.</summary>
    public int Letter(int slot, int wire)
    {
        var (word, at) = (words[slot], wire >> 6);
        return (int)((((word[at] >> (wire & 63)) & 1) << 1) | ((word[chunk + at] >> (wire & 63)) & 1));
    }

    /// <summary>The letters on some wires, two bits each, the first wire's first.</summary>
    public int Local(int slot, int[] wires)
    {
        var local = 0;
        foreach (var wire in wires)
        {
            local = (local << 2) | Letter(slot, wire);
        }

        return local;
    }

    public void Set(ulong[] word, int wire, int letter)
    {
        var (at, bit) = (wire >> 6, 1UL << (wire & 63));
        word[at] = (letter & 2) != 0 ? word[at] | bit : word[at] & ~bit;
        word[chunk + at] = (letter & 1) != 0 ? word[chunk + at] | bit : word[chunk + at] & ~bit;
    }

    public void Set(ulong[] word, int[] wires, int local)
    {
        for (var k = 0; k < wires.Length; k++)
        {
            Set(word, wires[k], (local >> (2 * (wires.Length - 1 - k))) & 3);
        }
    }

    /// <summary>The living word's slot; null if there is none.</summary>
    public int? TryFind(ReadOnlySpan<ulong> word) => find.TryGetValue(word, out var slot) ? slot : null;

    /// <summary>The word's slot, new if need be.</summary>
    public int Find(ReadOnlySpan<ulong> word)
    {
        if (find.TryGetValue(word, out var slot))
        {
            return slot;
        }

        slot = words.Count;
        words.Add(word.ToArray());
        minus.Add(false);
        isAlive.Add(true);
        stamps.Add(0);
        Alive.Add(slot);
        table.Add(words[slot], slot);
        Weigh(slot);
        return slot;
    }

    /// <summary>Takes a word out, to <see cref="Return"/> changed; all that change leave before the first returns.</summary>
    public void Leave(int slot) => table.Remove(words[slot]);

    public void Return(int slot, int[] wires, int letters, bool turnsSign)
    {
        minus[slot] ^= turnsSign;
        Set(words[slot], wires, letters);
        table.Add(words[slot], slot);
        Weigh(slot);
    }

    /// <summary>Follows a word no further although it counts.</summary>
    public void CutOff(int slot)
    {
        cutOff.Add(slot);
        Kill(slot);
    }

    /// <summary>Ends a step: words with X or Y on a wire that nothing touches any more are dead.</summary>
    public void End(List<int> untouched)
    {
        foreach (var slot in Alive)
        {
            foreach (var wire in untouched)
            {
                if (isAlive[slot] && Letter(slot, wire) >= 2)
                {
                    Kill(slot);
                }
            }
        }

        if (anyDead)
        {
            Alive.RemoveAll(slot => !isAlive[slot]);
            anyDead = false;
        }
    }

    private void Weigh(int slot)
    {
        if (maxWeight >= Circuit.MaxWires)
        {
            return;
        }

        var weight = 0;
        for (var k = 0; k < chunk; k++)
        {
            weight += BitOperations.PopCount(words[slot][k] | words[slot][chunk + k]);
        }

        if (weight > maxWeight)
        {
            CutOff(slot);
        }
    }

    private void Kill(int slot)
    {
        table.Remove(words[slot]);
        isAlive[slot] = false;
        anyDead = true;
    }
}
