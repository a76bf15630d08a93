// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// What is read from the final state: one or more real outputs. Devices read expectation values of Pauli sums,
/// probabilities, density matrices and, where the state is pure, amplitudes. All else is a
/// <see cref="DerivedMeasurement"/>, a function of these, which no device needs to know.
/// </summary>
public abstract record Measurement
{
    private protected Measurement()
    {
    }

    /// <summary>How many outputs it gives on a circuit of <paramref name="wires"/> wires.</summary>
    public abstract int Outputs(int wires);

    /// <summary>The wires that its outputs depend on, on a circuit of <paramref name="wires"/> wires.</summary>
    internal abstract ImmutableArray<int> Reads(int wires);

    /// <exception cref="ArgumentException">It reads a wire that is not there.</exception>
    internal virtual void Check(int wires)
    {
        if (Reads(wires) is { IsEmpty: false } read && read.Max() >= wires)
        {
            throw new ArgumentException($"{this} reads wire {read.Max()}; the circuit's wires are 0 to {wires - 1}.");
        }
    }

    private protected static ImmutableArray<int> Distinct(string what, int most, ImmutableArray<int> wires)
    {
        if (wires.IsDefaultOrEmpty || wires.Length > most || wires.Distinct().Count() != wires.Length || wires.Min() < 0)
        {
            throw new ArgumentException($"{what} of 1 to {most} wires, each named once.", nameof(wires));
        }

        return wires;
    }
}

/// <summary>The expectation value ⟨ψ|O|ψ⟩: one output.</summary>
/// <param name="Observable">The observable O.</param>
public sealed record Expectation(PauliSum Observable) : Measurement
{
    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    /// <inheritdoc/>
    public override string ToString() => $"⟨{Observable}⟩";

    internal override ImmutableArray<int> Reads(int wires) => Observable.Wires;
}

/// <summary>
/// The probability of each bit string of some wires: 2^m outputs for m wires, the first wire the most significant bit.
/// </summary>
public sealed record Probabilities : Measurement
{
    /// <summary>The probabilities of these wires' bit strings.</summary>
    /// <param name="wires">The wires, all different, at most 30.</param>
    /// <exception cref="ArgumentException">No wire, too many, or a wire named twice.</exception>
    public Probabilities(params ImmutableArray<int> wires) => OfWires = Distinct("Probabilities are", 30, wires);

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

    internal override ImmutableArray<int> Reads(int wires) => OfWires;
}

/// <summary>The amplitudes: 2·2^n outputs, real and imaginary part of each basis state in turn. Exact devices only.</summary>
public sealed record StateVector : Measurement
{
    /// <inheritdoc/>
    public override int Outputs(int wires) => 2 << wires;

    /// <inheritdoc/>
    public override string ToString() => "|ψ⟩";

    internal override ImmutableArray<int> Reads(int wires) => [.. Enumerable.Range(0, wires)];

    internal override void Check(int wires)
    {
        if (wires > 29)
        {
            throw new ArgumentException($"The state of {wires} wires has more outputs than an array can hold; measure expectations or probabilities.");
        }
    }
}
