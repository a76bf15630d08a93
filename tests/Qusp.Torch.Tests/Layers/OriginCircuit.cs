// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

/// <summary>The circuit of the origin document, and its closed form in tensor operations.</summary>
internal static class OriginCircuit
{
    public static Circuit Build(int wires, double threshold = 0.1)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        for (var i = 0; i < wires; i++)
        {
            circuit.If(x[i] > threshold, then => then.RY(x[i], i).CNOT(i, (i + 1) % wires));
        }

        return circuit.ExpectZ().Build();
    }

    // With A the wires that fire, c_i = cos x_i for i in A and 1 otherwise; P_0 = c_0, P_i = c_i (P_{i-1} if i-1 in A else 1).
    // ⟨Z_i⟩ = P_i for i ≥ 1; ⟨Z_0⟩ = c_0 if n-1 is not in A, the product of the c_i, i ≥ 1, if all are, else c_0 P_{n-1}.
    public static Tensor ClosedForm(Tensor x, double threshold = 0.1)
    {
        var n = (int)x.shape[1];
        var one = ones_like(x.select(1, 0));
        var fires = Enumerable.Range(0, n).Select(i => x.select(1, i).detach() > threshold).ToArray();
        var c = Enumerable.Range(0, n).Select(i => where(fires[i], x.select(1, i).cos(), one)).ToArray();
        var products = new Tensor[n];
        products[0] = c[0];
        for (var i = 1; i < n; i++)
        {
            products[i] = c[i] * where(fires[i - 1], products[i - 1], one);
        }

        var allBefore = fires[..^1].Aggregate((left, right) => left.logical_and(right));
        var withoutFirst = c[1..].Aggregate((left, right) => left * right);
        var first = where(fires[^1], where(allBefore, withoutFirst, c[0] * products[^1]), c[0]);
        return stack([first, .. products[1..]], 1);
    }
}
