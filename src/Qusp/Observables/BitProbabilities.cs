// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// The probability of each value of some classical bits at the end of the circuit: 2^m outputs for m bits, the first bit the
/// most significant. A bit that nothing wrote is 0.
/// </summary>
public sealed record BitProbabilities : Measurement
{
    /// <summary>The probabilities of these bits' values.</summary>
    /// <param name="bits">The bits, all different, at most 20.</param>
    /// <exception cref="ArgumentException">No bit, too many, or a bit named twice.</exception>
    public BitProbabilities(params ImmutableArray<int> bits)
    {
        if (bits.IsDefaultOrEmpty || bits.Length > 20 || bits.Distinct().Count() != bits.Length || bits.Min() < 0)
        {
            throw new ArgumentException("Probabilities are of 1 to 20 bits, each named once.", nameof(bits));
        }

        OfBits = bits;
    }

    /// <summary>The bits; the first is the most significant.</summary>
    public ImmutableArray<int> OfBits { get; }

    /// <inheritdoc/>
    public override int Outputs(int wires) => 1 << OfBits.Length;

    /// <inheritdoc/>
    public bool Equals(BitProbabilities? other) => other is not null && OfBits.AsSpan().SequenceEqual(other.OfBits.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => OfBits.Aggregate(23, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"P(c{string.Join(",c", OfBits)})";

    // Through the measurements in the circuit's course it may depend on any wire.
    internal override ImmutableArray<int> Reads(int wires) => [.. Enumerable.Range(0, wires)];
}
