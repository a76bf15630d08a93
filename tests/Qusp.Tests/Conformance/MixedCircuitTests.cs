// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Simulation;
using Qusp.Simulation.DensityMatrices;
using Qusp.Simulation.Lanes;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Random circuits with noise, measurements and conditions in their course: device against device, method against method.</summary>
public sealed class MixedCircuitTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(64)]
    public void The_cpu_agrees_with_dense_density_matrices_in_values_and_gradients(int vectorBits) =>
        Gen.Select(MixedCircuits.All, Gen.Double[0, 1].Array[6 * MixedCircuits.Inputs], Gen.Double[0, 1].Array[MixedCircuits.Weights]).Sample(
            (circuit, x, w) =>
            {
                var (expected, actual) = (Run(new ReferenceDevice(), circuit, 6, x, w), Run(new CpuDevice(vectorBits), circuit, 6, x, w));
                for (var k = 0; k < expected.Length; k++)
                {
                    Tolerance.Near(expected[k], actual[k], Tolerance.Double, $"number {k}");
                }
            },
            iter: 40,
            threads: 1,
            print: sample => string.Join("; ", sample.Item1.Operations));

    [Fact]
    public void Chunks_of_a_density_matrix_and_what_is_left_of_a_batch_agree_with_dense_ones() =>
        Gen.Select(MixedCircuits.Wide, Gen.Double[0, 1].Array[4 * MixedCircuits.Inputs], Gen.Double[0, 1].Array[MixedCircuits.Weights], Gen.Int[1, 4]).Sample(
            (circuit, x, w, batch) =>
            {
                var data = x[..(batch * MixedCircuits.Inputs)];
                var (expected, actual) = (Run(new ReferenceDevice(), circuit, batch, data, w), Run(new CpuDevice(), circuit, batch, data, w));
                for (var k = 0; k < expected.Length; k++)
                {
                    Tolerance.Near(expected[k], actual[k], Tolerance.Double, $"number {k}");
                }
            },
            iter: 8,
            threads: 1,
            print: sample => string.Join("; ", sample.Item1.Operations));

    [Fact]
    public void A_sample_that_cannot_be_post_selected_is_named_wherever_in_the_batch_it_is()
    {
        var circuit = new CircuitBuilder(2);
        var x = circuit.Inputs(1);
        using var program = new CpuDevice().Compile<double>(circuit.RX(x[0], 0).Postselect(0, true).DepolarizingChannel(0.1, 1).ExpectZ().Build());
        foreach (var (batch, impossible) in ((int, int)[])[(1, 0), (3, 2), (8, 5), (19, 17), (19, 3)])
        {
            double[] data = [.. Enumerable.Range(0, batch).Select(b => b == impossible ? 0 : 0.5)];
            var error = Assert.Throws<InvalidOperationException>(() => program.Evaluate(batch, data, [], new double[2 * batch]));
            Assert.StartsWith($"Sample {impossible}:", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public unsafe void The_first_of_several_such_samples_is_named_in_whatever_order_their_blocks_run()
    {
        var circuit = new CircuitBuilder(1);
        circuit.RX(circuit.Inputs(1)[0], 0).Postselect(0, true).ExpectZ();
        var layout = new DensityLayout(DensityLowering.Lower(circuit.Build()), differentiates: false, samples: 1, shift: 0, stateBytes: 64);
        using var worker = new DensityWorker<Lanes1<double>, Lanes1<double>, double>(layout, new Crew(1), differentiates: false);
        double* data = stackalloc double[3], outputs = stackalloc double[3];
        (data[0], data[1], data[2]) = (0.5, 0, 0);
        foreach (var block in (int[])[2, 0, 1])
        {
            worker.Evaluate(3, block, data, null, outputs);
        }

        Assert.Equal(1, worker.Impossible);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    public void The_reverse_sweep_agrees_with_finite_differences(string device) =>
        Gen.Select(MixedCircuits.All, Gen.Double[0.05, 0.95].Array[MixedCircuits.Inputs], Gen.Double[0, 1].Array[MixedCircuits.Weights]).Sample(
            (circuit, x, w) =>
            {
                var (sweep, difference) = (
                    Run(Contender.Find(device), circuit, 1, x, w), Run(Contender.Find(device), circuit, 1, x, w, Differentiation.FiniteDifference));
                for (var k = 0; k < sweep.Length; k++)
                {
                    Tolerance.Near(sweep[k], difference[k], 1e-6, $"number {k}");
                }
            },
            iter: 15,
            threads: 1,
            print: sample => string.Join("; ", sample.Item1.Operations));

    [Fact]
    public void A_batch_is_the_same_as_its_samples_one_by_one_and_threads_do_not_change_a_bit() =>
        Gen.Select(MixedCircuits.All, Gen.Double[0, 1].Array[37 * MixedCircuits.Inputs], Gen.Double[0, 1].Array[MixedCircuits.Weights]).Sample(
            (circuit, x, w) =>
            {
                using var one = new CpuDevice().Compile<double>(circuit, new ProgramOptions { Threads = 1 });
                using var three = new CpuDevice().Compile<double>(circuit, new ProgramOptions { Threads = 3 });
                var (batch, k) = (37, circuit.Outputs);
                double[] g = [.. Enumerable.Range(0, batch * k).Select(i => Math.Cos(i))];
                var (outputs, gradients, weights) = (new double[batch * k], new double[x.Length], new double[w.Length]);
                one.Evaluate(batch, x, w, outputs);
                one.Pullback(batch, x, w, g, gradients, weights);
                var (again, gradientsAgain, weightsAgain) = (new double[batch * k], new double[x.Length], new double[w.Length]);
                three.Evaluate(batch, x, w, again);
                three.Pullback(batch, x, w, g, gradientsAgain, weightsAgain);
                Assert.Equal((double[])[.. outputs, .. gradients, .. weights], (double[])[.. again, .. gradientsAgain, .. weightsAgain]);
                for (var b = 0; b < batch; b += 9)
                {
                    var (row, gradient) = (new double[k], new double[MixedCircuits.Inputs]);
                    one.Evaluate(1, x.AsSpan(b * 3, 3), w, row);
                    one.Pullback(1, x.AsSpan(b * 3, 3), w, g.AsSpan(b * k, k), gradient, weights);
                    for (var i = 0; i < k; i++)
                    {
                        Tolerance.Near(outputs[(b * k) + i], row[i], 1e-13, $"sample {b}, output {i}");
                    }

                    for (var i = 0; i < 3; i++)
                    {
                        Tolerance.Near(gradients[(b * 3) + i], gradient[i], 1e-12, $"sample {b}, input {i}");
                    }
                }
            },
            iter: 5,
            threads: 1);

    [Fact]
    public void States_that_do_not_fit_are_computed_again_and_the_gradient_is_the_same()
    {
        // 6 wires in lanes: of half a megabyte each, the states would be too many; alone they fit.
        var builder = new CircuitBuilder(6);
        var x = builder.Inputs(2);
        for (var layer = 0; layer < 40; layer++)
        {
            builder.RY(x[0], layer % 6).CNOT(layer % 6, (layer + 1) % 6).AmplitudeDamping(0.1 * x[1], layer % 6)
                .DepolarizingChannel(0.02, (layer + 3) % 6).PhaseDamping(0.05 * x[0], (layer + 1) % 6).RX(x[1], (layer + 2) % 6);
        }

        var circuit = builder.ExpectZ().Build();
        var irreversible = DensityLowering.Lower(circuit).Steps.Count(step => !step.IsUnitary);
        Assert.True(DensityLayout.Segments(irreversible, 8 << 16).Saved < irreversible);
        Assert.Equal(irreversible, DensityLayout.Segments(irreversible, 1 << 16).Saved);
        using var program = new CpuDevice().Compile<double>(circuit);
        double[] data = [.. Enumerable.Range(0, 16).Select(k => 0.1 + (0.05 * k))], g = [.. Enumerable.Range(0, 48).Select(k => Math.Sin(k))];
        var (batch, alone) = (new double[16], new double[2]);
        program.Pullback(8, data, [], g, batch, []);
        for (var b = 0; b < 8; b += 3)
        {
            program.Pullback(1, data.AsSpan(2 * b, 2), [], g.AsSpan(6 * b, 6), alone, []);
            Tolerance.Near(alone[0], batch[2 * b], 1e-12, $"sample {b}");
            Tolerance.Near(alone[1], batch[(2 * b) + 1], 1e-12, $"sample {b}");
        }
    }

    [Fact]
    public void A_call_allocates_nothing_after_the_first()
    {
        var builder = new CircuitBuilder(3);
        var (inputs, weights, c) = (builder.Inputs(3), builder.Weights("w", 3), builder.Bits(2));
        var circuit = builder.RY(inputs[0], 0).If(inputs[1] > 0.2, then => then.Rot(weights[0], inputs[1], weights[1], 1).AmplitudeDamping(inputs[2], 1))
            .CNOT(0, 1).DepolarizingChannel(weights[2], 2).Measure(1, c[0]).When(Condition.IsSet(c[0]), then => then.IsingXX(inputs[0], 0, 2)).Measure(0, c[1]).Reset(0)
            .ExpectZ().Expect(PauliSum.Parse("X0*Y1")).Probabilities(2).Measure(new BitProbabilities(c[1])).Build();
        using var program = new CpuDevice().Compile<double>(circuit, new ProgramOptions { Threads = 1 });
        var k = program.Circuit.Outputs;
        double[] x = [.. Enumerable.Range(0, 60).Select(i => 0.01 * i)], w = [0.1, 0.2, 0.3];
        var (outputs, g, byInputs, byWeights) = (new double[20 * k], new double[20 * k], new double[60], new double[3]);
        void Step()
        {
            program.Evaluate(20, x, w, outputs);
            program.Pullback(20, x, w, g, byInputs, byWeights);
            program.Evaluate(1, x.AsSpan(0, 3), w, outputs.AsSpan(0, k));
        }

        Step();
        Assert.Equal(0, Allocation.Of(Step, times: 100));
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_it_is_allocated_and_the_way_out_is_named()
    {
        var builder = new CircuitBuilder(20).H(0).BitFlip(0.1, 3).ExpectZ();
        Assert.Contains("trajectories", Assert.Throws<NotSupportedException>(() => new CpuDevice().Compile<double>(builder.Build())).Message, StringComparison.Ordinal);
        Assert.Contains("use cpu", Assert.Throws<NotSupportedException>(() => new ReferenceDevice().Compile<double>(builder.Build())).Message, StringComparison.Ordinal);
        var state = new CircuitBuilder(1).BitFlip(0.1, 0).State().Build();
        Assert.Contains("density matrix", Assert.Throws<NotSupportedException>(() => new CpuDevice().Compile<double>(state)).Message, StringComparison.Ordinal);
        var damping = new CircuitBuilder(1);
        damping.AmplitudeDamping(damping.Inputs(1)[0], 0).ExpectZ();
        Assert.Contains(
            "no shift rule",
            Assert.Throws<NotSupportedException>(() => new CpuDevice().Compile<double>(damping.Build(), new ProgramOptions { Differentiation = Differentiation.ParameterShift })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    [InlineData("trajectories")]
    public void Strengths_that_are_no_probabilities_are_refused_and_the_sample_is_named(string name)
    {
        var device = Devices.Find(name);
        var builder = new CircuitBuilder(1);
        var x = builder.Inputs(2);
        using var program = device.Compile<double>(builder.If(x[1] > 0, then => then.BitFlip(2 * x[0], 0)).ExpectZ().Build());
        var outputs = new double[2];
        program.Evaluate(2, [0.1, 1, 0.7, -1], [], outputs); // the second does not fire
        var error = Assert.Throws<ArgumentException>(() => program.Evaluate(2, [0.1, 1, 0.7, 1], [], outputs));
        Assert.StartsWith("Sample 1: BitFlip(2·x0) 0", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => program.Pullback(1, [-0.1, 1], [], [1], [], []));
        var constant = new CircuitBuilder(1).ResetError(0.7, 0.4, 0).ExpectZ().Build();
        Assert.Contains("ResetError(0.7, 0.4) 0", Assert.Throws<ArgumentException>(() => device.Compile<double>(constant)).Message, StringComparison.Ordinal);
    }

    private static double[] Run(IDevice device, Circuit circuit, int batch, double[] x, double[] w, Differentiation method = Differentiation.Adjoint)
    {
        using var program = device.Compile<double>(circuit, new ProgramOptions { Differentiation = method });
        double[] g = [.. Enumerable.Range(0, batch * circuit.Outputs).Select(k => Math.Cos(k))];
        var (outputs, byInputs, byWeights) = (new double[g.Length], new double[x.Length], new double[w.Length]);
        program.Evaluate(batch, x, w, outputs);
        program.Pullback(batch, x, w, g, byInputs, byWeights);
        return [.. outputs, .. byInputs, .. byWeights];
    }
}
