// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>The circuits and numbers that all simulators are measured on; other programs run the same.</summary>
internal static class BenchCircuits
{
    /// <summary>The origin document's circuit on 4 wires, with or without its guard x_i &gt; 0.1; ⟨Z⟩ of every wire.</summary>
    public static Circuit Origin(bool guarded)
    {
        const int n = 4;
        var circuit = new CircuitBuilder(n);
        var x = circuit.Inputs(n);
        for (var i = 0; i < n; i++)
        {
            var wire = i;
            void Gates(CircuitBuilder then) => then.RY(x[wire], wire).CNOT(wire, (wire + 1) % n);
            if (guarded)
            {
                circuit.If(x[wire] > 0.1, Gates);
            }
            else
            {
                Gates(circuit);
            }
        }

        return circuit.ExpectZ().Build();
    }

    /// <summary>Layers of RZ, RY, RZ on each wire and a CNOT ring; RY(x_q) before them if <paramref name="encoded"/>.</summary>
    public static CircuitBuilder Ansatz(int wires, int layers, bool encoded)
    {
        var circuit = new CircuitBuilder(wires);
        if (encoded)
        {
            var x = circuit.Inputs(wires);
            for (var q = 0; q < wires; q++)
            {
                circuit.RY(x[q], q);
            }
        }

        var w = circuit.Weights("weights", layers, wires, 3);
        for (var l = 0; l < layers; l++)
        {
            for (var q = 0; q < wires; q++)
            {
                circuit.RZ(w[l, q, 0], q).RY(w[l, q, 1], q).RZ(w[l, q, 2], q);
            }

            for (var q = 0; q < wires; q++)
            {
                circuit.CNOT(q, (q + 1) % wires);
            }
        }

        return circuit;
    }

    /// <summary>Σ Z_i as one observable.</summary>
    public static PauliSum SumZ(int wires) => new([.. Enumerable.Range(0, wires).Select(q => (1.0, PauliWord.Z(q)))]);

    /// <summary>Weight k is (0.1 + 0.37 k) mod 2π.</summary>
    public static T[] Weights<T>(int count)
        where T : INumberBase<T> => Numbers<T>(count, k => (0.1 + (0.37 * k)) % (2 * Math.PI));

    /// <summary>Input k is (0.2 + 0.53 k) mod 2π; of sample s, wire q: k = s·n + q.</summary>
    public static T[] Inputs<T>(int count)
        where T : INumberBase<T> => Numbers<T>(count, k => (0.2 + (0.53 * k)) % (2 * Math.PI));

    /// <summary>Upstream gradient k is cos(0.3 k).</summary>
    public static T[] Cotangents<T>(int count)
        where T : INumberBase<T> => Numbers<T>(count, k => Math.Cos(0.3 * k));

    private static T[] Numbers<T>(int count, Func<int, double> formula)
        where T : INumberBase<T> => [.. Enumerable.Range(0, count).Select(k => T.CreateChecked(formula(k)))];
}
