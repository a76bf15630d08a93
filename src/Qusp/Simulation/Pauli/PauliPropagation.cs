// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Pauli;

/// <summary>
/// Writes a tape: follows the observables' words from the end of the circuit to its start. A word that has X or Y on a wire that no earlier step
/// touches will be 0 in |0…0⟩ whatever comes, and is followed no further; that is exact.
/// </summary>
internal sealed class PauliPropagation
{
    private readonly PauliLimits limits;
    private readonly PauliSlots words;
    private readonly List<int> slots = [];
    private readonly List<PauliStretch> stretches = [];
    private readonly ulong[] scratch;
    private readonly PauliSweep sweep = new(new Crew(threads: 1));
    private double[]? coefficients; // followed only where small ones are cut off

    private PauliPropagation(int wires, PauliLimits limits)
    {
        this.limits = limits;
        words = new PauliSlots(wires, limits.MaxWeight);
        scratch = words.NewWord();
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
                words.Set(scratch, wire, pauli switch { 'X' => 2, 'Y' => 3, _ => 1 });
            }

            terms.Add((output, coefficient, words.Find(scratch)));
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

        words.End(ends);
        if (words.Alive.Count > limits.MaxWords)
        {
            throw new NotSupportedException(
                $"pauli: the observables become more than {limits.MaxWords} words; allow more, cut off by weight or coefficient, or use mps.");
        }
    }

    // A Clifford step: each word becomes one.
    private void Turn(PauliStep step, CliffordAction action)
    {
        var changed = new List<int>();
        foreach (var slot in words.Alive)
        {
            var local = words.Local(slot, step.Wires);
            var (image, sign) = action[local];
            if (image != local || sign)
            {
                changed.Add(slot);
                words.Leave(slot);
            }
        }

        foreach (var slot in changed)
        {
            var (image, sign) = action[words.Local(slot, step.Wires)];
            words.Return(slot, step.Wires, image, sign);
        }
    }

    // exp(−iφP/2): Q → cos φ Q + sin φ · iPQ for each Q that anticommutes with P.
    private void Pair(int[] wires, byte[] letters)
    {
        var stamp = stretches.Count + 1;
        var count = words.Alive.Count;
        for (var k = 0; k < count; k++)
        {
            var slot = words.Alive[k];
            if (words.Stamp(slot) == stamp || !words.IsAlive(slot))
            {
                continue;
            }

            var (crossings, turns) = (0, 1);
            words.CopyTo(slot, scratch);
            for (var w = 0; w < wires.Length; w++)
            {
                var (p, q) = (letters[w], words.Letter(slot, wires[w]));
                crossings += p != 0 && q != 0 && p != q ? 1 : 0;
                turns += (p == 3 ? 1 : 0) + (q == 3 ? 1 : 0) - ((p ^ q) == 3 ? 1 : 0) + (2 * (p & 1) * (q >> 1));
                words.Set(scratch, wires[w], p ^ q);
            }

            if (crossings % 2 == 0)
            {
                continue;
            }

            var partner = words.Find(scratch);
            words.SetStamp(slot, stamp);
            words.SetStamp(partner, stamp);
            var isPlus = ((turns & 3) == 0) == (words.HasMinus(slot) == words.HasMinus(partner));
            slots.Add(slot);
            slots.Add(isPlus ? partner : ~partner);
        }
    }

    private void Block(PauliStep step)
    {
        var size = 1 << (2 * step.Wires.Length);
        var stamp = stretches.Count + 1;
        var count = words.Alive.Count;
        for (var k = 0; k < count; k++)
        {
            var slot = words.Alive[k];
            if (words.Stamp(slot) == stamp || !words.IsAlive(slot) || words.Local(slot, step.Wires) == 0)
            {
                continue;
            }

            // All words that agree with this one on the other wires.
            var first = slots.Count;
            var reached = new bool[size];
            for (var p = 0; p < size; p++)
            {
                words.CopyTo(slot, scratch);
                words.Set(scratch, step.Wires, p);
                slots.Add(words.TryFind(scratch) ?? PauliTape.None);
                for (var q = 0; q < size && slots[first + p] != PauliTape.None; q++)
                {
                    reached[q] |= step.Matrix[(q * size) + p] != 0;
                }
            }

            for (var p = 0; p < size; p++)
            {
                if (reached[p] && slots[first + p] == PauliTape.None)
                {
                    words.CopyTo(slot, scratch);
                    words.Set(scratch, step.Wires, p);
                    slots[first + p] = words.Find(scratch);
                }

                if (slots[first + p] is var one and not PauliTape.None)
                {
                    words.SetStamp(one, stamp);
                    slots[first + p] = words.HasMinus(one) ? ~one : one;
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
        // Swept forward alone, so that of the expectations at |0…0⟩ only their number counts.
        var one = new PauliTape { Stretches = [last with { First = 0 }], Slots = [.. slots[last.First..]], AtZero = coefficients, CutOff = [], Terms = [] };
        sweep.Begin(one, inputs, weights, derivatives: false);
        coefficients.CopyTo(sweep.Coefficients);
        sweep.Propagate();
        sweep.Coefficients.CopyTo(coefficients);
        for (var k = last.First; k < last.First + last.Count; k++)
        {
            if (slots[k] != PauliTape.None)
            {
                var slot = slots[k] < 0 ? ~slots[k] : slots[k];
                if (words.IsAlive(slot) && Math.Abs(coefficients[slot]) < limits.Cutoff)
                {
                    words.CutOff(slot);
                }
            }
        }
    }

    private PauliTape Build(List<(int, double, int)> terms)
    {
        var atZero = new double[words.Count];
        foreach (var slot in words.Alive)
        {
            atZero[slot] = words.Flips(slot) ? 0 : words.HasMinus(slot) ? -1 : 1;
        }

        return new PauliTape { Stretches = [.. stretches], Slots = [.. slots], AtZero = atZero, CutOff = [.. words.AllCutOff], Terms = [.. terms] };
    }
}
