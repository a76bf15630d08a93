// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Qusp.Simulation.Sampling;

namespace Qusp;

/// <summary>Trainable layers. The shapes of their weights are in <see cref="Shapes"/>.</summary>
public static class Ansatze
{
    /// <summary>A rotation on each wire and a ring of CNOTs, in layers (PennyLane's <c>BasicEntanglerLayers</c>).</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[L, n]</c>.</param>
    /// <param name="rotation">A gate of one wire and one angle; RX if null.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape, or the rotation is another gate.</exception>
    public static CircuitBuilder BasicEntanglerLayers(
        this CircuitBuilder circuit, AngleArray weights, Gate? rotation = null, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        var layers = weights.Layers(nameof(BasicEntanglerLayers), on.Length);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var i = 0; i < on.Length; i++)
            {
                circuit.Rotate(rotation ?? Gates.RX, weights[(layer * on.Length) + i], on[i]);
            }

            for (var i = 0; i < (on.Length > 2 ? on.Length : on.Length - 1); i++)
            {
                circuit.CNOT(on[i], on[(i + 1) % on.Length]);
            }
        }

        return circuit;
    }

    /// <summary>
    /// Rot on each wire and entanglers from wire i to wire i + r, in layers (Schuld, Bocharov, Svore, Wiebe 2018, arXiv:1804.00633;
    /// PennyLane's <c>StronglyEntanglingLayers</c>).
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[L, n, 3]</c>.</param>
    /// <param name="ranges">r of each layer, 1 to n − 1; l mod (n − 1) + 1 for layer l if default.</param>
    /// <param name="imprimitive">The gate of two wires that entangles; CNOT if null.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape, or there is not one range a layer in its limits.</exception>
    public static CircuitBuilder StronglyEntanglingLayers(
        this CircuitBuilder circuit, AngleArray weights, ImmutableArray<int> ranges = default, Gate? imprimitive = null, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        var (n, layers) = (on.Length, weights.Layers(nameof(StronglyEntanglingLayers), on.Length, 3));
        if (!ranges.IsDefault && (ranges.Length != layers || (n > 1 && ranges.Any(range => range < 1 || range >= n))))
        {
            throw new ArgumentException($"[{string.Join(", ", ranges)}]: there is one range for each of {layers} layer(s), from 1 to {n - 1}.", nameof(ranges));
        }

        for (var layer = 0; layer < layers; layer++)
        {
            for (var i = 0; i < n; i++)
            {
                var first = ((layer * n) + i) * 3;
                circuit.Rot(weights[first], weights[first + 1], weights[first + 2], on[i]);
            }

            for (var i = 0; i < n && n > 1; i++)
            {
                var range = ranges.IsDefault ? (layer % (n - 1)) + 1 : ranges[layer];
                circuit.Apply(imprimitive ?? Gates.CNOT, [on[i], on[(i + range) % n]]);
            }
        }

        return circuit;
    }

    /// <summary>
    /// RY on each wire, then layers of CZ and two RY on even and on odd pairs (Cerezo, Sone, Volkoff, Cincio, Coles 2020,
    /// arXiv:2001.00550; PennyLane's <c>SimplifiedTwoDesign</c>).
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="initial"><c>[n]</c>.</param>
    /// <param name="weights"><c>[L, n − 1, 2]</c>: of each layer the even pairs, then the odd ones.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder SimplifiedTwoDesign(
        this CircuitBuilder circuit, AngleArray initial, AngleArray weights, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        initial.Expect(nameof(SimplifiedTwoDesign), on.Length);
        circuit.AngleEmbedding(initial, Gates.RY, on);
        var pairs = Entanglement.Pairwise.Pairs(on.Length);
        var layers = pairs.IsEmpty ? 0 : weights.Layers(nameof(SimplifiedTwoDesign), pairs.Length, 2);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var k = 0; k < pairs.Length; k++)
            {
                var first = ((layer * pairs.Length) + k) * 2;
                var (a, b) = (on[pairs[k].First], on[pairs[k].Second]);
                circuit.CZ(a, b).RY(weights[first], a).RY(weights[first + 1], b);
            }
        }

        return circuit;
    }

    /// <summary>Rotations about random axes on random wires with CNOTs strewn among them (PennyLane's <c>RandomLayers</c>; the choice is ours, by the seed).</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[L, k]</c>, k rotations a layer.</param>
    /// <param name="seed">What decides: the same circuit for the same seed.</param>
    /// <param name="ratio">The chance that a gate is an entangler, 0 to below 1.</param>
    /// <param name="imprimitive">The gate of two wires that entangles; CNOT if null.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder RandomLayers(
        this CircuitBuilder circuit, AngleArray weights, ulong seed, double ratio = 0.3, Gate? imprimitive = null, ImmutableArray<int> wires = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ratio);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ratio, 1);
        var on = circuit.On(wires);
        if (weights.Shape.Length != 2)
        {
            throw new ArgumentException($"{nameof(RandomLayers)} takes weights [layers, rotations], not [{string.Join(", ", weights.Shape)}].", nameof(weights));
        }

        ReadOnlySpan<Gate> axes = [Gates.RX, Gates.RY, Gates.RZ];
        var drawn = 0u;
        for (var k = 0; k < weights.Count;)
        {
            if (Chance() >= ratio || on.Length == 1)
            {
                circuit.Rotate(axes[Choose(3)], weights[k++], on[Choose(on.Length)]);
            }
            else
            {
                var first = Choose(on.Length);
                circuit.Apply(imprimitive ?? Gates.CNOT, [on[first], on[(first + 1 + Choose(on.Length - 1)) % on.Length]]);
            }
        }

        return circuit;

        double Chance() => Philox.Uniform(seed, 0, drawn++, 0);
        int Choose(int count) => (int)(Chance() * count);
    }

    /// <summary>Layers of rotations and entanglers in turn, rotations again at the end (Qiskit's <c>TwoLocal</c>).</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[repetitions + 1, rotations, n]</c>; without the final rotations <c>[repetitions, rotations, n]</c>.</param>
    /// <param name="rotations">Gates of one wire and one angle, in order of application.</param>
    /// <param name="entangler">A gate of two wires without angle.</param>
    /// <param name="entanglement">Which pairs.</param>
    /// <param name="finalRotations">Whether rotations end it.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape, or a gate is another one.</exception>
    public static CircuitBuilder TwoLocal(
        this CircuitBuilder circuit,
        AngleArray weights,
        ImmutableArray<Gate> rotations,
        Gate entangler,
        Entanglement entanglement = Entanglement.ReverseLinear,
        bool finalRotations = true,
        ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        // With one kind of rotation its axis may be left out.
        var layers = rotations.Length == 1 && weights.Shape.Length == 2
            ? weights.Layers(nameof(TwoLocal), on.Length)
            : weights.Layers(nameof(TwoLocal), rotations.Length, on.Length);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var r = 0; r < rotations.Length; r++)
            {
                for (var i = 0; i < on.Length; i++)
                {
                    circuit.Rotate(rotations[r], weights[(((layer * rotations.Length) + r) * on.Length) + i], on[i]);
                }
            }

            if (layer < layers - 1 || !finalRotations)
            {
                foreach (var (first, second) in entanglement.Pairs(on.Length, layer))
                {
                    circuit.Apply(entangler, [on[first], on[second]]);
                }
            }
        }

        return circuit;
    }

    /// <summary>RY and CNOT in turn: real amplitudes (Qiskit's <c>RealAmplitudes</c>).</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[repetitions + 1, n]</c>.</param>
    /// <param name="entanglement">Which pairs.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder RealAmplitudes(
        this CircuitBuilder circuit, AngleArray weights, Entanglement entanglement = Entanglement.ReverseLinear, ImmutableArray<int> wires = default) =>
        circuit.TwoLocal(weights, [Gates.RY], Gates.CNOT, entanglement, wires: wires);

    /// <summary>RY, RZ and CNOT in turn (Qiskit's <c>EfficientSU2</c>).</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[repetitions + 1, 2, n]</c>: of each layer RY's angles, then RZ's.</param>
    /// <param name="entanglement">Which pairs.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder EfficientSU2(
        this CircuitBuilder circuit, AngleArray weights, Entanglement entanglement = Entanglement.ReverseLinear, ImmutableArray<int> wires = default) =>
        circuit.TwoLocal(weights, [Gates.RY, Gates.RZ], Gates.CNOT, entanglement, wires: wires);

    /// <summary>The hardware-efficient ansatz: RY, RZ and a line of CZ in turn (Kandala et al. 2017, arXiv:1704.05018, with CZ as the entangler).</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[repetitions + 1, 2, n]</c>: of each layer RY's angles, then RZ's.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder HardwareEfficient(this CircuitBuilder circuit, AngleArray weights, ImmutableArray<int> wires = default) =>
        circuit.TwoLocal(weights, [Gates.RY, Gates.RZ], Gates.CZ, Entanglement.Linear, wires: wires);
}
