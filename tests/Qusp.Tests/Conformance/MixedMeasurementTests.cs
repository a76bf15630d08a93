// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Functions of mixed states: PennyLane's noisy circuits, whose wires are not the mirror of one another.</summary>
public sealed class MixedMeasurementTests
{
    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    public void Purity_variances_and_fidelity_agree_with_PennyLane(string device)
    {
        foreach (var golden in GoldenCircuits.Noisy)
        {
            var (n, words) = (golden.Wires, golden.Expectations.Words);
            Complex[] phi = [.. Enumerable.Range(0, 1 << n).Select(i => Complex.FromPolarCoordinates(Math.Pow(2, -n / 2.0), 0.7 * i * i))];
            ImmutableArray<int> all = [.. Enumerable.Range(0, n)];
            using var program = Contender.Find(device).Compile<double>(golden.ToCircuit(
                AngleSource.Constant,
                [new Purity(all), new Fidelity(phi), new Fidelity(golden.Density, all), .. words.Select(word => new Variance(word.Word))]));
            double[] expected = [golden.Purity, StateFidelity.Of(phi, golden.Density), 1, .. words.Select(word => word.Variance)];
            var outputs = program.Evaluate<double>([]);
            for (var k = 0; k < expected.Length; k++)
            {
                // The fidelity with itself is a sum of roots: exact to the root of rounding where an eigenvalue is nearly 0.
                Tolerance.Near(expected[k], outputs[k], k == 2 ? 1e-6 : Tolerance.Double, $"{golden}, output {k}");
            }
        }
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    public void Gradients_by_angles_and_strengths_agree_with_finite_differences(string device)
    {
        foreach (var golden in GoldenCircuits.Noisy.Where(golden => golden.Wires is 2 or 3))
        {
            var mixed = new Complex[,] { { 0.7, new(0.1, 0.2) }, { new(0.1, -0.2), 0.3 } };
            var circuit = golden.ToCircuit(
                AngleSource.Weight,
                new Purity(0, 1), new VnEntropy(1), new VnEntropy(2, [0, 1]), new MutualInformation([0], [1]), new Fidelity(mixed, 1),
                new Variance(golden.Expectations.Hamiltonian), new ProjectorVariance(new Projector("10", 1, 0)));
            var (sweep, difference) = (Jacobian(Differentiation.Adjoint), Jacobian(Differentiation.FiniteDifference));
            for (var k = 0; k < circuit.Outputs; k++)
            {
                for (var j = 0; j < circuit.Weights; j++)
                {
                    Tolerance.Near(difference[k, j], sweep[k, j], 1e-6 * Math.Max(1, Math.Abs(sweep[k, j])), $"{golden}, {circuit.Measurements[k]} by parameter {j}");
                }
            }

            double[,] Jacobian(Differentiation method)
            {
                using var program = Contender.Find(device).Compile<double>(circuit, new ProgramOptions { Differentiation = method });
                return program.Jacobian<double>([], golden.Values.AsSpan()).ByWeights;
            }
        }
    }

    [Fact]
    public void Shots_of_noisy_circuits_lie_within_five_standard_errors()
    {
        foreach (var golden in GoldenCircuits.Noisy)
        {
            using var program = new SamplerDevice().Compile<double>(
                golden.ToCircuit(AngleSource.Constant, new Expectation(golden.Expectations.Hamiltonian), new Probabilities([.. Enumerable.Range(0, golden.Wires)])),
                new ProgramOptions { Shots = 20_000 });
            var estimates = program.Estimates<double>([], [], new Draw(2));
            double[] expected = [golden.Expectations.HamiltonianValue, .. golden.Probabilities];
            for (var k = 0; k < expected.Length; k++)
            {
                Tolerance.Near(expected[k], estimates[k].Value, (5 * estimates[k].StandardError) + (10.0 / 20_000), $"{golden}, output {k}");
            }
        }
    }
}
