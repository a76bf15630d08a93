// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Simulation;
using Qusp.Simulation.StateVectors;

namespace Qusp.Tests.Simulation.StateVectors;

/// <summary>Affine maps of indices, made of random X, CNOT and SWAP gates.</summary>
internal static class IndexMaps
{
    public static Gen<IndexMap> Of(int bits) =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 100], Gen.Int[0, 100]).Array[0, 3 * bits].Select(gates => gates.Aggregate(
            IndexMap.Identity(bits),
            (map, gate) => map.Then(Exchange(bits, gate.Item1, gate.Item2 % bits, gate.Item3))));

    /// <summary>The map of a gate on one or two wires, which is one exchange.</summary>
    public static IndexMap OfGate(int wires, Action<CircuitBuilder> gate)
    {
        var circuit = new CircuitBuilder(wires);
        gate(circuit);
        return IndexMap.OfSwap(Lowering.Lower(circuit.ExpectZ().Build()).Steps.Single(), wires)!;
    }

    private static IndexMap Exchange(int bits, int kind, int wire, int offset)
    {
        if (bits == 1 || kind == 0)
        {
            return OfGate(bits, circuit => circuit.X(wire));
        }

        var other = (wire + 1 + (offset % (bits - 1))) % bits;
        return kind == 1 ? OfGate(bits, circuit => circuit.CNOT(wire, other)) : OfGate(bits, circuit => circuit.SWAP(wire, other));
    }
}
