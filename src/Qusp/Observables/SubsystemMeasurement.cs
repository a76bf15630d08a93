// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A function f of the reduced density matrix of some wires: one output.</summary>
public abstract record SubsystemMeasurement : DerivedMeasurement
{
    private protected SubsystemMeasurement(string what, ImmutableArray<int> wires) => OfWires = Distinct(what, Circuit.MaxWires, wires);

    /// <summary>The wires, in the order given.</summary>
    public ImmutableArray<int> OfWires { get; }

    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    /// <inheritdoc/>
    public virtual bool Equals(SubsystemMeasurement? other) =>
        base.Equals(other) && OfWires.AsSpan().SequenceEqual(other.OfWires.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => OfWires.Aggregate(EqualityContract.GetHashCode(), HashCode.Combine);

    internal override ImmutableArray<int> Reads(int wires) => OfWires;
}

/// <summary>
/// Reduced density matrices for what depends on their spectra alone. Of a pure state, a part of the wires has the spectrum of the
/// rest (Schmidt), so the smaller of both is read: half of the wires at most.
/// </summary>
internal static class Spectra
{
    /// <summary>The density matrix that has the spectrum of these wires'; null if it is pure and has none to read.</summary>
    public static DensityMatrix? Part(FinalState state, ImmutableArray<int> wires)
    {
        if (state.IsPure && 2 * wires.Length > state.Wires)
        {
            wires = [.. Enumerable.Range(0, state.Wires).Except(wires)];
        }

        return wires.IsEmpty ? null : new DensityMatrix(wires);
    }

    /// <summary>The parts of several sets of wires.</summary>
    public static ImmutableArray<Measurement> Parts(FinalState state, params ReadOnlySpan<ImmutableArray<int>> sets)
    {
        var parts = ImmutableArray.CreateBuilder<Measurement>(sets.Length);
        foreach (var wires in sets)
        {
            if (Part(state, wires) is { } part)
            {
                parts.Add(part);
            }
        }

        return parts.ToImmutable();
    }
}
