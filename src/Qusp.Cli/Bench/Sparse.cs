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

    /// <summary>Runs one size, as components or with all wires in one state.</summary>
    public static WorkloadResult Run<T>(string name, bool components, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, batch) = (size.Wires ?? 16, size.Batch ?? 64);
        using var program = new CpuDevice().Compile<T>(Circuit(wires), new ProgramOptions { Threads = size.Threads, Components = components });
        T[] x = [.. Inputs(wires, batch).Select(T.CreateChecked)];
        T[] g = [.. BenchCircuits.Cotangents(wires * batch).Select(T.CreateChecked)];
        var (outputs, gradients) = (new T[x.Length], new T[x.Length]);
        var timing = Stopclock.Measure(() =>
        {
            program.Evaluate(batch, x, [], outputs);
            program.Pullback(batch, x, [], g, gradients, []);
        }).DividedBy(batch);
        return new(
            name, wires, 0, batch, typeof(T) == typeof(float) ? "single" : "double", size.Threads, timing, null,
            [Sum(outputs), SumOfSquares(outputs), Sum(gradients), SumOfSquares(gradients)]);
    }

    private static double Sum<T>(T[] values)
        where T : INumberBase<T> => values.Sum(double.CreateChecked);

    private static double SumOfSquares<T>(T[] values)
        where T : INumberBase<T> => values.Sum(value => double.CreateChecked(value) * double.CreateChecked(value));
}
