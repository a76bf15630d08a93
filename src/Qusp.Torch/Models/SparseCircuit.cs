// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// The circuit of <see cref="SparseQuantumNN"/>: a feature that is 0 takes its wire's gates with it.
/// </summary>
public static class SparseCircuit
{
    /// <summary>
    /// L layers of trainable rotations RY on each wire, then for each wire i where <c>|x_i| &gt; 0</c> RY(scale · x_i) on i and CNOT(i, i + 1), the last
    /// one to wire 0; at the end rotations RY once more and ⟨Z⟩ of every wire. The features are fed in anew in each layer (data
    /// re-uploading, Pérez-Salinas et al. 2020, arXiv:1907.02085). Weights <c>weights</c> <c>[L + 1, n]</c>. All amplitudes are real. With all
    /// wires on it has L · n gates on two wires; each wire that is off saves L.
    /// </summary>
    /// <param name="wires">n, at least 1. One wire has no CNOT.</param>
    /// <param name="layers">L, at least 1.</param>
    /// <param name="scale">Radians a unit of feature: tanh gives −1 to 1, and π makes it a half turn either way.</param>
    /// <param name="entangle">Whether the CNOTs are there; without them the circuit is a product of wires, a control.</param>
    /// <param name="scope">
    /// What a wire that is off goes without. If the entangler alone, there are n further inputs, which the guards read: <c>|x_{n+i}| &gt; 0</c>.
    /// </param>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public static Circuit Build(int wires, int layers = 1, double scale = Math.PI / 2, bool entangle = true, GateScope scope = GateScope.Wire)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        var guards = scope == GateScope.Wire ? x : circuit.Inputs(wires);
        var w = circuit.Weights("weights", layers + 1, wires);
        for (var layer = 0; layer < layers; layer++)
        {
            Rotate(layer);
            for (var i = 0; i < wires; i++)
            {
                var wire = i;
                if (scope == GateScope.Entangler)
                {
                    circuit.RY(scale * x[i], i);
                }

                circuit.If(guards[i].Abs() > 0, then =>
                {
                    if (scope == GateScope.Wire)
                    {
                        then.RY(scale * x[wire], wire);
                    }

                    if (entangle && wires > 1)
                    {
                        then.CNOT(wire, (wire + 1) % wires);
                    }
                });
            }
        }

        Rotate(layers);
        return circuit.ExpectZ().Build();

        void Rotate(int layer)
        {
            for (var i = 0; i < wires; i++)
            {
                circuit.RY(w[layer, i], i);
            }
        }
    }
}
