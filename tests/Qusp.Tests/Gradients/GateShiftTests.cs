// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Gradients;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class GateShiftTests
{
    /// <summary>
    /// The multilinear extension, written out: Σ over all 2^G patterns of ∏ π or (1 − π) times the circuit with these
    /// gates. Its derivative at the pattern that the data choose is what gate-shift claims.
    /// </summary>
    [Fact]
    public void It_is_the_derivative_of_the_multilinear_extension_enumerated()
    {
        (from wires in Gen.Int[2, 6]
         from x in Gen.Double[-1.5, 1.5].Array[wires]
         from g in Gen.Double[-1, 1].Array[wires]
         select (wires, x, g)).Sample(
            sample =>
            {
                var (wires, x, g) = sample;
                using var shift = new GateShift<double>(new CpuDevice(), GoldenSeed.Circuit(wires));
                var gates = new double[wires];
                shift.Pullback(1, x, [], g, gates);

                // ∂/∂π_i of a multilinear function at a corner: only patterns that agree elsewhere have weight.
                var chosen = x.Select(value => value > 0.1).ToArray();
                for (var i = 0; i < wires; i++)
                {
                    var derivative = 0.0;
                    for (var pattern = 0; pattern < 1 << wires; pattern++)
                    {
                        var on = Enumerable.Range(0, wires).Select(k => ((pattern >> k) & 1) == 1).ToArray();
                        var weight = Enumerable.Range(0, wires).Where(k => k != i).All(k => on[k] == chosen[k]) ? 1.0 : 0.0;
                        derivative += weight * (on[i] ? 1 : -1) * Value(wires, x, on, g);
                    }

                    Tolerance.Near(derivative, gates[i], 1e-12, $"{wires} wires, gate {i}");
                }
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public void At_the_threshold_it_is_the_jump_that_the_angle_gradient_does_not_see()
    {
        // FACTS 6: when gate i switches, wire i + 1 jumps by its CNOT.
        using var program = new CpuDevice().Compile<double>(GoldenSeed.Circuit());
        using var shift = new GateShift<double>(new CpuDevice(), GoldenSeed.Circuit());
        double[] below = [0.9, 0.1, 0.7, 0.4];
        double[] above = [0.9, Math.BitIncrement(0.1), 0.7, 0.4];
        var (off, on) = (program.Evaluate<double>(below), program.Evaluate<double>(above));
        var gates = new double[4];
        shift.Pullback(1, below, [], [0, 0, 1, 0], gates);
        Tolerance.Near(on[2] - off[2], gates[1], 1e-12, "jump");
        Assert.True(Math.Abs(gates[1]) > 0.01);
    }

    [Fact]
    public void A_batch_in_single_precision_on_any_device_gives_the_same()
    {
        float[] x = [.. Enumerable.Range(0, 40).Select(k => (float)Math.Sin(k))];
        float[] g = [.. Enumerable.Range(0, 40).Select(k => (float)Math.Cos(k))];
        var results = new List<float[]>();
        foreach (var device in new IDevice[] { new CpuDevice(), new CpuDevice(64), new ReferenceDevice() })
        {
            using var shift = new GateShift<float>(device, GoldenSeed.Circuit());
            var gates = new float[40];
            shift.Pullback(10, x, [], g, gates);
            Assert.Equal(50, shift.Cost.Circuits);
            results.Add(gates);
        }

        for (var k = 0; k < 40; k++)
        {
            Tolerance.Near(results[2][k], results[0][k], Tolerance.Single, $"gate {k}");
            Tolerance.Near(results[2][k], results[1][k], Tolerance.Single, $"gate {k}");
        }
    }

    [Fact]
    public void Guards_that_are_the_same_in_single_precision_keep_places_of_their_own()
    {
        var circuit = new CircuitBuilder(2);
        var x = circuit.Inputs(1);
        circuit.If(x[0] > 0.1, then => then.RY(x[0], 0)).If(x[0] > 0.1 + 1e-12, then => then.X(1));
        using var shift = new GateShift<float>(new CpuDevice(), circuit.ExpectZ().Build());
        var gates = new float[2];
        shift.Pullback(1, [0.5f], [], [1, 1], gates);
        Tolerance.Near(Math.Cos(0.5) - 1, gates[0], Tolerance.Single, "RY");
        Tolerance.Near(-2, gates[1], Tolerance.Single, "X");
    }

    private static double Value(int wires, double[] x, bool[] on, double[] g)
    {
        var circuit = new CircuitBuilder(wires);
        for (var i = 0; i < wires; i++)
        {
            if (on[i])
            {
                circuit.RY(x[i], i).CNOT(i, (i + 1) % wires);
            }
        }

        using var program = new ReferenceDevice().Compile<double>(circuit.ExpectZ().Build());
        return program.Evaluate<double>([]).Zip(g, (value, cotangent) => value * cotangent).Sum();
    }
}
