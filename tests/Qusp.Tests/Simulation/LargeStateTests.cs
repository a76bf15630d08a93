// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

/// <summary>States of more wires than a table of phases has bits, where a phase is a product of factors.</summary>
public sealed class LargeStateTests
{
    private static readonly ImmutableArray<Gate> Real =
        [Gates.H, Gates.X, Gates.Z, Gates.RY, Gates.CNOT, Gates.CZ, Gates.CH, Gates.CRY, Gates.SWAP, Gates.Toffoli, Gates.CCZ, Gates.CSWAP, Gates.SingleExcitation];

    [Fact]
    public void Real_circuits_agree_with_the_reference() => Agree(Real);

    [Fact]
    public void Complex_circuits_agree_with_the_reference() => Agree([.. Real, Gates.S, Gates.T, Gates.RZ, Gates.CRZ, Gates.ControlledPhaseShift, Gates.Y, Gates.RX, Gates.IsingZZ]);

    private static void Agree(ImmutableArray<Gate> gates) => Gen.Int[10, 12].SelectMany(wires => RandomCircuits.Of(gates, wires, 16)).Sample(
        circuit =>
        {
            var measured = circuit.WithMeasurements(
                new Expectation(PauliWord.Z(0)), new Expectation(PauliWord.X(circuit.Wires - 1)), new Probabilities([.. Enumerable.Range(0, circuit.Wires)]));
            var options = new ProgramOptions { Differentiation = Differentiation.None, Components = false };
            double[] inputs = [0.7, -1.1, 2.3];
            double[] weights = [0.3, -1.7, 0.9];
            using var cpu = new CpuDevice().Compile<double>(measured, options);
            using var reference = new ReferenceDevice().Compile<double>(measured, options);
            var worst = cpu.Evaluate<double>(inputs, weights).Zip(reference.Evaluate<double>(inputs, weights), (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst < 1e-10, $"differs by {worst:G3}");
        },
        iter: 40,
        print: circuit => $"{circuit.Wires} wires: {string.Join("; ", circuit.Operations)}");
}
