// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>The variance <c>⟨O²⟩ − ⟨O⟩²</c> of an observable: one output. A <see cref="HermitianMatrix"/> converts.</summary>
/// <param name="Observable">The observable O.</param>
public sealed record Variance(PauliSum Observable) : DerivedMeasurement
{
    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    /// <inheritdoc/>
    public override string ToString() => $"Var({Observable})";

    internal override ImmutableArray<int> Reads(int wires) => Observable.Wires;

    internal override ImmutableArray<Measurement> Parts(FinalState state) => [new Expectation(Observable), new Expectation(Observable.Squared())];

    internal override void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs) =>
        outputs[0] = parts[1] - (parts[0] * parts[0]);

    internal override void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents)
    {
        partCotangents[0] -= 2 * parts[0] * cotangents[0];
        partCotangents[1] += cotangents[0];
    }
}
