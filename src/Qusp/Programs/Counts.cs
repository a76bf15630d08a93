// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Qusp;

/// <summary>How often each bit string was seen. A bit string's first character is the first wire.</summary>
public sealed record Counts
{
    private readonly ImmutableSortedDictionary<uint, long> byOutcome;

    /// <summary>Counts of outcomes.</summary>
    /// <param name="bits">The number of bits, 1 to 32.</param>
    /// <param name="outcomes">The outcomes seen, as numbers whose most significant bit is the first character, and how often.</param>
    /// <exception cref="ArgumentException">An outcome has more bits, or a count is not positive.</exception>
    public Counts(int bits, IEnumerable<KeyValuePair<uint, long>> outcomes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 32);
        (Bits, byOutcome) = (bits, outcomes.ToImmutableSortedDictionary());
        if (byOutcome.Any(entry => entry.Value < 1 || (bits < 32 && entry.Key >> bits != 0)))
        {
            throw new ArgumentException($"Counts are positive, and outcomes have {bits} bits.", nameof(outcomes));
        }

        Shots = byOutcome.Values.Sum();
    }

    /// <summary>The number of bits of each bit string.</summary>
    public int Bits { get; }

    /// <summary>The number of shots: the sum of all counts.</summary>
    public long Shots { get; }

    /// <summary>The bit strings seen and how often, in the order of the bit strings.</summary>
    public IEnumerable<(string Bits, long Count)> Entries => byOutcome.Select(entry => (Text(entry.Key), entry.Value));

    /// <summary>How often a bit string was seen; 0 if never.</summary>
    /// <exception cref="FormatException">It is no bit string.</exception>
    public long this[string bits]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(bits);
            return bits.Length == Bits && bits.All(bit => bit is '0' or '1')
                ? byOutcome.GetValueOrDefault(bits.Aggregate(0u, (value, bit) => (value << 1) | (uint)(bit - '0')))
                : throw new FormatException($"'{bits}' is no string of {Bits} bits.");
        }
    }

    /// <summary>The share of shots that gave a bit string, with its standard error √(p(1 − p)/(N − 1)).</summary>
    public Estimate Probability(string bits) => Estimate.OfMean(Shots, this[bits], this[bits]);

    /// <inheritdoc/>
    public bool Equals(Counts? other) => other is not null && Bits == other.Bits && byOutcome.SequenceEqual(other.byOutcome);

    /// <inheritdoc/>
    public override int GetHashCode() => byOutcome.Aggregate(Bits, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value));

    /// <summary>A table, a line for each bit string seen: the bit string, its count and its share.</summary>
    public override string ToString()
    {
        var width = byOutcome.Values.DefaultIfEmpty().Max().ToString(CultureInfo.InvariantCulture).Length;
        var table = new StringBuilder();
        foreach (var (bits, count) in Entries)
        {
            var share = (100.0 * count / Shots).ToString("F2", CultureInfo.InvariantCulture) + "%";
            table.Append(bits).Append("  ").Append(count.ToString(CultureInfo.InvariantCulture).PadLeft(width)).Append("  ").Append(share.PadLeft(7)).Append('\n');
        }

        return table.ToString();
    }

    private string Text(uint outcome) => string.Create(Bits, outcome, static (text, value) =>
    {
        for (var k = text.Length - 1; k >= 0; k--, value >>= 1)
        {
            text[k] = (char)('0' + (value & 1));
        }
    });
}
