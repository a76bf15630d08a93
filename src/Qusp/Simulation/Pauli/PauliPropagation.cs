// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Pauli;

/// <summary>
/// Writes a tape: follows the observables' words from the end of the circuit to its start. A word that has X or Y on a wire that no earlier step
/// touches will be 0 in |0…0⟩ whatever comes, and is followed no further; that is exact.
/// </summary>
internal sealed class PauliPropagation
{
    private readonly int chunk; // numbers of a mask: a word is its x mask, then its z mask
    private readonly PauliLimits limits;
    private readonly List<ulong[]> words = [];
    private readonly List<bool> minus = [];
    private readonly List<bool> isAlive = [];
    private readonly List<int> alive = [];
    private readonly List<int> cutOff = [];
    private readonly List<int> slots = [];
    private readonly List<PauliStretch> stretches = [];
    private readonly Dictionary<ulong[], int> table = new(new SequenceComparer<ulong>());
    private readonly Dictionary<ulong[], int>.AlternateLookup<ReadOnlySpan<ulong>> find;
    private readonly ulong[] scratch;
    private readonly List<int> paired = []; // by slot: the last stretch that paired it
    private double[]? coefficients; // followed only where small ones are cut off
    private bool anyDead;

    private PauliPropagation(int wires, PauliLimits limits)
    {
        (chunk, this.limits) = ((wires + 63) / 64, limits);
        find = table.GetAlternateLookup<ReadOnlySpan<ulong>>();
        scratch = new ulong[2 * chunk];
    }

    /// <summary>The tape of some observables.</summary>
    /// <param name="wires">n.</param>
    /// <param name="steps">The steps that fire, in the circuit's order.</param>
    /// <param name="observables">Output, coefficient, word.</param>
    /// <param name="limits">How far words are followed.</param>
    /// <param name="inputs">The sample, read where small coefficients are cut off.</param>
    /// <param name="weights">The weights, read there too.</param>
    /// <exception cref="NotSupportedException">There are more words than allowed.</exception>
    public static PauliTape Record(
        int wires,
        IReadOnlyList<PauliStep> steps,
        IEnumerable<(int Output, double Coefficient, PauliWord Word)> observables,
        PauliLimits limits,
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<double> weights)
    {
        var propagation = new PauliPropagation(wires, limits);
        var terms = propagation.Begin(observables);
        var ends = EndsOf(steps, wires);
        for (var k = steps.Count - 1; k >= 0; k--)
        {
            propagation.Step(steps[k], ends[k], inputs, weights);
        }

        return propagation.Build(terms);
    }

    // By step: the wires that no earlier step touches.
    private static List<int>[] EndsOf(IReadOnlyList<PauliStep> steps, int wires)
    {
        var (touched, ends) = (new bool[wires], new List<int>[steps.Count]);
        for (var k = 0; k < steps.Count; k++)
        {
            ends[k] = [.. steps[k].Wires.Where(wire => !touched[wire])];
            foreach (var wire in steps[k].Wires)
            {
                touched[wire] = true;
            }
        }

        return ends;
    }

    private List<(int, double, int)> Begin(IEnumerable<(int Output, double Coefficient, PauliWord Word)> observables)
    {
        var terms = new List<(int, double, int)>();
        foreach (var (output, coefficient, word) in observables)
        {
            Array.Clear(scratch);
            foreach (var (wire, pauli) in word.Letters)
            {
                Set(scratch, wire, pauli switch { 'X' => 2, 'Y' => 3, _ => 1 });
            }

            terms.Add((output, coefficient, Slot(scratch)));
        }

        if (limits.Cutoff > 0)
        {
            coefficients = new double[words.Count];
            foreach (var (_, coefficient, slot) in terms)
            {
                coefficients[slot] += coefficient;
            }
        }

        return terms;
    }

