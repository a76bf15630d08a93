// SPDX-License-Identifier: Apache-2.0
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class RedundantWeightsTests
{
    [Fact]
    public void Rotations_that_others_can_stand_in_for_go_and_the_outputs_stay()
    {
        // RY(w0) RY(x) RY(w1) is one rotation; RZ on |0⟩ is a phase; RX(w3) after it is needed.
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var w = builder.Weights("w", 5);
        var circuit = builder.RY(w[0], 0).If(x[0].Abs() > 0.2, then => then.RY(x[0], 0)).RY(w[1], 0).RZ(w[2], 1).RX(w[3], 1).CNOT(0, 1).RX(w[4], 1)
            .Expect(PauliWord.Z(0)).Expect(PauliWord.Y(1)).Build();
        double[] samples = [0.5, 0.1, -0.9, 0.4, 0.1, 0.3];
        double[] weights = [0.7, 0.4, 1.1, 0.6, -0.8];
        var left = circuit.RemoveRedundant(new CpuDevice(), 3, samples, weights);

        // RX on the target commutes with the CNOT: of w3 and w4 one goes too.
        Assert.Equal(2, left.Weights.Length);
        Tolerance.Near(weights[0] + weights[1], left.Weights[0], 1e-9, "the sum of both RY");
        using var before = new CpuDevice().Compile<double>(circuit);
        using var after = new CpuDevice().Compile<double>(left.Circuit);
        double[] fresh = [1.3, 0, -0.3, 0, 0.15, 0];
        foreach (var (expected, actual) in before.Evaluate<double>(fresh, weights).Zip(after.Evaluate<double>(fresh, [.. left.Weights])))
        {
            Tolerance.Near(expected, actual, 1e-9, "an output of a sample not seen");
        }
    }

    [Fact]
    public void Where_nothing_is_redundant_nothing_goes()
    {
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 3);
        var circuit = builder.RY(w[0], 0).CNOT(0, 1).RX(w[1], 0).RY(w[2], 1).ExpectZ().Build();
        Assert.Equal([0, 1, 2], circuit.RemoveRedundant(new CpuDevice(), 1, [], [0.5, 0.3, 0.9]).Kept);
    }
}
