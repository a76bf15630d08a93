// SPDX-License-Identifier: Apache-2.0
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Simulation;

public sealed class ClassicalShadowTests
{
    [Fact]
    public void Golden_observables_lie_within_five_standard_errors_for_the_mean_and_for_the_median_of_means()
    {
        foreach (var golden in GoldenCircuits.All)
        {
            var shadow = ClassicalShadow.Collect(new CpuDevice(), golden.ToCircuit(AngleSource.Constant), 8_000, draw: new Draw(2));
            foreach (var (word, expected, _) in golden.Expectations.Words)
            {
                Check(expected, shadow.Expectation(word, groups: 1), $"{golden}, mean of {word}");
                Check(expected, shadow.Expectation(word), $"{golden}, median of means of {word}");
            }

            Check(golden.Expectations.HamiltonianValue, shadow.Expectation(golden.Expectations.Hamiltonian), $"{golden}, Hamiltonian");
        }

        static void Check(double expected, Estimate estimate, string what) =>
            Tolerance.Near(expected, estimate.Value, (5 * estimate.StandardError) + 1e-12, what);
    }

    [Fact]
    public void Density_matrices_and_purities_are_those_of_the_state()
    {
        foreach (var golden in GoldenCircuits.All.Where(golden => golden.Wires >= 3))
        {
            const int snapshots = 10_000;
            using var exact = new CpuDevice().Compile<double>(golden.ToCircuit(AngleSource.Constant, new DensityMatrix(2, 0), new Purity(2, 0), new Purity(1)));
            var outputs = exact.Evaluate<double>([]);
            var shadow = ClassicalShadow.Collect(new CpuDevice(), golden.ToCircuit(AngleSource.Constant), snapshots, draw: new Draw(8), wires: [0, 1, 2]);
            var distance = MatrixAlgebra.Distance(DensityMatrix.ToMatrix(outputs.AsSpan(0, 32)), shadow.DensityMatrix(2, 0));
            Assert.InRange(distance, 0, 5 * 2.5 / Math.Sqrt(snapshots)); // an entry of a snapshot is at most (1 + 3)²/4 = 4, on average less
            var (two, one) = (shadow.Purity(2, 0), shadow.Purity(1));
            Tolerance.Near(outputs[32], two.Value, (5 * two.StandardError) + (100.0 / snapshots), $"{golden}, purity of two wires");
            Tolerance.Near(outputs[33], one.Value, (5 * one.StandardError) + (100.0 / snapshots), $"{golden}, purity of a wire");
        }
    }

    [Fact]
    public void The_standard_error_is_the_deviation_of_repetitions()
    {
        var circuit = GoldenSeed.Circuit();
        double[] x = [0.5, 0.9, 1.2, 0.7];
        var observable = PauliSum.Parse("Z0*Z1+0.5*X2");
        var shadows = Enumerable.Range(0, 100).Select(seed => ClassicalShadow.Collect(new CpuDevice(), circuit, 1000, x, draw: new Draw((ulong)seed))).ToList();
        foreach (var estimates in new[] { shadows.Select(shadow => shadow.Expectation(observable, 1)), shadows.Select(shadow => shadow.Expectation(observable)), shadows.Select(shadow => shadow.Purity(1)) }.Select(list => list.ToList()))
        {
            var mean = estimates.Average(estimate => estimate.Value);
            var deviation = Math.Sqrt(estimates.Average(estimate => (estimate.Value - mean) * (estimate.Value - mean)));
            Assert.InRange(estimates[0].StandardError / deviation, 0.7, 1.4);
        }
    }

    [Fact]
    public void A_seed_gives_the_same_shadow_and_another_seed_another()
    {
        ClassicalShadow Of(ulong seed) => ClassicalShadow.Collect(new CpuDevice(), new CircuitBuilder(3).H(0).CNOT(0, 1).RX(0.3, 2).Build(), 500, draw: new Draw(seed));
        Assert.Equal(Of(1).DensityMatrix(0, 1), Of(1).DensityMatrix(0, 1));
        Assert.NotEqual(Of(1).DensityMatrix(0, 1), Of(2).DensityMatrix(0, 1));
    }

    [Fact]
    public void What_a_shadow_has_not_seen_is_refused()
    {
        var circuit = new CircuitBuilder(2).H(0).Build();
        var shadow = ClassicalShadow.Collect(new CpuDevice(), circuit, 10, wires: [1]);
        Assert.Contains("Wire 0", Assert.Throws<ArgumentException>(() => shadow.Expectation(PauliWord.Z(0))).Message, StringComparison.Ordinal);
        Assert.Contains("Wire 0", Assert.Throws<ArgumentException>(() => shadow.Purity(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => shadow.Expectation(PauliWord.Z(1), groups: 11));
        Assert.Throws<InvalidOperationException>(() => ClassicalShadow.Collect(new CpuDevice(), circuit, 1).Purity(0));
        Assert.Contains("cpu", Assert.Throws<NotSupportedException>(() => ClassicalShadow.Collect(new SamplerDevice(), circuit, 10)).Message, StringComparison.Ordinal);
    }
}
