// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Qusp;

/// <content>What the looks ask of the groups, and how the answers make an output.</content>
internal sealed partial class Grouping
{
    /// <summary>Writes the groups that were made last.</summary>
    public void Emit(SplitBuilder split)
    {
        // What a group is asked for is part of its shape, so all looks ask before any is answered.
        factors.Clear();
        answers.Clear();
        for (var k = 0; k < askedCount; k++)
        {
            Ask(k);
        }

        for (var g = 0; g < groupCount; g++)
        {
            var one = groups[g];
            one.FirstValue = split.Values;
            if (one.Values > 0)
            {
                split.Add(shapes.Find(one, local), [.. one.Wires], [.. one.Sources]);
            }
        }

        foreach (var (look, first, count) in answers)
        {
            Answer(asked[look], CollectionsMarshal.AsSpan(factors).Slice(first, count), split);
        }
    }

    // One factor for each group that the look reaches.
    private void Ask(int index)
    {
        var look = asked[index];
        var first = factors.Count;
        reached.Clear();
        if (look.Word is { } word)
        {
            foreach (var (wire, pauli) in word.Letters)
            {
                if (group[wire] < 0 && pauli != 'Z')
                {
                    asked[index] = look with { Coefficient = 0 }; // ⟨X⟩ and ⟨Y⟩ of |0⟩
                    answers.Add((index, first, 0));
                    return;
                }
            }

            foreach (var (wire, pauli) in word.Letters)
            {
                Reach(wire, pauli, 0, index);
            }
        }
        else
        {
            for (var k = 0; k < look.Distribution.Length; k++)
            {
                Reach(look.Distribution[k], '\0', look.Distribution.Length - 1 - k, index);
            }
        }

        foreach (var g in reached)
        {
            factors.Add((g, groups[g].Ask(look.Word is null)));
        }

        answers.Add((index, first, reached.Count));
    }

    private void Reach(int wire, char pauli, int bit, int look)
    {
        if (group[wire] < 0)
        {
            return;
        }

        var one = groups[group[wire]];
        if (one.AskedBy != look)
        {
            one.BeginAsking(look);
            reached.Add(group[wire]);
        }

        one.Letters.Add((local[wire] << 8) | pauli);
        one.Bits.Add(bit);
    }

    private void Answer(in Look look, ReadOnlySpan<(int Group, int Value)> found, SplitBuilder split)
    {
        if (look.Word is not null)
        {
            values.Clear();
            foreach (var (g, value) in found)
            {
                values.Add(groups[g].FirstValue + value);
            }

            split.Add(look.Output, look.Coefficient, CollectionsMarshal.AsSpan(values));
            return;
        }

        if (found.IsEmpty)
        {
            return;
        }

        var untouched = 0;
        for (var k = 0; k < look.Distribution.Length; k++)
        {
            untouched |= group[look.Distribution[k]] < 0 ? 1 << (look.Distribution.Length - 1 - k) : 0;
        }

        var parts = new (int, int[])[found.Length];
        for (var k = 0; k < parts.Length; k++)
        {
            var one = groups[found[k].Group];
            parts[k] = (one.FirstValue + found[k].Value, one.BitsOf[found[k].Value]);
        }

        split.Add(new Join(look.Output, 1 << look.Distribution.Length, untouched, parts));
    }
}
