// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch.Tests;

/// <summary>A circuit with affine inputs, weights, and layers of RZ RY RZ with a ring of CNOTs.</summary>
internal static class TrainableCircuit
{
    public static Circuit Build(int wires, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        var w = circuit.Weights("weights", layers, wires, 3);
        for (var q = 0; q < wires; q++)
        {
            circuit.RY(2 * x[q] + 0.3, q);
        }

        for (var l = 0; l < layers; l++)
        {
            for (var q = 0; q < wires; q++)
            {
                circuit.RZ(w[l, q, 0], q).RY(w[l, q, 1], q).RZ(w[l, q, 2], q);
            }

            for (var q = 0; q < wires && wires > 1; q++)
            {
                circuit.CNOT(q, (q + 1) % wires);
            }
        }

        return circuit.ExpectZ().Build();
    }
}
