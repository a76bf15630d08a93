// SPDX-License-Identifier: Apache-2.0
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

    /// <summary>The gate on the wire of a place.</summary>
    public static Work Of<T>(bool cnot, Func<int, int> place, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var wires = size.Wires;
        var wire = place(wires);
        var other = wire == wires - 1 ? wire - 1 : wire + 1;
        var (few, _, program) = Repeated<T>(wires, wire, other, cnot, Few, size);
        var (many, outputs, longer) = Repeated<T>(wires, wire, other, cnot, Many, size);
        return new(many, () => [.. CheckValues.First(outputs, outputs.Length)], longer)
        {
            Circuits = Many - Few,
            Besides = new(few, () => [], program),
            CountsPasses = true,
        };
    }

    private static (Action Run, T[] Outputs, IProgram<T> Program) Repeated<T>(int wires, int wire, int other, bool cnot, int count, WorkloadSize size)
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
        var program = size.Compile<T>(builder.ExpectZ(wire, other).Build(), Differentiation.None, components: false);
        var (weights, outputs) = (BenchCircuits.Weights<T>(3 * count), new T[2]);
        return (() => program.Evaluate(1, [], weights, outputs), outputs, program);
    }
}