    private void Step(PauliStep step, List<int> ends, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        var first = slots.Count;
        if (step.Action is { } action)
        {
            Turn(step, action);
        }
        else
        {
            if (step.Letters is { } letters)
            {
                Pair(step.Wires, letters);
            }
            else
            {
                Block(step);
            }

            if (slots.Count > first)
            {
                stretches.Add(new PauliStretch(step, first, slots.Count - first));
                Follow(inputs, weights);
            }
        }

        foreach (var slot in CollectionsMarshal.AsSpan(alive))
        {
            foreach (var wire in ends)
            {
                if (isAlive[slot] && Letter(words[slot], wire) >= 2)
                {
                    Kill(slot);
                    break;
                }
            }
        }

        if (anyDead)
        {
            alive.RemoveAll(slot => !isAlive[slot]);
            anyDead = false;
        }

        if (alive.Count > limits.MaxWords)
        {
            throw new NotSupportedException(
                $"pauli: the observables become more than {limits.MaxWords} words; allow more, cut off by weight or coefficient, or use mps.");
        }
    }

    // A Clifford step: each word becomes one.
    private void Turn(PauliStep step, CliffordAction action)
    {
        var changed = new List<int>();
        foreach (var slot in alive)
        {
            var local = Local(words[slot], step.Wires);
            var (image, sign) = action[local];
            if (image != local || sign)
            {
                changed.Add(slot);
                table.Remove(words[slot]);
            }
        }

        foreach (var slot in changed)
        {
            var (image, sign) = action[Local(words[slot], step.Wires)];
            minus[slot] ^= sign;
            Set(words[slot], step.Wires, image);
            table.Add(words[slot], slot);
            Weigh(slot);
        }
    }

    // exp(−iφP/2): Q → cos φ Q + sin φ · iPQ for each Q that anticommutes with P.
    private void Pair(int[] wires, byte[] letters)
    {
        var stamp = stretches.Count + 1;
        var count = alive.Count;
        for (var k = 0; k < count; k++)
        {
            var slot = alive[k];
            if (paired[slot] == stamp || !isAlive[slot])
            {
                continue;
            }

            var (crossings, turns) = (0, 1);
            words[slot].CopyTo(scratch, 0);
            for (var w = 0; w < wires.Length; w++)
            {
                var (p, q) = (letters[w], Letter(words[slot], wires[w]));
                crossings += p != 0 && q != 0 && p != q ? 1 : 0;
                turns += (p == 3 ? 1 : 0) + (q == 3 ? 1 : 0) - ((p ^ q) == 3 ? 1 : 0) + (2 * (p & 1) * (q >> 1));
                Set(scratch, wires[w], p ^ q);
            }

            if (crossings % 2 == 0)
            {
                continue;
            }

            var partner = Slot(scratch);
            (paired[slot], paired[partner]) = (stamp, stamp);
            var isPlus = ((turns & 3) == 0) == (minus[slot] == minus[partner]);
            slots.Add(slot);
            slots.Add(isPlus ? partner : ~partner);
        }
    }

    private void Block(PauliStep step)
    {
        var size = 1 << (2 * step.Wires.Length);
        var stamp = stretches.Count + 1;
        var count = alive.Count;
        for (var k = 0; k < count; k++)
        {
            var slot = alive[k];
            if (paired[slot] == stamp || !isAlive[slot] || Local(words[slot], step.Wires) == 0)
            {
                continue;
            }

            // All words that agree with this one on the other wires.
            var first = slots.Count;
            var reached = new bool[size];
            for (var p = 0; p < size; p++)
            {
                words[slot].CopyTo(scratch, 0);
                Set(scratch, step.Wires, p);
                slots.Add(find.TryGetValue(scratch, out var found) ? found : PauliTape.None);
                for (var q = 0; q < size && slots[first + p] != PauliTape.None; q++)
                {
                    reached[q] |= step.Matrix[(q * size) + p] != 0;
                }
            }

            for (var p = 0; p < size; p++)
            {
                if (reached[p] && slots[first + p] == PauliTape.None)
                {
                    words[slot].CopyTo(scratch, 0);
                    Set(scratch, step.Wires, p);
                    slots[first + p] = Slot(scratch);
                }

                if (slots[first + p] is var one and not PauliTape.None)
                {
                    paired[one] = stamp;
                    slots[first + p] = minus[one] ? ~one : one;
                }
            }
        }
    }

