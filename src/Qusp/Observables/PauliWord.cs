// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Qusp;

/// <summary>
/// A product of Pauli matrices on different wires, such as <c>X0*Z2</c>; the empty word is the identity.
/// Kept as letters by wire, with value equality.
/// </summary>
public sealed class PauliWord : IEquatable<PauliWord>
{
    private readonly (int Wire, char Pauli)[] letters; // by wire, no 'I'

    private PauliWord((int Wire, char Pauli)[] letters) => this.letters = letters;

    /// <summary>The identity: the empty word.</summary>
    public static PauliWord Identity { get; } = new([]);

    /// <summary>The word's letters X, Y, Z by rising wire; wires with the identity are left out.</summary>
    public ReadOnlySpan<(int Wire, char Pauli)> Letters => letters;

    /// <summary>The largest wire named, or -1 for the identity.</summary>
    public int LastWire => letters.Length == 0 ? -1 : letters[^1].Wire;

    /// <summary>Whether all letters are Z: the word is diagonal in the computational basis.</summary>
    public bool IsDiagonal => letters.All(letter => letter.Pauli == 'Z');

    /// <summary>How many letters are Y; a word with an even number is a real matrix.</summary>
    public int CountY => letters.Count(letter => letter.Pauli == 'Y');

    /// <summary>A word of letters on wires.</summary>
    /// <param name="letters">Letters I, X, Y or Z with their wires, each wire once.</param>
    /// <exception cref="ArgumentException">Another letter, a negative wire, or a wire twice.</exception>
    public static PauliWord Of(params IEnumerable<(int Wire, char Pauli)> letters)
    {
        ArgumentNullException.ThrowIfNull(letters);
        var sorted = Sorted(letters);
        return Wrong(sorted) is { } error ? throw new ArgumentException(error, nameof(letters)) : FromSorted(sorted);
    }

    /// <summary>Pauli Z on one wire.</summary>
    public static PauliWord Z(int wire) => Of((wire, 'Z'));

    /// <summary>Pauli X on one wire.</summary>
    public static PauliWord X(int wire) => Of((wire, 'X'));

    /// <summary>Pauli Y on one wire.</summary>
    public static PauliWord Y(int wire) => Of((wire, 'Y'));

    /// <summary>Letters side by side, the first on wire 0: <c>"IXZ"</c> is X on wire 1 and Z on wire 2.</summary>
    /// <exception cref="ArgumentException">A letter is not one of I, X, Y, Z.</exception>
    public static PauliWord FromLetters(string letters)
    {
        ArgumentNullException.ThrowIfNull(letters);
        return Of(letters.Select((letter, wire) => (wire, letter)));
    }

    /// <summary>Reads <c>X0*Z2</c>; the identity is <c>I</c>.</summary>
    /// <exception cref="FormatException">The text is not a Pauli word.</exception>
    public static PauliWord Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var letters = new List<(int, char)>();
        foreach (var factor in text.Split('*', StringSplitOptions.TrimEntries))
        {
            if (factor is "I" or "i")
            {
                continue;
            }

            if (factor.Length < 2 || !int.TryParse(factor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var wire))
            {
                throw new FormatException($"'{factor}' is no Pauli letter on a wire; write such as X0*Z2.");
            }

            letters.Add((wire, char.ToUpperInvariant(factor[0])));
        }

        var sorted = Sorted(letters);
        return Wrong(sorted) is { } error ? throw new FormatException(error) : FromSorted(sorted);
    }

    /// <summary>The word, times <paramref name="factor"/>.</summary>
    public static PauliSum operator *(double factor, PauliWord word) => factor * (PauliSum)word;

    /// <summary>The sum of both.</summary>
    public static PauliSum operator +(PauliWord left, PauliWord right) => (PauliSum)left + right;

    /// <summary>The difference of both.</summary>
    public static PauliSum operator -(PauliWord left, PauliWord right) => (PauliSum)left - right;

    /// <summary>The letters of both, <c>Z(0) * X(1)</c>.</summary>
    /// <exception cref="ArgumentException">A wire is in both: such a product may have a factor ±i.</exception>
    public static PauliWord operator *(PauliWord left, PauliWord right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Of(left.letters.Concat(right.letters));
    }

    /// <summary>The product of two words as <c>i^turns</c> times a word; turns is odd where they anticommute.</summary>
    internal static (int Turns, PauliWord Word) Product(PauliWord left, PauliWord right)
    {
        var turns = 0;
        var product = new List<(int, char)>();
        var (l, r) = (0, 0);
        while (l < left.letters.Length || r < right.letters.Length)
        {
            if (r == right.letters.Length || (l < left.letters.Length && left.letters[l].Wire < right.letters[r].Wire))
            {
                product.Add(left.letters[l++]);
            }
            else if (l == left.letters.Length || right.letters[r].Wire < left.letters[l].Wire)
            {
                product.Add(right.letters[r++]);
            }
            else
            {
                var ((wire, a), (_, b)) = (left.letters[l++], right.letters[r++]);
                if (a != b)
                {
                    // XY = iZ and its rotations; backwards, −i.
                    var third = (char)('X' + 'Y' + 'Z' - a - b);
                    turns += (b - a + 3) % 3 == 1 ? 1 : 3;
                    product.Add((wire, third));
                }
            }
        }

        return (turns % 4, new PauliWord([.. product]));
    }

    /// <inheritdoc/>
    public bool Equals(PauliWord? other) => other is not null && letters.AsSpan().SequenceEqual(other.letters);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PauliWord);

    /// <inheritdoc/>
    public override int GetHashCode() => letters.Aggregate(17, HashCode.Combine);

    /// <summary>The word as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        if (letters.Length == 0)
        {
            return "I";
        }

        var text = new StringBuilder();
        foreach (var (wire, pauli) in letters)
        {
            text.Append(text.Length > 0 ? "*" : "").Append(pauli).Append(wire.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static (int Wire, char Pauli)[] Sorted(IEnumerable<(int Wire, char Pauli)> letters) => [.. letters.OrderBy(letter => letter.Wire)];

    private static PauliWord FromSorted((int Wire, char Pauli)[] sorted) => new([.. sorted.Where(letter => letter.Pauli != 'I')]);

    private static string? Wrong((int Wire, char Pauli)[] sorted)
    {
        for (var i = 0; i < sorted.Length; i++)
        {
            var (wire, pauli) = sorted[i];
            if (pauli is not ('I' or 'X' or 'Y' or 'Z') || wire < 0)
            {
                return $"'{pauli}{wire}': a Pauli word has letters I, X, Y, Z on wires from 0; write it such as X0*Z2.";
            }

            if (i > 0 && sorted[i - 1].Wire == wire)
            {
                return $"'{sorted[i - 1].Pauli}{wire}*{pauli}{wire}': a Pauli word has one letter a wire.";
            }
        }

        return null;
    }
}
