// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Takes Clifford operations that nothing follows into the observables: <c>⟨U†PU⟩</c> for <c>⟨P⟩</c> after U. A word stays a word, and
/// wires that only such operations joined come apart.
/// </summary>
internal sealed class Absorption
{
    private readonly Circuit circuit;
    private readonly CliffordAction?[] actions;
    private readonly bool[] followed; // by wire: something stays behind this point
    private readonly List<(int Look, byte Letter)>[] columns; // by wire: the letters that looks have there, by rising look
    private readonly List<(int Look, byte Letter)> first = [];
    private readonly List<(int Look, byte Letter)> second = [];
    private readonly List<(int, char)>?[] letters;
    private readonly bool[] minus;
    private readonly bool[] isTurned; // by look: whether an operation changed it

    public Absorption(Circuit circuit, int looks)
    {
        this.circuit = circuit;
        var known = new Dictionary<Operation, CliffordAction?>();
        actions = [.. circuit.Operations.Select(operation =>
        {
            var bare = operation.WithGuard(null).WithWires([.. Enumerable.Range(0, operation.Wires.Length)]);
            return operation.Conditions.IsEmpty ? known.TryGetValue(bare, out var action) ? action : known[bare] = CliffordAction.Of(bare) : null;
        })];
        IsPossible = Array.Exists(actions, action => action is not null);
        followed = new bool[circuit.Wires];
        columns = [.. Enumerable.Range(0, circuit.Wires).Select(_ => new List<(int, byte)>())];
        letters = new List<(int, char)>?[looks];
        minus = new bool[looks];
        isTurned = new bool[looks];
    }

    /// <summary>Whether the circuit has a Clifford operation at all.</summary>
    public bool IsPossible { get; }

    /// <summary>Takes what it can out of the operations into the looks.</summary>
    /// <param name="operations">Indices of operations, in order; those that stay are moved to the front.</param>
    /// <param name="looks">What is measured; changed.</param>
    /// <returns>How many operations stay.</returns>
    public int Absorb(Span<int> operations, Span<Look> looks)
    {
        Write(looks);
        var stay = operations.Length;
        for (var i = operations.Length - 1; i >= 0; i--)
        {
            var wires = circuit.Operations[operations[i]].Wires;
            var isLast = true;
            foreach (var wire in wires)
            {
                isLast &= !followed[wire];
            }

            if (isLast && actions[operations[i]] is { } action)
            {
                Turn(action, wires);
                continue;
            }

            operations[--stay] = operations[i];
            foreach (var wire in wires)
            {
                followed[wire] = true;
            }
        }

        operations[stay..].CopyTo(operations);
        if (stay > 0)
        {
            Read(looks);
        }

        return operations.Length - stay;
    }

    private void Write(ReadOnlySpan<Look> looks)
    {
        Array.Clear(followed);
        Array.Clear(minus);
        Array.Clear(isTurned);
        foreach (var column in columns)
        {
            column.Clear();
        }

        for (var k = 0; k < looks.Length; k++)
        {
            foreach (var wire in looks[k].Distribution)
            {
                followed[wire] = true;
            }

            if (looks[k].Word is { } word)
            {
                foreach (var (wire, pauli) in word.Letters)
                {
                    columns[wire].Add((k, (byte)(pauli == 'Z' ? 1 : pauli == 'X' ? 2 : 3)));
                }
            }
        }
    }

    private void Turn(CliffordAction action, ImmutableArray<int> wires)
    {
        first.Clear();
        second.Clear();
        var a = columns[wires[0]];
        if (wires.Length == 1)
        {
            foreach (var (look, letter) in a)
            {
                var (image, sign) = action[letter];
                minus[look] ^= sign;
                isTurned[look] |= sign || image != letter;
                first.Add((look, image));
            }

            a.Clear();
            a.AddRange(first);
            return;
        }

        var b = columns[wires[1]];
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            var look = Math.Min(i < a.Count ? a[i].Look : int.MaxValue, j < b.Count ? b[j].Look : int.MaxValue);
            var word = 0;
            if (i < a.Count && a[i].Look == look)
            {
                word |= a[i++].Letter << 2;
            }

            if (j < b.Count && b[j].Look == look)
            {
                word |= b[j++].Letter;
            }

            var (image, sign) = action[word];
            minus[look] ^= sign;
            isTurned[look] |= sign || image != word;
            if (image >> 2 is not 0 and var left)
            {
                first.Add((look, (byte)left));
            }

            if ((image & 3) is not 0 and var right)
            {
                second.Add((look, (byte)right));
            }
        }

        a.Clear();
        a.AddRange(first);
        b.Clear();
        b.AddRange(second);
    }

    private void Read(Span<Look> looks)
    {
        for (var wire = 0; wire < columns.Length; wire++)
        {
            foreach (var (look, letter) in columns[wire].Where(entry => isTurned[entry.Look]))
            {
                (letters[look] ??= []).Add((wire, "IZXY"[letter]));
            }
        }

        for (var k = 0; k < looks.Length; k++)
        {
            if (isTurned[k])
            {
                var sign = minus[k] ? -1 : 1;
                var word = letters[k] is { Count: > 0 } found ? PauliWord.Of(found) : PauliWord.Identity;
                looks[k] = looks[k] with { Coefficient = sign * looks[k].Coefficient, Word = word };
                letters[k]?.Clear();
            }
        }
    }
}
