// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>Templates that write data into a state. Features are inputs, weights, numbers, or what arithmetic makes of them.</summary>
public static class Embeddings
{
    /// <summary>One rotation a wire by one feature each (PennyLane's <c>AngleEmbedding</c>).</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">The angles, <c>[N]</c>, N at most the number of wires.</param>
    /// <param name="rotation">A gate of one wire and one angle; RX if null.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are more features than wires, or the rotation is another gate.</exception>
    public static CircuitBuilder AngleEmbedding(
        this CircuitBuilder circuit, AngleArray features, Gate? rotation = null, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        AtMost(nameof(AngleEmbedding), features.Count, on.Length);
        for (var i = 0; i < features.Count; i++)
        {
            circuit.Rotate(rotation ?? Gates.RX, features[i], on[i]);
        }

        return circuit;
    }

    /// <summary>The basis state of these bits: X on each wire whose bit is 1.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="bits">The bits, <c>[n]</c>, the first for the first wire.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are not as many bits as wires.</exception>
    public static CircuitBuilder BasisState(this CircuitBuilder circuit, ReadOnlySpan<bool> bits, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        Exactly(nameof(BasisState), bits.Length, on.Length);
        for (var i = 0; i < bits.Length; i++)
        {
            _ = bits[i] ? circuit.X(on[i]) : circuit;
        }

        return circuit;
    }

    /// <summary>
    /// The basis state of each sample's bits: X on the wires whose input exceeds ½, as a guard, so that it is a decision
    /// without gradient (PennyLane's <c>BasisEmbedding</c>).
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="inputs">Plain inputs, <c>[n]</c>, 0 or 1.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are not as many inputs as wires, or they are not plain inputs.</exception>
    public static CircuitBuilder BasisEmbedding(this CircuitBuilder circuit, AngleArray inputs, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        Exactly(nameof(BasisEmbedding), inputs.Count, on.Length);
        for (var i = 0; i < on.Length; i++)
        {
            var wire = on[i];
            circuit.If(inputs[i] > 0.5, then => then.X(wire));
        }

        return circuit;
    }

    /// <summary>
    /// The instantaneous quantum polynomial embedding (Havlíček et al. 2018, arXiv:1804.11326; PennyLane's
    /// <c>IQPEmbedding</c>): H and RZ(x_i) on each wire, then exp(−i x_i x_j ZZ/2) on pairs, all of it repeated.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">The features, <c>[N]</c>, N at most the number of wires.</param>
    /// <param name="repeats">How often, at least 1.</param>
    /// <param name="pattern">The pairs, as positions in the features; every pair if default.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are more features than wires.</exception>
    public static CircuitBuilder IQPEmbedding(
        this CircuitBuilder circuit,
        AngleArray features,
        int repeats = 1,
        ImmutableArray<(int First, int Second)> pattern = default,
        ImmutableArray<int> wires = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        var on = circuit.On(wires);
        AtMost(nameof(IQPEmbedding), features.Count, on.Length);
        var pairs = pattern.IsDefault ? features.Count == 0 ? [] : Entanglement.Full.Pairs(features.Count) : pattern;
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            for (var i = 0; i < features.Count; i++)
            {
                circuit.H(on[i]).RZ(features[i], on[i]);
            }

            foreach (var (i, j) in pairs)
            {
                circuit.IsingZZ(features[i] * features[j], on[i], on[j]);
            }
        }

