// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>States that threads share, larger than the conformance suite's.</summary>
public sealed class LargeStateTests
{
    private const int Wires = 16;

    [Fact]
    public void The_number_of_threads_that_share_a_state_does_not_change_a_bit()
    {
        var one = Run(threads: 1, out _);
        Assert.Equal(one, Run(threads: 2, out _));
        Assert.Equal(one, Run(threads: 3, out _));
    }

    [Fact]
    public void A_call_allocates_nothing_after_the_first()
    {
        Run(threads: 1, out var allocated);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Thousands_of_rotations_without_a_phase_between_them_stay_in_range_in_single_precision()
    {
        // Rotations leave out a factor, which phases take up; a Toffoli gate has none.
        var circuit = new CircuitBuilder(4);
        var w = circuit.Weights("w", 1);
        for (var k = 0; k < 2000; k++)
        {
            circuit.RY(w[0], 0).RY(w[0], 3).Toffoli(0, 1, 2).RY(w[0], 2);
        }

        var built = circuit.ExpectZ().Build();
        var (expected, actual) = (Values<double>(built), Values<float>(built));
        Assert.Equal(expected[..4], actual[..4], Near(1e-3));
        Assert.Equal(expected[4..], actual[4..], Near(1e-3 * Math.Abs(expected[4])));
    }

    private static EqualityComparer<double> Near(double tolerance) => EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance);

    private static double[] Values<T>(Circuit circuit)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        using var program = new CpuDevice(0, Qusp.Simulation.CpuPath.OneState).Compile<T>(circuit);
        var (outputs, byWeight) = (new T[4], new T[1]);
        T[] weights = [T.CreateChecked(0.75f)];
        program.Evaluate(1, [], weights, outputs);
        program.Pullback(1, [], weights, [T.One, T.Zero, T.One, T.One], [], byWeight);
        return [.. outputs.Append(byWeight[0]).Select(double.CreateChecked)];
    }

    private static double[] Run(int threads, out long allocated)
    {
        var circuit = new CircuitBuilder(Wires);
        var x = circuit.Inputs(1);
        var w = circuit.Weights("w", 3, Wires);
        for (var layer = 0; layer < 3; layer++)
        {
            for (var wire = 0; wire < Wires; wire++)
            {
                circuit.RZ(w[layer, wire], wire).RY(x[0], wire).RX(0.1 * wire, wire);
            }

            for (var wire = 0; wire < Wires; wire++)
            {
                circuit.CNOT(wire, (wire + 1) % Wires);
            }
        }

        using var program = new CpuDevice().Compile<double>(circuit.ExpectZ().Build(), new ProgramOptions { Threads = threads });
        double[] inputs = [0.7];
        double[] weights = [.. Enumerable.Range(0, 3 * Wires).Select(k => 0.37 * k)];
        double[] cotangents = [.. Enumerable.Range(0, Wires).Select(k => Math.Cos(k))];
        var (outputs, byInput, byWeights) = (new double[Wires], new double[1], new double[3 * Wires]);
        Call();
        allocated = Allocation.Of(Call);
        return [.. outputs, .. byInput, .. byWeights];

        void Call()
        {
            program.Evaluate(1, inputs, weights, outputs);
            program.Pullback(1, inputs, weights, cotangents, byInput, byWeights);
        }
    }
}
