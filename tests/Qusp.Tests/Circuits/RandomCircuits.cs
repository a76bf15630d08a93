// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;

namespace Qusp.Tests;

/// <summary>Random circuits with guards, inputs and weights, to try a law on.</summary>
internal static class RandomCircuits
{
    public const int Inputs = 3;
    public const int Weights = 3;

    /// <summary>Fixed gates and rotations that meet often enough on few wires to cancel, merge and commute.</summary>
    public static ImmutableArray<Gate> Common { get; } =
    [
        Gates.X, Gates.Y, Gates.Z, Gates.H, Gates.S, Gates.Sdg, Gates.T, Gates.SX, Gates.SX.Adjoint(), Gates.RX, Gates.RY, Gates.RZ, Gates.RZ.Adjoint(),
        Gates.PhaseShift, Gates.GlobalPhase, Gates.CNOT, Gates.CNOT, Gates.CZ, Gates.CY, Gates.SWAP, Gates.CRX, Gates.CRZ, Gates.ControlledPhaseShift,
        Gates.IsingXX, Gates.IsingZZ, Gates.Toffoli, Gates.CCZ, Gates.U3, Gates.I,
    ];

    /// <summary>The whole table, families and derived rows up to four wires.</summary>
    public static ImmutableArray<Gate> All { get; } = [.. GateSamples.All.Where(gate => gate.Wires <= 4)];

    /// <summary>Circuits of these gates without measurements.</summary>
    /// <param name="gates">The gates.</param>
    /// <param name="wires">The number of wires.</param>
    /// <param name="length">The most operations.</param>
    public static Gen<Circuit> Of(ImmutableArray<Gate> gates, int wires, int length) => Gen.Select(
        Gen.Int[0, gates.Length - 1], Gen.Shuffle(Enumerable.Range(0, wires).ToArray()), Gen.Int[-3, 1], Angles.Array[3]).Array[0, length].Select(steps =>
        {
            var builder = new CircuitBuilder(wires);
            _ = (builder.Inputs(Inputs), builder.Weights("w", Weights));
            foreach (var (index, order, guard, angles) in steps)
            {
                var gate = gates[index];
                if (gate.Wires <= wires)
                {
                    ImmutableArray<int> on = [.. order.Take(gate.Wires)];
                    ImmutableArray<Angle> turned = [.. angles.Take(gate.Parameters)];
                    _ = guard < 0 ? builder.Apply(gate, on, turned) : builder.If(new Guard(guard, 0.2, guard == 1), then => then.Apply(gate, on, turned));
                }
            }

            return builder.Build();
        });

    /// <summary>What a circuit gives for two samples on the reference device.</summary>
    public static double[] Run(Circuit circuit)
    {
        using var program = new ReferenceDevice().Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.None });
        return program.Evaluate<double>([0.7, -1.1, 2.3, -0.4, 0.1, -2.9], [0.3, -1.7, 0.9]);
    }

    private static readonly Gen<Angle> Angles = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[-8, 8], Gen.Double[-3, 3], (kind, index, quarter, value) => kind switch
    {
        0 => Angle.Constant(quarter * Math.PI / 4),
        1 => Angle.Constant(value),
        2 => Angle.Input(index, value, value / 2),
        _ => Angle.Weight(index, quarter / 2.0),
    });
}