    // Takes coefficients along and cuts off those that have become small.
    private void Follow(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        if (coefficients is null)
        {
            return;
        }

        if (coefficients.Length < words.Count)
        {
            Array.Resize(ref coefficients, Math.Max(words.Count, 2 * coefficients.Length));
        }

        var last = stretches[^1];
        var one = new PauliTape { Stretches = [last], Slots = [.. slots], AtZero = [], CutOff = [], Terms = [] };
        var angles = new PauliAngles(one);
        angles.Fill(inputs, weights, derivatives: false);
        one.Propagate(angles, coefficients);
        for (var k = last.First; k < last.First + last.Count; k++)
        {
            if (slots[k] != PauliTape.None)
            {
                var slot = slots[k] < 0 ? ~slots[k] : slots[k];
                if (isAlive[slot] && Math.Abs(coefficients[slot]) < limits.Cutoff)
                {
                    CutOff(slot);
                }
            }
        }
    }

    private PauliTape Build(List<(int, double, int)> terms)
    {
        var atZero = new double[words.Count];
        foreach (var slot in alive)
        {
            atZero[slot] = words[slot].AsSpan(0, chunk).ContainsAnyExcept(0UL) ? 0 : minus[slot] ? -1 : 1;
        }

        return new PauliTape { Stretches = [.. stretches], Slots = [.. slots], AtZero = atZero, CutOff = [.. cutOff], Terms = [.. terms] };
    }

    private int Slot(ReadOnlySpan<ulong> word)
    {
        if (find.TryGetValue(word, out var slot))
        {
            return slot;
        }

        slot = words.Count;
        words.Add(word.ToArray());
        minus.Add(false);
        isAlive.Add(true);
        paired.Add(0);
        alive.Add(slot);
        table.Add(words[slot], slot);
        Weigh(slot);
        return slot;
    }

    private void Weigh(int slot)
    {
        if (limits.MaxWeight >= Circuit.MaxWires)
        {
            return;
        }

        var weight = 0;
        for (var k = 0; k < chunk; k++)
        {
            weight += BitOperations.PopCount(words[slot][k] | words[slot][chunk + k]);
        }

        if (weight > limits.MaxWeight)
        {
            CutOff(slot);
        }
    }

    private void CutOff(int slot)
    {
        cutOff.Add(slot);
        Kill(slot);
    }

    private void Kill(int slot)
    {
        table.Remove(words[slot]);
        isAlive[slot] = false;
        anyDead = true;
    }

    private int Letter(ulong[] word, int wire) => (int)((((word[wire >> 6] >> (wire & 63)) & 1) << 1) | ((word[chunk + (wire >> 6)] >> (wire & 63)) & 1));

    private void Set(ulong[] word, int wire, int letter)
    {
        var (at, bit) = (wire >> 6, 1UL << (wire & 63));
        word[at] = (letter & 2) != 0 ? word[at] | bit : word[at] & ~bit;
        word[chunk + at] = (letter & 1) != 0 ? word[chunk + at] | bit : word[chunk + at] & ~bit;
    }

    private int Local(ulong[] word, int[] wires)
    {
        var local = 0;
        foreach (var wire in wires)
        {
            local = (local << 2) | Letter(word, wire);
        }

        return local;
    }

    private void Set(ulong[] word, int[] wires, int local)
    {
        for (var k = 0; k < wires.Length; k++)
        {
            Set(word, wires[k], (local >> (2 * (wires.Length - 1 - k))) & 3);
        }
    }
}
