// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>What is read from the final state: one or more real outputs.</summary>
public abstract record Measurement
{
    private protected Measurement()
    {
    }

    /// <summary>How many outputs it gives on a circuit of <paramref name="wires"/> wires.</summary>
    public abstract int Outputs(int wires);

    internal abstract void Check(int wires);
}

/// <summary>The expectation value ⟨ψ|O|ψ⟩: one output.</summary>
/// <param name="Observable">The observable O.</param>
public sealed record Expectation(PauliSum Observable) : Measurement
{
    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    internal override void Check(int wires)
    {
        foreach (var (_, word) in Observable.Terms)
        {
            if (word.LastWire >= wires)
            {
                throw new ArgumentException($"The observable {Observable} reads wire {word.LastWire}; the circuit's wires are 0 to {wires - 1}.");
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"⟨{Observable}⟩";
}

/// <summary>
/// The probability of each bit string of some wires: 2^m outputs for m wires, the first wire the most significant bit.
/// </summary>
public sealed record Probabilities : Measurement
{
    /// <summary>The probabilities of these wires' bit strings.</summary>
    /// <param name="wires">The wires, all different, at most 30.</param>
    /// <exception cref="ArgumentException">No wire, too many, or a wire named twice.</exception>
    public Probabilities(params ImmutableArray<int> wires)
    {
        if (wires.IsDefaultOrEmpty || wires.Length > 30 || wires.Distinct().Count() != wires.Length || wires.Min() < 0)
        {
            throw new ArgumentException("Probabilities are of 1 to 30 wires, each named once.", nameof(wires));
        }

        OfWires = wires;
    }

    /// <summary>The wires; the first is the most significant bit.</summary>
    public ImmutableArray<int> OfWires { get; }

    /// <inheritdoc/>
    public override int Outputs(int wires) => 1 << OfWires.Length;

    /// <inheritdoc/>
    public bool Equals(Probabilities? other) => other is not null && OfWires.AsSpan().SequenceEqual(other.OfWires.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => OfWires.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"P({string.Join(",", OfWires)})";

    internal override void Check(int wires)
    {
        if (OfWires.Max() >= wires)
        {
            throw new ArgumentException($"{this} reads wire {OfWires.Max()}; the circuit's wires are 0 to {wires - 1}.");
        }
    }
}

/// <summary>The amplitudes: 2·2^n outputs, real and imaginary part of each basis state in turn. Exact devices only.</summary>
public sealed record StateVector : Measurement
{
    /// <inheritdoc/>
    public override int Outputs(int wires) => 2 << wires;

    /// <inheritdoc/>
    public override string ToString() => "|ψ⟩";

    internal override void Check(int wires)
    {
        if (wires > 29)
        {
            throw new ArgumentException($"The state of {wires} wires has more outputs than an array can hold; measure expectations or probabilities.");
        }
    }
}
