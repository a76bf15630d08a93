// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>
/// What one gate costs by itself on a large state. Gates that follow one another would become one, so double excitations stand between
/// them, which nothing is moved across; the time of the same circuit without the gates is subtracted. A dense gate is RZ·RY·RZ.
/// </summary>
internal static class OneGate
{
    private const int Gates = 8;

    /// <summary>The places of the gate's wire: the least significant bit of the index, the middle, the most significant.</summary>
    public static IEnumerable<(string Name, Func<int, int> Wire)> Places { get; } = [("low", n => n - 1), ("middle", n => n / 2), ("high", _ => 0)];

    public static WorkloadResult Run<T>(bool cnot, string place, Func<int, int> wireOf, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var wires = size.Wires ?? 24;
        var wire = wireOf(wires);
        var other = wire == wires - 1 ? wire - 1 : wire + 1;
        var bytes = typeof(T) == typeof(float) ? 4 : 8;
        var (without, _) = Time<T>(wires, wire, other, cnot, false, size);
        var (with, check) = Time<T>(wires, wire, other, cnot, true, size);
        var timing = new Timing(with.Median - without.Median, with.Minimum - without.Minimum, with.Runs).DividedBy(Gates);
        var gigabytes = 2.0 * 2 * bytes * Math.ScaleB(1, wires) / timing.Median / 1e9;
        return new(
            "gate", wires, 0, 1, bytes == 4 ? "single" : "double", size.Threads, timing, timing.Median / Stopclock.Pass(wires, bytes, size.Threads).Median, check)
        {
            Variant = string.Create(CultureInfo.InvariantCulture, $"{(cnot ? "CNOT" : "dense")}, {place}, {gigabytes:F0} GB/s"),
            GigabytesPerSecond = gigabytes,
        };
    }

    private static (Timing Timing, double[] Check) Time<T>(int wires, int wire, int other, bool cnot, bool with, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var builder = new CircuitBuilder(wires);
        var w = builder.Weights("weights", Gates, 3);
        for (var q = 0; q < wires; q++)
        {
            builder.RX(0.3 + (0.1 * q), q);
        }

        // The first and the last wire, so that no cache holds what the excitations exchange.
        int[] apart = [.. new[] { wire, other, 0, wires - 1, 2, 3 }.Distinct().Take(4)];
        for (var k = 0; k <= Gates; k++)
        {
            builder.DoubleExcitation(0.2, apart[0], apart[1], apart[2], apart[3]);
            if (with && k < Gates && cnot)
            {
                builder.CNOT(other, wire);
            }
            else if (with && k < Gates)
            {
                builder.Rot(w[k, 0], w[k, 1], w[k, 2], wire);
            }
        }

        // In one state: by itself the device would leave out the wires that the gate does not touch.
        using var program = new CpuDevice().Compile<T>(
            builder.ExpectZ(wire, other).Build(), new ProgramOptions { Threads = size.Threads, Differentiation = Differentiation.None, Components = false });
        T[] weights = [.. BenchCircuits.Weights(3 * Gates).Select(T.CreateChecked)];
        var outputs = new T[2];
        var timing = Stopclock.Measure(() => program.Evaluate(1, [], weights, outputs));
        return (timing, [.. outputs.Select(double.CreateChecked)]);
    }
}
