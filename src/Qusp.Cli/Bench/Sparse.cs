// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>
/// Many wires, a quarter of them active: guarded RY(x) on each, then a ring of guarded CNOTs; ⟨Z⟩ of every wire and its pullback.
/// </summary>
internal static class Sparse
{
    private const double Threshold = 0.1;
    private const int LongestRun = 6;

    /// <summary>The circuit on n wires.</summary>
    public static Circuit Circuit(int wires)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        for (var q = 0; q < wires; q++)
        {
            var wire = q;
            circuit.If(x[wire] > Threshold, then => then.RY(x[wire], wire));
        }

        for (var q = 0; q < wires; q++)
        {
            var wire = q;
            circuit.If(x[wire] > Threshold, then => then.CNOT(wire, (wire + 1) % wires));
        }

        return circuit.ExpectZ().Build();
    }

    /// <summary>n/4 active wires a sample, in runs of at most 6 at equal distances; sample s has them 7 s wires further. Inactive inputs are 0.</summary>
    public static double[] Inputs(int wires, int batch)
    {
        var x = new double[wires * batch];
        var (active, runs) = (wires / 4, ((wires / 4) + LongestRun - 1) / LongestRun);
        for (var s = 0; s < batch; s++)
        {
            for (var k = 0; k < active; k++)
            {
                var wire = ((7 * s) + (k / LongestRun * wires / runs) + (k % LongestRun)) % wires;
                var index = (s * wires) + wire;
                x[index] = 0.2 + (0.53 * index % 6);
            }
        }

        return x;
    }

    /// <summary>As components, or with all wires in one state.</summary>
    public static Work Of<T>(bool components, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, batch) = (size.Wires, size.Batch);
        var program = size.Compile<T>(Circuit(wires), components: components);
        T[] x = [.. Inputs(wires, batch).Select(T.CreateChecked)];
        var g = BenchCircuits.Cotangents<T>(wires * batch);
        var (outputs, gradients) = (new T[x.Length], new T[x.Length]);
        return new(
            () =>
            {
                program.Evaluate(batch, x, [], outputs);
                program.Pullback(batch, x, [], g, gradients, []);
            },
            () => [.. CheckValues.Sums(outputs), .. CheckValues.Sums(gradients)],
            program)
        { Circuits = batch };
    }
}
