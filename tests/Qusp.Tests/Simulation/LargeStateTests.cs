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
