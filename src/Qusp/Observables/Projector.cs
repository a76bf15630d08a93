// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>The projector |b⟩⟨b| onto a bit string b of some wires, the identity on the others.</summary>
public sealed record Projector
{
    /// <summary>The projector onto a bit string.</summary>
    /// <param name="bits">The bits of the wires in their order, such as <c>"010"</c>.</param>
    /// <param name="wires">The wires, one a bit; wires 0, 1, … if none is named.</param>
    /// <exception cref="ArgumentException">A character is not 0 or 1, or the wires are not as many, or one is named twice.</exception>
    public Projector(string bits, params ImmutableArray<int> wires)
    {
        ArgumentNullException.ThrowIfNull(bits);
        if (bits.Any(bit => bit is not ('0' or '1')))
        {
            throw new ArgumentException($"'{bits}': a bit string is of 0 and 1.", nameof(bits));
        }

        Of = new Probabilities(wires.IsDefaultOrEmpty ? [.. Enumerable.Range(0, bits.Length)] : wires);
        Bits = bits.Length == Of.OfWires.Length
            ? bits
            : throw new ArgumentException($"'{bits}' has {bits.Length} bits and there are {Of.OfWires.Length} wires.", nameof(bits));
    }

    /// <summary>The bits, in the order of <see cref="OfWires"/>.</summary>
    public string Bits { get; }

    /// <summary>The wires.</summary>
    public ImmutableArray<int> OfWires => Of.OfWires;

    /// <summary>The probabilities that the projector's is one of.</summary>
    internal Probabilities Of { get; }

    /// <summary>Its place among them.</summary>
    internal int Index => Bits.Aggregate(0, (index, bit) => (index << 1) | (bit - '0'));

    /// <summary>The projector as <c>|01⟩⟨01|(0,1)</c>.</summary>
    public override string ToString() => $"|{Bits}⟩⟨{Bits}|({string.Join(",", OfWires)})";
}

/// <summary>The expectation value of a projector, the probability of its bit string: one output.</summary>
/// <param name="Onto">The projector.</param>
public sealed record ProjectorExpectation(Projector Onto) : DerivedMeasurement
{
    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    /// <inheritdoc/>
    public override string ToString() => $"⟨{Onto}⟩";

    internal override ImmutableArray<int> Reads(int wires) => Onto.OfWires;

    internal override ImmutableArray<Measurement> Parts(FinalState state) => [Onto.Of];

    internal override void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs) => outputs[0] = parts[Onto.Index];

    internal override void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents) =>
        partCotangents[Onto.Index] += cotangents[0];
}

/// <summary>The variance p(1 − p) of a projector, p its expectation value: one output.</summary>
/// <param name="Onto">The projector.</param>
public sealed record ProjectorVariance(Projector Onto) : DerivedMeasurement
{
    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    /// <inheritdoc/>
    public override string ToString() => $"Var({Onto})";

    internal override ImmutableArray<int> Reads(int wires) => Onto.OfWires;

    internal override ImmutableArray<Measurement> Parts(FinalState state) => [Onto.Of];

    internal override void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs) =>
        outputs[0] = parts[Onto.Index] * (1 - parts[Onto.Index]);

    internal override void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents) =>
        partCotangents[Onto.Index] += (1 - (2 * parts[Onto.Index])) * cotangents[0];
}
