// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// The purity <c>Tr ρ_S²</c> of some wires S, from 2^{−m} (maximally mixed) to 1 (pure): one output.
/// </summary>
public sealed record Purity : SubsystemMeasurement
{
    /// <summary>The purity of these wires.</summary>
    /// <param name="wires">The wires, all different.</param>
    /// <exception cref="ArgumentException">No wire, or a wire named twice.</exception>
    public Purity(params ImmutableArray<int> wires)
        : base("Purity is", wires)
    {
    }

    /// <inheritdoc/>
    public override string ToString() => $"Tr ρ²({string.Join(",", OfWires)})";

    internal override ImmutableArray<Measurement> Parts(FinalState state) => Spectra.Parts(state, OfWires);

    // Tr ρ² = Σ |ρ_rc|², so its derivative by each number is twice that number.
    internal override void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs)
    {
        var sum = parts.IsEmpty ? 1.0 : 0;
        foreach (var number in parts)
        {
            sum += number * number;
        }

        outputs[0] = sum;
    }

    internal override void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents)
    {
        for (var k = 0; k < parts.Length; k++)
        {
            partCotangents[k] += 2 * parts[k] * cotangents[0];
        }
    }
}