        return circuit;
    }

    /// <summary>
    /// QAOA's layers as an embedding (Lloyd et al. 2020, arXiv:2001.03622; PennyLane's <c>QAOAEmbedding</c>): each layer
    /// RX(x_i), H on wires without a feature, ZZ couplings and local fields by weights; the features once more at the end.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">The features, <c>[N]</c>, N at most the number of wires.</param>
    /// <param name="weights"><see cref="Shapes.QAOAEmbedding"/>: <c>[L, 2n]</c>, <c>[L, 3]</c> for two wires, <c>[L, 1]</c> for one.</param>
    /// <param name="localField">RX, RY or RZ; RY if null.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are more features than wires, or the weights have another shape.</exception>
    public static CircuitBuilder QAOAEmbedding(
        this CircuitBuilder circuit, AngleArray features, AngleArray weights, Gate? localField = null, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        AtMost(nameof(QAOAEmbedding), features.Count, on.Length);
        var width = Shapes.QAOAEmbedding(1, on.Length)[1];
        var layers = weights.Layers(nameof(QAOAEmbedding), width);
        var couplings = width - on.Length; // 0, 1 or one a wire
        for (var layer = 0; layer < layers; layer++)
        {
            Encode();
            for (var i = 0; i < couplings; i++)
            {
                circuit.IsingZZ(weights[(layer * width) + i], on[i], on[(i + 1) % on.Length]);
            }

            for (var i = 0; i < on.Length; i++)
            {
                circuit.Rotate(localField ?? Gates.RY, weights[(layer * width) + couplings + i], on[i]);
            }
        }

        Encode();
        return circuit;

        void Encode()
        {
            for (var i = 0; i < on.Length; i++)
            {
                _ = i < features.Count ? circuit.RX(features[i], on[i]) : circuit.H(on[i]);
            }
        }
    }

    /// <summary>
    /// Data re-uploading (Pérez-Salinas et al. 2019, arXiv:1907.02085, eq. 7): each layer turns each wire by
    /// Rot(w + v ∘ x), weights w and v, and entangles neighbours in a ring by CZ, the last layer excepted. Features are
    /// dealt to the wires' angles in turn.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">The features, <c>[N]</c>, at least one.</param>
    /// <param name="weights"><see cref="Shapes.DataReuploading"/>: <c>[L, n, 2, 3]</c>, of each wire w and v.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There is no feature, or the weights have another shape.</exception>
    public static CircuitBuilder DataReuploading(
        this CircuitBuilder circuit, AngleArray features, AngleArray weights, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        ArgumentOutOfRangeException.ThrowIfZero(features.Count, nameof(features));
        var layers = weights.Layers(nameof(DataReuploading), on.Length, 2, 3);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var i = 0; i < on.Length; i++)
            {
                var first = ((layer * on.Length) + i) * 6;
                Angle Turn(int k) => weights[first + k] + (weights[first + 3 + k] * features[((3 * i) + k) % features.Count]);
                circuit.Rot(Turn(0), Turn(1), Turn(2), on[i]);
            }

            for (var i = 0; i < on.Length && on.Length > 1 && layer < layers - 1; i++)
            {
                _ = on.Length == 2 && i == 1 ? circuit : circuit.CZ(on[i], on[(i + 1) % on.Length]);
            }
        }

        return circuit;
    }

    /// <summary>The wires named, or all.</summary>
    internal static ImmutableArray<int> On(this CircuitBuilder circuit, ImmutableArray<int> wires)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return wires.IsDefaultOrEmpty ? [.. Enumerable.Range(0, circuit.Wires)] : wires;
    }

    /// <summary>A rotation that the user chose.</summary>
    internal static CircuitBuilder Rotate(this CircuitBuilder circuit, Gate rotation, Angle angle, int wire) =>
        rotation is { Wires: 1, Parameters: 1 }
            ? circuit.Apply(rotation, [wire], angle)
            : throw new ArgumentException($"{rotation.Name} is no rotation of one wire by one angle; give RX, RY, RZ or PhaseShift.", nameof(rotation));

    private static void AtMost(string template, int features, int wires)
    {
        if (features > wires)
        {
            throw new ArgumentException($"{template}: {features} features are more than {wires} wire(s); use more wires or fewer features.");
        }
    }

    private static void Exactly(string template, int bits, int wires)
    {
        if (bits != wires)
        {
            throw new ArgumentException($"{template}: {bits} bits for {wires} wire(s); give one for each.");
        }
    }
}
