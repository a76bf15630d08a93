// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Gradients;
using Qusp.Simulation.Sampling;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class GateMixtureTests
{
    private const int Draws = 20_000;

    [Fact]
    public void The_mixture_is_multilinear_so_its_derivative_is_its_difference_between_on_and_off()
    {
        (from wires in Gen.Int[2, 6]
         from x in Gen.Double[-1.5, 1.5].Array[wires]
         from p in Gen.Double[0, 1].Array[wires]
         from gate in Gen.Int[0, wires - 1]
         select (wires, x, p, gate)).Sample(
            sample =>
            {
                var (wires, x, p, gate) = sample;
                using var mixture = new GateMixture<double>(new CpuDevice(), GoldenSeed.Circuit(wires));
                var (_, derivatives) = mixture.Enumerate(x, p);
                var (on, off) = ((double[])p.Clone(), (double[])p.Clone());
                (on[gate], off[gate]) = (1, 0);
                var (valuesOn, valuesOff) = (mixture.Enumerate(x, on).Values, mixture.Enumerate(x, off).Values);
                for (var k = 0; k < wires; k++)
                {
                    Tolerance.Near(valuesOn[k] - valuesOff[k], derivatives[k, gate], 1e-12, $"output {k}");
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public void At_a_corner_the_mixture_is_the_circuit_and_its_derivative_is_gate_shift()
    {
        double[] x = [0.9, -0.4, 0.05, 0.7];
        double[] corner = [1, 0, 0, 1];
        using var mixture = new GateMixture<double>(new CpuDevice(), GoldenSeed.Circuit());
        using var program = new CpuDevice().Compile<double>(GoldenSeed.Circuit());
        using var shift = new GateShift<double>(new CpuDevice(), GoldenSeed.Circuit());
        var (values, derivatives) = mixture.Enumerate(x, corner);
        var outputs = program.Evaluate<double>(x);
        for (var k = 0; k < 4; k++)
        {
            Tolerance.Near(outputs[k], values[k], 1e-12, $"output {k}");
            var (cotangent, gates) = (new double[4], new double[4]);
            cotangent[k] = 1;
            shift.Pullback(1, x, [], cotangent, gates);
            for (var g = 0; g < 4; g++)
            {
                Tolerance.Near(derivatives[k, g], gates[g], 1e-12, $"output {k}, gate {g}");
            }
        }
    }

    [Fact]
    public void Decisions_of_the_callers_let_a_gate_that_is_off_read_what_it_would_read()
    {
        using var shift = new GateShift<double>(new CpuDevice(), GoldenSeed.Circuit());
        var (byData, byCaller) = (new double[4], new double[4]);
        shift.Pullback(1, [0.9, 0.05, 0.7, 0.05], [], [1, 2, 3, 4], byData);
        shift.Pullback(1, [0.9, 0.05, 0.7, 0.05], [1, 0, 1, 0], [], [1, 2, 3, 4], byCaller);
        Assert.Equal(byData, byCaller);
        shift.Pullback(1, [0.9, 0.6, 0.7, 0.05], [1, 0, 1, 0], [], [1, 2, 3, 4], byCaller);
        Assert.NotEqual(byData[1], byCaller[1]); // RY(0.6), not RY(0.05)
        Assert.Throws<ArgumentException>(() => shift.Pullback(1, [0.9, 0.6, 0.7, 0.05], [1, 0], [], [1, 2, 3, 4], byCaller));
    }

    /// <summary>
    /// The three estimators at one point, drawn often: each is unbiased, from fewer or more evaluations. DisARM varies less than ARM, and
    /// gate-shift at a drawn pattern least.
    /// </summary>
    [Fact]
    public void Arm_and_DisArm_are_unbiased_from_two_evaluations_and_gate_shift_varies_least()
    {
        const int n = 5;
        double[] x = [0.9, 0.5, 1.2, 0.3, 0.8];
        double[] p = [0.3, 0.7, 0.5, 0.9, 0.2];
        double[] g = [1, -0.5, 0.3, 0.8, -1];
        using var mixture = new GateMixture<double>(new CpuDevice(), GoldenSeed.Circuit(n));
        using var shift = new GateShift<double>(new CpuDevice(), GoldenSeed.Circuit(n));
        var exact = mixture.Enumerate(x, p).Derivatives;
        double[] expected = [.. Enumerable.Range(0, n).Select(gate => Enumerable.Range(0, n).Sum(k => g[k] * exact[k, gate]))];

        double[] Rows(double[] row) => [.. Enumerable.Range(0, Draws).SelectMany(_ => row)];
        double[] uniforms = [.. Enumerable.Range(0, Draws * n).Select(k => Philox.Uniform(7, k, 0, 0))];
        var (inputs, probabilities, cotangents) = (Rows(x), Rows(p), Rows(g));
        var variance = new Dictionary<string, double>();
        foreach (var name in new[] { "arm", "disarm", "shift" })
        {
            var (before, gates) = (mixture.Cost.Circuits + shift.Cost.Circuits, new double[Draws * n]);
            if (name == "shift")
            {
                double[] pattern = [.. uniforms.Select((u, k) => u < p[k % n] ? 1.0 : 0)];
                shift.Pullback(Draws, inputs, pattern, [], cotangents, gates);
            }
            else
            {
                mixture.Pullback(name == "arm" ? GateEstimator.Arm : GateEstimator.DisArm, Draws, inputs, probabilities, uniforms, [], cotangents, gates);
            }

            Assert.Equal(Draws * (name == "shift" ? n + 1 : 2), mixture.Cost.Circuits + shift.Cost.Circuits - before);
            for (var gate = 0; gate < n; gate++)
            {
                double[] each = [.. Enumerable.Range(0, Draws).Select(draw => gates[(draw * n) + gate])];
                var mean = each.Average();
                var spread = each.Sum(value => (value - mean) * (value - mean)) / Draws;
                variance[name] = variance.GetValueOrDefault(name) + spread;
                Assert.InRange(mean, expected[gate] - (5 * Math.Sqrt(spread / Draws)) - 1e-12, expected[gate] + (5 * Math.Sqrt(spread / Draws)) + 1e-12);
            }
        }

        Assert.True(variance["disarm"] < variance["arm"], $"DisARM {variance["disarm"]}, ARM {variance["arm"]}");
        Assert.True(variance["shift"] < 0.5 * variance["disarm"], $"gate-shift {variance["shift"]}, DisARM {variance["disarm"]}");
    }

    [Fact]
    public void A_gate_that_is_certain_gets_no_estimate_and_spoils_none()
    {
        using var mixture = new GateMixture<float>(new CpuDevice(), GoldenSeed.Circuit());
        foreach (var estimator in Enum.GetValues<GateEstimator>())
        {
            var gates = new float[4];
            mixture.Pullback(estimator, 1, [0.9f, 0.5f, 1.2f, 0.3f], [1, 0.4f, 0, 0.7f], [0.3f, 0.2f, 0.6f, 0.9f], [], [1, 1, 1, 1], gates);
            Assert.All(gates, gate => Assert.True(float.IsFinite(gate)));
            Assert.Equal((0, 0), (gates[0], gates[2]));
            Assert.NotEqual(0, gates[1]);
        }
    }

    [Fact]
    public void Too_many_guards_to_enumerate_are_refused_with_the_alternative()
    {
        using var mixture = new GateMixture<double>(new CpuDevice(), GoldenSeed.Circuit(17));
        var refusal = Assert.Throws<NotSupportedException>(() => mixture.Enumerate(new double[17], new double[17]));
        Assert.Contains("GateShift", refusal.Message, StringComparison.Ordinal);
    }
}
