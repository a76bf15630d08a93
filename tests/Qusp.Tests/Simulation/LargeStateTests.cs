// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>States that threads share, larger than the conformance suite's.</summary>
public sealed class LargeStateTests
{
    [Theory]
    [InlineData(15, 1)]
    [InlineData(16, 2)]
    [InlineData(18, 2)]
    [InlineData(20, 1)]
    [InlineData(20, 2)]
    public void Single_precision_is_double_precision_to_five_digits(int wires, int threads)
    {
        var (expected, actual) = (Run<double>(wires, threads, out _), Run<float>(wires, threads, out _));
        for (var k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], actual[k], 1e-5);
        }
    }

    [Fact]
    public void The_number_of_threads_that_share_a_state_does_not_change_a_bit()
    {
        var one = Run<double>(16, threads: 1, out _);
        Assert.Equal(one, Run<double>(16, threads: 2, out _));
        Assert.Equal(one, Run<double>(16, threads: 3, out _));
    }

    [Fact]
    public void A_call_allocates_nothing_after_the_first()
    {
        Run<double>(16, threads: 1, out var allocated);
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
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var program = new CpuDevice(0, Qusp.Simulation.CpuPath.OneState).Compile<T>(circuit);
        var (outputs, byWeight) = (new T[4], new T[1]);
        T[] weights = [T.CreateChecked(0.75f)];
        program.Evaluate(1, [], weights, outputs);
        program.Pullback(1, [], weights, [T.One, T.Zero, T.One, T.One], [], byWeight);
        return [.. outputs.Append(byWeight[0]).Select(double.CreateChecked)];
    }

    private static double[] Run<T>(int wires, int threads, out long allocated)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var program = new CpuDevice().Compile<T>(Circuit(wires), new ProgramOptions { Threads = threads });
        T[] inputs = [T.CreateChecked(0.7)];
        T[] weights = [.. Enumerable.Range(0, 3 * wires).Select(k => T.CreateChecked(0.37 * k))];
        T[] cotangents = [.. Enumerable.Range(0, program.Circuit.Outputs).Select(k => T.CreateChecked(Math.Cos(k) / 8))];
        var (outputs, byInput, byWeights) = (new T[cotangents.Length], new T[1], new T[3 * wires]);
        Call();
        allocated = Allocation.Of(Call);
        return [.. ((T[])[.. outputs, .. byInput, .. byWeights]).Select(double.CreateChecked)];

        void Call()
        {
            program.Evaluate(1, inputs, weights, outputs);
            program.Pullback(1, inputs, weights, cotangents, byInput, byWeights);
        }
    }

    private static Circuit Circuit(int wires)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(1);
        var w = circuit.Weights("w", 3, wires);
        for (var layer = 0; layer < 3; layer++)
        {
            for (var wire = 0; wire < wires; wire++)
            {
                circuit.RZ(w[layer, wire], wire).RY(x[0], wire).RX(0.1 * wire, wire);
            }

            for (var wire = 0; wire < wires; wire++)
            {
                circuit.CNOT(wire, (wire + 1) % wires);
            }
        }

        var diagonal = circuit.ExpectZ().Build();
        return diagonal.WithMeasurements(
        [
            .. diagonal.Measurements,
            new Probabilities(0, wires - 1, 4),
            new DensityMatrix(1, wires - 2),
            new Expectation(PauliSum.Parse($"X0 + 0.5*X{wires - 1} + 0.3*Y1*Y{wires - 3} - 0.2*X1*Z4*X{wires - 3} + 0.1*Y5")),
        ]);
    }
}
