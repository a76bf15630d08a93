// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// A differentiable function of other measurements' outputs, its parts: variance, purity, entropy, fidelity. Devices read the
/// parts; the function and its derivative are here alone, so every device and every method of differentiation
/// has them, parameter-shift through the parts, which are linear in the state.
/// </summary>
public abstract record DerivedMeasurement : Measurement
{
    private protected DerivedMeasurement()
    {
    }

    /// <summary>What it is computed from; none of them is derived.</summary>
    internal abstract ImmutableArray<Measurement> Parts(FinalState state);

    /// <summary>The outputs.</summary>
    /// <param name="state">As given to <see cref="Parts"/>.</param>
    /// <param name="parts">The parts' outputs, one part after the other.</param>
    /// <param name="outputs">Receives the outputs.</param>
    internal abstract void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs);

    /// <summary>Adds <c>Σ_k cotangents[k] ∂output_k/∂part_i</c> to <paramref name="partCotangents"/>.</summary>
    internal abstract void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents);
}

/// <summary>What a derived measurement may know of the state that it is read from.</summary>
/// <param name="Wires">The number of wires.</param>
/// <param name="IsPure">Whether the state is pure: a part of the wires then has the spectrum of the rest.</param>
/// <param name="HasAmplitudes">Whether amplitudes may be a part: the state is pure and is not differentiated by shifts, whose rules hold for what is linear in ρ.</param>
/// <param name="Epsilon">The relative rounding error of the parts: what lies below is not told from 0.</param>
internal readonly record struct FinalState(int Wires, bool IsPure, bool HasAmplitudes, double Epsilon);
