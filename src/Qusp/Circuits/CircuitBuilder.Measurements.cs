// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

// What is read at the end besides expectation values of Pauli sums and probabilities.
public sealed partial class CircuitBuilder
{
    /// <summary>Measures the probability of a bit string.</summary>
    public CircuitBuilder Expect(Projector onto) => Measure(new ProjectorExpectation(onto));

    /// <summary>Measures the variance of an observable; a <see cref="HermitianMatrix"/> converts to one.</summary>
    public CircuitBuilder Variance(PauliSum observable) => Measure(new Variance(observable));

    /// <summary>Measures the variance p(1 − p) of a projector.</summary>
    public CircuitBuilder Variance(Projector onto) => Measure(new ProjectorVariance(onto));

    /// <summary>Reads the amplitudes.</summary>
    public CircuitBuilder State() => Measure(new StateVector());

    /// <summary>Reads the reduced density matrix of these wires; of all wires if none is named.</summary>
    public CircuitBuilder DensityMatrix(params ReadOnlySpan<int> wires) => Measure(new DensityMatrix(AllOr(wires)));

    /// <summary>Measures the purity Tr ρ² of these wires; of all wires if none is named.</summary>
    public CircuitBuilder Purity(params ReadOnlySpan<int> wires) => Measure(new Purity(AllOr(wires)));

    /// <summary>Measures the von Neumann entropy of these wires in nats; of all wires if none is named.</summary>
    public CircuitBuilder Entropy(params ReadOnlySpan<int> wires) => Measure(new VnEntropy(AllOr(wires)));

    /// <summary>Measures the mutual information of two sets of wires.</summary>
    /// <param name="first">The wires of one set.</param>
    /// <param name="second">The wires of the other.</param>
    /// <param name="logBase">The base of the logarithm: e gives nats, 2 bits.</param>
    public CircuitBuilder MutualInformation(ImmutableArray<int> first, ImmutableArray<int> second, double logBase = Math.E) =>
        Measure(new MutualInformation(first, second, logBase));

    /// <summary>Measures the fidelity with a pure state.</summary>
    /// <param name="amplitudes">Its amplitudes, <c>[2^m]</c>, normalised.</param>
    /// <param name="wires">The m wires; wires 0 to m − 1 if none is named.</param>
    public CircuitBuilder Fidelity(ReadOnlySpan<Complex> amplitudes, params ImmutableArray<int> wires) =>
        Measure(new Fidelity(amplitudes, wires));

    private ImmutableArray<int> AllOr(ReadOnlySpan<int> wires) => wires.IsEmpty ? [.. Enumerable.Range(0, Wires)] : [.. wires];
}
