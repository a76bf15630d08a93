// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Passes;

public sealed class DeferredMeasurementTests
{
    [Fact]
    public void Deferred_to_further_wires_measurements_resets_and_conditions_give_the_same_values_and_gradients() =>
        Gen.Select(MixedCircuits.Measured, Gen.Double[0, 1].Array[2 * MixedCircuits.Inputs], Gen.Double[0, 1].Array[MixedCircuits.Weights]).Sample(
            (circuit, x, w) =>
            {
                var deferred = circuit.DeferMeasurements();
                Assert.True(deferred.IsUnitary);
                Assert.Equal(0, deferred.Bits);
                var (expected, actual) = (Run(new ReferenceDevice(), circuit, x, w), Run(new CpuDevice(), deferred, x, w));
                for (var k = 0; k < expected.Length; k++)
                {
                    Tolerance.Near(expected[k], actual[k], 1e-11, $"number {k}");
                }
            },
            iter: 30,
            threads: 1,
            print: sample => string.Join("; ", sample.Item1.Operations));

    [Fact]
    public void Noise_stays_and_what_cannot_be_deferred_is_refused_by_name()
    {
        var builder = new CircuitBuilder(2);
        var c = builder.Bits(1)[0];
        var circuit = builder.RY(0.4, 0).BitFlip(0.1, 0).Measure(0, c).When(Condition.IsSet(c), then => then.X(1)).ExpectZ().Build();
        var deferred = circuit.DeferMeasurements();
        Assert.Equal(["RY(0.4) 0", "BitFlip(0.1) 0", "CNOT 0 2", "CNOT 2 1"], deferred.Operations.Select(operation => operation.ToString()));
        using var before = new CpuDevice().Compile<double>(circuit);
        using var after = new CpuDevice().Compile<double>(deferred);
        Assert.Equal(before.Evaluate<double>([]).Select(value => Math.Round(value, 12)), after.Evaluate<double>([]).Select(value => Math.Round(value, 12)));
        Assert.Contains("Postselect0 0", Assert.Throws<NotSupportedException>(() => new CircuitBuilder(1).Postselect(0, false).Build().DeferMeasurements()).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => circuit.WithMeasurements(new StateVector()).DeferMeasurements());
    }

    [Fact]
    public void Where_density_matrices_do_not_fit_the_cpu_defers_by_itself()
    {
        // Three teleportations by one bit each along 18 wires would be 4^18 entries; with 3 measurements deferred it is a state vector of 21 wires.
        var builder = new CircuitBuilder(18);
        var (x, c) = (builder.Inputs(1)[0], builder.Bits(3));
        builder.RY(x, 0);
        for (var k = 0; k < 3; k++)
        {
            var next = k + 1;
            builder.H(next).CZ(k, next).H(k).Measure(k, c[k]).When(Condition.IsSet(c[k]), then => then.X(next)).H(next);
        }

        using var program = new CpuDevice().Compile<float>(builder.ExpectZ(3).Measure(new BitProbabilities(c[0])).Build());
        var outputs = program.Evaluate<float>([0.7f]);
        Tolerance.Near(Math.Cos(0.7), outputs[0], 1e-5, "⟨Z⟩");
        Tolerance.Near(0.5, outputs[1], 1e-5, "the first bit");
        var (byInputs, _) = program.Jacobian<float>([0.7f]);
        Tolerance.Near(-Math.Sin(0.7), byInputs[0, 0], 1e-5, "∂⟨Z⟩");
    }

    private static double[] Run(IDevice device, Circuit circuit, double[] x, double[] w)
    {
        using var program = device.Compile<double>(circuit);
        double[] g = [.. Enumerable.Range(0, 2 * circuit.Outputs).Select(k => Math.Cos(k))];
        var (outputs, byInputs, byWeights) = (new double[g.Length], new double[x.Length], new double[w.Length]);
        program.Evaluate(2, x, w, outputs);
        program.Pullback(2, x, w, g, byInputs, byWeights);
        return [.. outputs, .. byInputs, .. byWeights];
    }
}
