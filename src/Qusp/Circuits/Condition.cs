// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp;

/// <summary>
/// A predicate on classical bits that were measured before: they spell a number, or do not. An operation fires where all
/// of its conditions hold. Unlike a <see cref="Guard"/>, which reads the data, it reads what the circuit itself has measured.
/// </summary>
public sealed class Condition : IEquatable<Condition>
{
    /// <summary>The condition that bits spell <paramref name="value"/>.</summary>
    /// <param name="bits">The bits, 1 to 64, each named once; the first is the most significant.</param>
    /// <param name="value">The number.</param>
    /// <param name="negated">Whether it holds where they spell another number.</param>
    /// <exception cref="ArgumentException">No bit, too many, a bit named twice, or a number that they cannot spell.</exception>
    public Condition(ImmutableArray<int> bits, ulong value, bool negated = false)
    {
        if (bits.IsDefaultOrEmpty || bits.Length > 64 || bits.Distinct().Count() != bits.Length || bits.Min() < 0)
        {
            throw new ArgumentException("A condition reads 1 to 64 bits, each named once.", nameof(bits));
        }

        if (bits.Length < 64 && value >> bits.Length != 0)
        {
            throw new ArgumentException($"{bits.Length} bit(s) never spell {value}.", nameof(value));
        }

        (Bits, Value, Negated) = (bits, value, negated);
    }

    /// <summary>The bits; the first is the most significant.</summary>
    public ImmutableArray<int> Bits { get; }

    /// <summary>The number that they are compared with.</summary>
    public ulong Value { get; }

    /// <summary>Whether it holds where they spell another number.</summary>
    public bool Negated { get; }

    /// <summary>The condition that a bit is 1.</summary>
    public static Condition IsSet(int bit) => new([bit], 1);

    /// <summary>The opposite condition.</summary>
    public Condition Not() => new(Bits, Value, !Negated);

    /// <summary>Whether it holds.</summary>
    /// <param name="bits">The values of all the circuit's bits.</param>
    public bool Holds(ReadOnlySpan<bool> bits)
    {
        var number = 0UL;
        foreach (var bit in Bits)
        {
            number = (number << 1) | (bits[bit] ? 1UL : 0);
        }

        return number == Value != Negated;
    }

    /// <inheritdoc/>
    public bool Equals(Condition? other) =>
        other is not null && Value == other.Value && Negated == other.Negated && Bits.AsSpan().SequenceEqual(other.Bits.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Condition);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, Negated, Bits.Length, Bits[0]);

    /// <summary>The condition as a reader writes it, such as <c>c0=1</c> or <c>c0,c1≠2</c>.</summary>
    public override string ToString() =>
        $"{string.Join(",", Bits.Select(bit => "c" + bit.ToString(CultureInfo.InvariantCulture)))}{(Negated ? '≠' : '=')}{Value.ToString(CultureInfo.InvariantCulture)}";
}
