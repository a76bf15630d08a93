// SPDX-License-Identifier: Apache-2.0
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>Circuits of many wires of which few are active, against the closed form of the origin's circuit and the whole state.</summary>
public sealed class ComponentTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(1024)]
    public void The_closed_form_holds_where_runs_of_wires_are_active(int wires)
    {
        const int batch = 9;
        var x = Runs(wires, batch);
        double[] g = [.. Enumerable.Range(0, x.Length).Select(k => Math.Cos(0.3 * k))];
        using var program = new CpuDevice().Compile<double>(GoldenSeed.Circuit(wires));
        var (outputs, gradients) = (new double[x.Length], new double[x.Length]);
        program.Evaluate(batch, x, [], outputs);
        program.Pullback(batch, x, [], g, gradients, []);
        for (var b = 0; b < batch; b++)
        {
            var (expected, jacobian) = SeedCircuitTests.ClosedForm(x.AsSpan(b * wires, wires));
            for (var i = 0; i < wires; i++)
            {
                Tolerance.Near(expected[i], outputs[(b * wires) + i], Tolerance.Double, $"sample {b}, ⟨Z{i}⟩");
                var gradient = Enumerable.Range(0, wires).Sum(k => g[(b * wires) + k] * jacobian[k, i]);
                Tolerance.Near(gradient, gradients[(b * wires) + i], Tolerance.Double, $"sample {b}, gradient {i}");
            }
        }
    }

    [Fact]
    public void The_ledger_says_what_fired_and_how_large_the_states_were()
    {
        using var program = new CpuDevice().Compile<double>(GoldenSeed.Circuit(20));
        var x = new double[40];
        (x[0], x[1], x[7], x[25]) = (0.5, 0.5, 0.5, 0.5);

        // Sample 0: wires 0 and 1, wire 7. Sample 1: wire 5. The last CNOT of each run is taken in by the observables.
        program.Evaluate(2, x, [], new double[40]);
        Assert.Equal(new Cost(2, 8, 4, 72, 0) { SimulatedWires = 4, LargestState = 2 }, program.Cost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void The_whole_state_gives_the_same(int threads)
    {
        const int batch = 7;
        var circuit = Mixed(12);
        double[] w = [0.3, -0.8];
        double[] x = [.. Enumerable.Range(0, batch * 12).Select(k => Math.Sin(1.7 * k))];
        double[] g = [.. Enumerable.Range(0, batch * circuit.Outputs).Select(k => Math.Cos(0.3 * k))];
        var results = new List<double[]>();
        foreach (var components in new[] { true, false })
        {
            using var program = new CpuDevice().Compile<double>(circuit, new ProgramOptions { Components = components, Threads = threads });
            var (outputs, byInputs, byWeights) = (new double[g.Length], new double[x.Length], new double[2]);
            program.Evaluate(batch, x, w, outputs);
            program.Pullback(batch, x, w, g, byInputs, byWeights);
            results.Add([.. outputs, .. byInputs, .. byWeights]);
        }

        for (var k = 0; k < results[0].Length; k++)
        {
            Assert.Equal(results[1][k], results[0][k], 1e-12);
        }
    }

    [Fact]
    public void A_component_too_large_for_the_memory_is_refused_by_sample_and_size()
    {
        using var program = new CpuDevice().Compile<double>(GoldenSeed.Circuit(64));
        var x = new double[128];
        x.AsSpan(64).Fill(0.5);
        var error = Assert.Throws<NotSupportedException>(() => program.Evaluate(2, x, [], new double[128]));
        Assert.Contains("sample 1: 64 wires", error.Message, StringComparison.Ordinal);
        Assert.Contains("pauli", error.Message, StringComparison.Ordinal);
        x.AsSpan(64 + 9).Clear();
        program.Evaluate(2, x, [], new double[128]);
        Assert.Equal(9, program.Cost.LargestState);
    }

    [Fact]
    public void New_patterns_without_end_do_not_fill_the_memory()
    {
        using var program = new CpuDevice().Compile<double>(GoldenSeed.Circuit(128), new ProgramOptions { Threads = 1 });
        var (x, outputs) = (new double[128 * 200], new double[128 * 200]);
        var random = new Random(1);
        long Round()
        {
            for (var k = 0; k < x.Length; k++)
            {
                x[k] = random.NextDouble() < 0.1 ? 0.5 : 0;
            }

            program.Evaluate(200, x, [], outputs);
            return GC.GetTotalMemory(forceFullCollection: true);
        }

        var early = Enumerable.Range(0, 50).Max(_ => Round());
        var late = Enumerable.Range(0, 50).Max(_ => Round());
        Assert.True(late - early < 400L << 20, $"{late - early} bytes");
    }

    [Fact]
    public void After_the_first_call_with_a_pattern_nothing_is_allocated()
    {
        using var program = new CpuDevice().Compile<double>(GoldenSeed.Circuit(64), new ProgramOptions { Threads = 1 });
        var x = Runs(64, 32);
        var (outputs, gradients) = (new double[x.Length], new double[x.Length]);
        void Step()
        {
            program.Evaluate(32, x, [], outputs);
            program.Pullback(32, x, [], x, gradients, []);
        }

        Step();
        Assert.Equal(0, Allocation.Of(Step));
    }

    // A quarter of the wires active, in runs of at most 6, at other places in each sample.
    private static double[] Runs(int wires, int batch)
    {
        var x = new double[wires * batch];
        for (var b = 0; b < batch; b++)
        {
            var (left, place) = (wires / 4, 3 * b);
            for (var run = 0; left > 0; run++)
            {
                var length = Math.Min(left, 1 + ((run + b) % 6));
                for (var k = 0; k < length; k++)
                {
                    x[(b * wires) + ((place + k) % wires)] = 0.2 + (0.1 * ((k + run + b) % 17));
                }

                left -= length;
                place += 4 * length;
            }
        }

        return x;
    }

    // Products over components, probabilities across them, a Hamiltonian, weights shared by components, free gates and guarded ones.
    private static Circuit Mixed(int wires)
    {
        var circuit = new CircuitBuilder(wires);
        var (x, w) = (circuit.Inputs(wires), circuit.Weights("w", 2));
        for (var i = 0; i < wires; i++)
        {
            var wire = i;
            circuit.If(x[wire] > 0.5, then => then.RY(x[wire], wire).CRX(w[0], wire, (wire + 1) % wires).H((wire + 1) % wires))
                .If(x[wire].Abs() > 0.9, then => then.IsingYY(w[1], wire, (wire + 2) % wires));
        }

        return circuit.RX(w[1], 3).ExpectZ().Expect(PauliSum.Parse("Z0*Z3*Z7-0.5*X1*Y8+0.25+0.7*Y3")).Probabilities(11, 3, 6, 0).Build();
    }
}
