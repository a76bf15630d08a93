// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Quantum convolutional networks (Cong, Choi, Lukin 2018, arXiv:1810.03787): convolutions entangle neighbours, pooling
/// leaves half of the wires. Blocks of three angles after Vatan and Williams 2003 (arXiv:quant-ph/0308006).
/// </summary>
public static class ConvolutionalNetworks
{
    /// <summary>A block on each even pair and on each odd pair of a ring.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><see cref="Shapes.QuantumConvolution"/>: <c>[pairs, 3]</c>, in the order of <see cref="ConvolutionPairs"/>.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder QuantumConvolution(this CircuitBuilder circuit, AngleArray weights, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        var pairs = ConvolutionPairs(on.Length);
        weights.Expect(nameof(QuantumConvolution), 3 * pairs.Length);
        Convolve(circuit, weights, 0, on, pairs);
        return circuit;
    }

    /// <summary>Brings what the first half of the wires hold to the second half, which are the ⌈n / 2⌉ wires to go on with.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><c>[⌊n / 2⌋, 3]</c>.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder QuantumPooling(this CircuitBuilder circuit, AngleArray weights, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        weights.Expect(nameof(QuantumPooling), 3 * (on.Length / 2));
        Pool(circuit, weights, 0, on);
        return circuit;
    }

    /// <summary>Convolution and pooling in turn until one wire is left, the last one, which is to be measured.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights"><see cref="Shapes.QuantumConvolutionalNetwork"/>: <c>[blocks, 3]</c>.</param>
    /// <param name="wires">The n wires; all if default.</param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    public static CircuitBuilder QuantumConvolutionalNetwork(this CircuitBuilder circuit, AngleArray weights, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        weights.Expect(nameof(QuantumConvolutionalNetwork), 3 * Shapes.QuantumConvolutionalNetwork(on.Length)[0]);
        var block = 0;
        while (on.Length > 1)
        {
            block = Convolve(circuit, weights, block, on, ConvolutionPairs(on.Length));
            block = Pool(circuit, weights, block, on);
            on = on[(on.Length / 2)..];
        }

        return circuit;
    }

    /// <summary>The pairs of a convolution on a ring of n wires: (0, 1), (2, 3), …, then (1, 2), …, and for an even n beyond 2 (n − 1, 0).</summary>
    public static ImmutableArray<(int First, int Second)> ConvolutionPairs(int wires)
    {
        var pairs = Entanglement.Pairwise.Pairs(wires);
        return wires > 2 ? pairs.Add((wires - 1, 0)) : pairs;
    }

    private static int Convolve(CircuitBuilder circuit, AngleArray weights, int block, ImmutableArray<int> on, ImmutableArray<(int, int)> pairs)
    {
        foreach (var (first, second) in pairs)
        {
            Entangle(circuit, weights, 3 * block++, on[first], on[second]);
            circuit.CNOT(on[second], on[first]).RZ(Math.PI / 2, on[first]);
        }

        return block;
    }

    private static int Pool(CircuitBuilder circuit, AngleArray weights, int block, ImmutableArray<int> on)
    {
        var half = on.Length / 2;
        for (var i = 0; i < half; i++)
        {
            Entangle(circuit, weights, 3 * block++, on[i], on[on.Length - half + i]);
        }

        return block;
    }

    private static void Entangle(CircuitBuilder circuit, AngleArray weights, int first, int a, int b) =>
        circuit.RZ(-Math.PI / 2, b).CNOT(b, a).RZ(weights[first], a).RY(weights[first + 1], b).CNOT(a, b).RY(weights[first + 2], b);
}
