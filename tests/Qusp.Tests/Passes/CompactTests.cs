// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Passes;

public sealed class CompactTests
{
    private static readonly Gate[] Turning = [Gates.RX, Gates.RY, Gates.RZ, Gates.PhaseShift, Gates.CRX, Gates.CRZ, Gates.IsingXX, Gates.IsingZZ];

    /// <summary>Random circuits with inputs, guards and weights, some of which are multiples of 2π: outputs and derivatives stay.</summary>
    [Fact]
    public void It_gives_the_same_outputs_and_derivatives_with_fewer_operations()
    {
        var removed = 0;
        (from gates in Gen.Int[0, Turning.Length - 1].Array[14]
         from wires in Gen.Int[0, 3].Array[14]
         from turns in Gen.Int[-2, 2].Array[14]
         from idle in Gen.Bool.Array[14]
         from x in Gen.Double[-1, 1].Array[4]
         select (gates, wires, turns, idle, x)).Sample(
            sample =>
            {
                var builder = new CircuitBuilder(4);
                var inputs = builder.Inputs(4);
                var w = builder.Weights("w", 7, 2);
                var values = new double[14];
                for (var k = 0; k < 14; k++)
                {
                    var gate = Turning[sample.gates[k]];
                    values[k] = sample.idle[k] ? 2 * Math.PI * sample.turns[k] : 0.3 + (0.2 * k);
                    var wire = sample.wires[k];
                    builder.If(inputs[wire] > 0.1, then => then.RY(inputs[wire], wire).CNOT(wire, (wire + 1) % 4));
                    builder.Apply(gate, gate.Wires == 1 ? [wire] : [wire, (wire + 1) % 4], w[k / 2, k % 2]);
                }

                var circuit = builder.ExpectZ(0, 1).Build();
                var compact = circuit.Compact(values);
                removed += circuit.Operations.Length - compact.Circuit.Operations.Length;
                Assert.Equal(compact.Circuit.Weights, compact.Weights.Length);
                Assert.Equal(compact.Kept.Select(k => values[k]), compact.Weights);

                using var before = new CpuDevice().Compile<double>(circuit);
                using var after = new CpuDevice().Compile<double>(compact.Circuit);
                var (expected, actual) = (before.Evaluate<double>(sample.x, values), after.Evaluate<double>(sample.x, [.. compact.Weights]));
                var (byInput, byWeight) = before.Jacobian<double>(sample.x, values);
                var (inputsAfter, weightsAfter) = after.Jacobian<double>(sample.x, [.. compact.Weights]);
                for (var o = 0; o < 2; o++)
                {
                    Tolerance.Near(expected[o], actual[o], 1e-10, $"output {o}");
                    for (var i = 0; i < 4; i++)
                    {
                        Tolerance.Near(byInput[o, i], inputsAfter[o, i], 1e-10, $"by input {i}");
                    }

                    for (var k = 0; k < compact.Kept.Length; k++)
                    {
                        Tolerance.Near(byWeight[o, compact.Kept[k]], weightsAfter[o, k], 1e-10, $"by weight {k}");
                    }
                }
            },
            iter: 100,
            threads: 1);
        Assert.True(removed > 300, $"{removed} operations were removed");
    }

    [Fact]
    public void A_full_turn_goes_where_only_a_phase_is_left_and_stays_where_a_control_sees_it()
    {
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 3);
        var circuit = builder.H(0).RY(w[0], 1).Apply(Gates.CRZ, [0, 1], w[1]).H(0).RZ(w[2], 0).ExpectZ(0).Build();
        double[] weights = [2 * Math.PI, 2 * Math.PI, 0.7];
        var compact = circuit.Compact(weights);
        Assert.Equal(["H", "CRZ", "H"], compact.Circuit.Operations.Select(operation => operation.Gate.Name)); // RZ is out of sight
        Assert.Equal([1], compact.Kept);
        Assert.Equal([1], compact.Circuit.WeightGroups[0].Shape);
        weights[1] = 4 * Math.PI;
        Assert.Empty(circuit.Compact(weights).Circuit.WeightGroups);
        Assert.Throws<ArgumentException>(() => circuit.Compact([1]));
    }

    [Fact]
    public void Distances_to_the_identity_go_by_each_gate_s_own_period()
    {
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 5);
        var circuit = builder.RY(2 * w[0] + 0.2, 0).Apply(Gates.CRX, [0, 1], w[1]).RX(w[2], 0).RX(w[2] * 3, 1).Apply(Gates.Rot, [0], w[3], w[3], w[3]).ExpectZ().Build();
        var nearest = circuit.NearestIdentity([3.0, 6.5, 0.1, 0.5, 1.5]);
        Tolerance.Near(6.2 - (2 * Math.PI), -nearest[0].Distance, 1e-12, "RY: 2π is as good as 0");
        Tolerance.Near(((2 * Math.PI) - 0.2) / 2, nearest[0].Value, 1e-12, "the value of the weight");
        Tolerance.Near((4 * Math.PI) - 6.5, nearest[1].Distance, 1e-12, "CRX: 4π");
        Tolerance.Near(0.3, nearest[2].Distance, 1e-12, "the farther of two gates");
        Assert.Equal(double.PositiveInfinity, nearest[3].Distance);
        Assert.Equal((0, 1.5), nearest[4]); // nothing reads it
    }
}
