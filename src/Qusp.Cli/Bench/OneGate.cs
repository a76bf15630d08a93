// SPDX-License-Identifier: Apache-2.0
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

    /// <summary>The gate on the wire of a place.</summary>
    public static Work Of<T>(bool cnot, Func<int, int> place, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (without, _, apart) = Circuit<T>(cnot, place, false, size);
        var (with, outputs, program) = Circuit<T>(cnot, place, true, size);
        return new(with, () => [.. CheckValues.First(outputs, outputs.Length)], program)
        {
            Circuits = Gates,
            Besides = new(without, () => [], apart),
            CountsPasses = true,
        };
    }

    private static (Action Run, T[] Outputs, IProgram<T> Program) Circuit<T>(bool cnot, Func<int, int> place, bool with, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, wire) = (size.Wires, place(size.Wires));
        var other = wire == wires - 1 ? wire - 1 : wire + 1;
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
        var program = size.Compile<T>(builder.ExpectZ(wire, other).Build(), Differentiation.None, components: false);
        var (weights, outputs) = (BenchCircuits.Weights<T>(3 * Gates), new T[2]);
        return (() => program.Evaluate(1, [], weights, outputs), outputs, program);
    }
}
