// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Tests;

/// <summary>Circuits that show what drawings must show.</summary>
internal static class DrawingSamples
{
    public static Circuit Origin => GoldenSeed.Circuit();

    /// <summary>Controls, targets, exchanges and boxes of every kind.</summary>
    public static Circuit Symbols => new CircuitBuilder(4)
        .H(0).S(1).Sdg(2).SX(3)
        .CNOT(0, 2).CZ(3, 1).SWAP(0, 3)
        .Toffoli(0, 3, 1).CSWAP(1, 0, 2)
        .Apply(Gates.MultiControlledX(false, true, false), [3, 1, 0, 2])
        .CRX(Math.PI / 2, 2, 0).CRot(0.1, -Math.PI, 3 * Math.PI / 4, 3, 2)
        .ExpectZ(0, 3).Expect(PauliWord.X(0)).Expect(PauliSum.Parse("0.5*Z0*Z1-0.25*X2")).Probabilities(1, 2)
        .Build();

    /// <summary>Boxes over several wires, in order, out of order and apart.</summary>
    public static Circuit Boxes => new CircuitBuilder(5)
        .IsingXX(0.3, 0, 1).IsingXY(0.3, 3, 2)
        .Apply(Gates.PauliRot("XYZ"), [0, 2, 4], 1.25)
        .Apply(Gates.QFT(3), [1, 2, 3])
        .Apply(Gates.Unitary(Gates.CNOT.Matrix()).Controlled(true), [2, 0, 4])
        .Apply(Gates.Unitary(Gates.CNOT.Matrix()).Controlled(false), [0, 3, 4])
        .DoubleExcitation(0.5, 3, 2, 1, 0)
        .Apply(Gates.SX.Adjoint(), [4]).Apply(Gates.T.Power(0.5), [4])
        .State()
        .Build();

    /// <summary>Inputs, weights and guards, above each other and with long labels.</summary>
    public static Circuit Guarded
    {
        get
        {
            var circuit = new CircuitBuilder(3);
            var x = circuit.Inputs(3);
            var w = circuit.Weights("w", 2, 3);
            return circuit.RY(x[0], 0).If(x[1] > 0.1, then => then.RY(x[1], 1)).If(x[2].Abs() > 0.25, then => then.RY((2 * x[2]) + 0.5, 2))
                .If(x[0] > 0.1, then => then.CNOT(0, 1).IsingZZ(w[0, 0], 1, 2).CRZ(w[1, 2], 2, 0))
                .If(x[2] > 0.1, then => then.U3(w[0, 1], w[0, 2], 0.123456 * w[1, 0], 2).Toffoli(0, 1, 2).SWAP(0, 2))
                .ExpectZ().Build();
        }
    }

    /// <summary>More columns than a line has.</summary>
    public static Circuit Layers
    {
        get
        {
            var circuit = new CircuitBuilder(3);
            var w = circuit.Weights("w", 4, 3, 3);
            for (var layer = 0; layer < 4; layer++)
            {
                for (var wire = 0; wire < 3; wire++)
                {
                    circuit.Rot(w[layer, wire, 0], w[layer, wire, 1], w[layer, wire, 2], wire);
                }

                circuit.CNOT(0, 1).CNOT(1, 2).CNOT(2, 0);
            }

            return circuit.ExpectZ().Build();
        }
    }

    /// <summary>Measured, decided and reset in its course, with noise.</summary>
    public static Circuit MidCircuit
    {
        get
        {
            var circuit = new CircuitBuilder(3);
            var x = circuit.Inputs(1);
            circuit.Bits(3);
            return circuit.RY(0.8, 0).H(1).CNOT(1, 2).Barrier(0, 1, 2).CNOT(0, 1).H(0).Measure(0, 0).Measure(1, 1)
                .When(Condition.IsSet(0), then => then.Z(2)).When(Condition.IsSet(1), then => then.If(x[0] > 0.1, inner => inner.X(2)))
                .Reset(0).Apply(Gates.DepolarizingChannel, [1], 0.05).Barrier(0, 2).Measure(2, 2).Build();
        }
    }

    public static Circuit Empty => new CircuitBuilder(2).Build();

    /// <summary>Far more than anyone reads.</summary>
    public static Circuit Huge
    {
        get
        {
            var circuit = new CircuitBuilder(1000);
            for (var k = 0; k < 50_000; k++)
            {
                circuit.CNOT(k % 1000, (k + 1) % 1000);
            }

            return circuit.ExpectZ().Build();
        }
    }
}
