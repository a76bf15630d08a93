// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>
/// What one gate costs on a large state: the time of a circuit with several of them, less that of a circuit with one,
/// divided by their difference. Gates that would become one with their neighbours are kept apart: a dense gate is
/// RZ·RY·RZ on one wire, and each CNOT has such a gate on its target behind it, which is timed with it.
/// </summary>
internal static class OneGate
{
    private const int Few = 1;
    private const int Many = 9;

    /// <summary>The places of the gate's wire: the least significant bit of the index, the middle, the most significant.</summary>
    public static IEnumerable<(string Name, Func<int, int> Wire)> Places { get; } = [("low", n => n - 1), ("middle", n => n / 2), ("high", _ => 0)];

    public static WorkloadResult Run<T>(bool cnot, string place, Func<int, int> wireOf, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var wires = size.Wires ?? 24;
        var wire = wireOf(wires);
        var other = wire == wires - 1 ? wire - 1 : wire + 1;
        var bytes = typeof(T) == typeof(float) ? 4 : 8;
        var (few, _) = Time<T>(wires, wire, other, cnot, Few, size);
        var (many, check) = Time<T>(wires, wire, other, cnot, Many, size);
        var timing = new Timing(many.Median - few.Median, many.Minimum - few.Minimum, many.Runs).DividedBy(Many - Few);
        var gigabytes = 2.0 * 2 * bytes * Math.ScaleB(1, wires) / timing.Median / 1e9;
        return new(
            "gate", wires, 0, 1, bytes == 4 ? "single" : "double", size.Threads, timing, timing.Median / Stopclock.Pass(wires, bytes, size.Threads).Median, check)
        {
            Variant = string.Create(CultureInfo.InvariantCulture, $"{(cnot ? "CNOT and dense" : "dense")}, {place}, {gigabytes:F0} GB/s"),
            GigabytesPerSecond = gigabytes,
        };
    }

    private static (Timing Timing, double[] Check) Time<T>(int wires, int wire, int other, bool cnot, int count, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var builder = new CircuitBuilder(wires);
        var w = builder.Weights("weights", count, 3);
        for (var q = 0; q < wires; q++)
        {
            builder.RY(0.3 + (0.1 * q), q);
        }

        for (var k = 0; k < count; k++)
        {
            if (cnot)
            {
                builder.CNOT(other, wire);
            }

            builder.Rot(w[k, 0], w[k, 1], w[k, 2], wire);
        }

        // In one state: by itself the device would leave out the wires that the gate does not touch.
        using var program = new CpuDevice().Compile<T>(
            builder.ExpectZ(wire, other).Build(), new ProgramOptions { Threads = size.Threads, Differentiation = Differentiation.None, Components = false });
        T[] weights = [.. BenchCircuits.Weights(3 * count).Select(T.CreateChecked)];
        var outputs = new T[2];
        var timing = Stopclock.Measure(() => program.Evaluate(1, [], weights, outputs));
        return (timing, [.. outputs.Select(double.CreateChecked)]);
    }
}
