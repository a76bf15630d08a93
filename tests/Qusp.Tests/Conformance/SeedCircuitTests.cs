// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>The origin document's guarded circuit: PennyLane's numbers, and the closed form of seed/FACTS 3.</summary>
public sealed class SeedCircuitTests
{
    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Outputs_and_Jacobians_agree_with_PennyLane(string device, Differentiation method)
    {
        using var program = Contender.Find(device).Compile<double>(GoldenSeed.Circuit(), new ProgramOptions { Differentiation = method });
        foreach (var golden in GoldenSeed.Cases)
        {
            double[] x = [.. golden.Inputs];
            var outputs = program.Evaluate<double>(x);
            var (jacobian, _) = program.Jacobian<double>(x);
            for (var i = 0; i < 4; i++)
            {
                Tolerance.Near(golden.Output[i], outputs[i], Tolerance.Seed, $"⟨Z{i}⟩");
                for (var j = 0; j < 4; j++)
                {
                    Tolerance.Near(golden.Jacobian[i, j], jacobian[i, j], Tolerance.Seed, $"∂⟨Z{i}⟩/∂x{j}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Both_scripts_float32_cases_agree_and_differ_where_a_comparison_in_float32_differs(string device, Differentiation method)
    {
        // The basic script compares the float32 value as a double; the advanced one compares in float32 (FACTS 10).
        var item = GoldenSeed.Circuit();
        var tensor = item.RoundThresholds<float>();
        using var basic = Contender.Find(device).Compile<double>(item, new ProgramOptions { Differentiation = method });
        using var advanced = Contender.Find(device).Compile<double>(tensor, new ProgramOptions { Differentiation = method });
        foreach (var golden in GoldenSeed.FloatCases)
        {
            double[] x = [.. golden.Inputs];
            foreach (var (program, expected) in new[] { (basic, golden.Basic), (advanced, golden.Advanced) })
            {
                var outputs = program.Evaluate<double>(x);
                var (jacobian, _) = program.Jacobian<double>(x);
                for (var i = 0; i < 4; i++)
                {
                    Tolerance.Near(expected.Output[i], outputs[i], 1e-6, $"⟨Z{i}⟩");
                    for (var j = 0; j < 4; j++)
                    {
                        Tolerance.Near(expected.Jacobian[i, j], jacobian[i, j], 1e-6, $"∂⟨Z{i}⟩/∂x{j}");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void The_closed_form_holds_for_random_inputs_on_both_sides_of_the_threshold_and_on_it(string device, int batch)
    {
        // Near the threshold, on it, next to it, and anywhere.
        var input = Gen.OneOf(
            Gen.Double[-Math.PI, Math.PI], Gen.OneOf(new[] { 0.1, Math.BitIncrement(0.1), Math.BitDecrement(0.1), 0, -0.1 }.Select(Gen.Const).ToArray()), Gen.Double[0.0999, 0.1001]);
        (from wires in Gen.Int[2, 10]
         from x in input.Array[wires * batch]
         from g in Gen.Double[-1, 1].Array[wires * batch]
         select (wires, x, g)).Sample(
            sample =>
            {
                var (wires, x, g) = sample;
                using var program = Contender.Find(device).Compile<double>(GoldenSeed.Circuit(wires), new ProgramOptions { Threads = 1 });
                var outputs = new double[x.Length];
                var gradients = new double[x.Length];
                program.Evaluate(batch, x, [], outputs);
                program.Pullback(batch, x, [], g, gradients, []);
                for (var b = 0; b < batch; b++)
                {
                    var row = x.AsSpan(b * wires, wires);
                    var (expected, jacobian) = ClosedForm(row);
                    for (var i = 0; i < wires; i++)
                    {
                        Tolerance.Near(expected[i], outputs[(b * wires) + i], Tolerance.Seed, $"{wires} wires, sample {b}, ⟨Z{i}⟩");
                        var gradient = 0.0;
                        for (var k = 0; k < wires; k++)
                        {
                            gradient += g[(b * wires) + k] * jacobian[k, i];
                        }

                        Tolerance.Near(gradient, gradients[(b * wires) + i], Tolerance.Seed, $"{wires} wires, sample {b}, gradient {i}");
                    }
                }
            },
            iter: device == "reference" ? 20 : 100,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Where_no_gate_fires_outputs_are_one_and_gradients_zero(string device, Differentiation method)
    {
        using var program = Contender.Find(device).Compile<double>(GoldenSeed.Circuit(), new ProgramOptions { Differentiation = method });
        double[] x = [-0.9, 0.1, double.NaN, 0];
        double[] outputs = program.Evaluate<double>(x);
        double[] gradients = [9, 9, 9, 9];
        program.Pullback(1, x, [], [1, 1, 1, 1], gradients, []);
        Assert.Equal([1, 1, 1, 1], outputs);
        Assert.Equal([0, 0, 0, 0], gradients);
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void The_ledger_counts_what_fired(string device)
    {
        using var program = Contender.Find(device).Compile<double>(GoldenSeed.Circuit());
        program.Evaluate<double>([0.5, -0.5, 0.5, 0.05, 0.2, 0.3, 0.4, 0.5, -1, -1, -1, -1]);
        Assert.Equal(
            new Cost(Circuits: 3, Gates: 12, TwoQubitGates: 6, SkippedGates: 12, Shots: 0),
            program.Cost with { SimulatedWires = 0, LargestState = 0 });
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Parameter_shift_executes_two_circuits_for_each_gate_that_fired(string device)
    {
        using var program = Contender.Find(device).Compile<double>(
            GoldenSeed.Circuit(), new ProgramOptions { Differentiation = Differentiation.ParameterShift });
        double[] x = [0.5, 0.6, 0.7, 0.8, -1, -1, -1, -1];
        program.Evaluate<double>(x);
        program.Pullback(2, x, [], new double[8], new double[8], []);
        Assert.Equal(9 + 1, program.Cost.Circuits); // FACTS 8: nine for four gates, one for none
    }

    /// <summary>seed/FACTS 3 and its derivatives.</summary>
    internal static (double[] Value, double[,] Jacobian) ClosedForm(ReadOnlySpan<double> x)
    {
        var n = x.Length;
        var fires = x.ToArray().Select(value => value > 0.1).ToArray();

        // Each output is a product of cosines of the inputs in a set.
        var sets = new List<int>[n];
        sets[0] = fires[0] ? [0] : [];
        for (var i = 1; i < n; i++)
        {
            sets[i] = [.. fires[i - 1] ? sets[i - 1] : [], .. fires[i] ? (int[])[i] : []];
        }

        if (fires[n - 1])
        {
            sets[0] = fires[..(n - 1)].All(fire => fire)
                ? [.. Enumerable.Range(1, n - 1)]
                : [.. fires[0] ? (int[])[0] : [], .. sets[n - 1]];
        }

        var (value, jacobian) = (new double[n], new double[n, n]);
        for (var i = 0; i < n; i++)
        {
            value[i] = 1;
            foreach (var j in sets[i])
            {
                value[i] *= Math.Cos(x[j]);
            }

            foreach (var j in sets[i])
            {
                var derivative = -Math.Sin(x[j]);
                foreach (var other in sets[i].Where(other => other != j))
                {
                    derivative *= Math.Cos(x[other]);
                }

                jacobian[i, j] += derivative;
            }
        }

        return (value, jacobian);
    }
}
