// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Random circuits with noise channels as PennyLane's default.mixed computed them, on each device, precision and batch size.</summary>
public sealed class GoldenNoisyCircuitTests
{
    // PennyLane differentiated these circuits by one-sided differences of step 1e-7: two neighbouring rotations about z differ by
    // 1e-8 there. To 1e-10 derivatives are held by shifts, which are exact, and by the reference device.
    private const double OfGoldenDerivatives = 1e-6;

    private static readonly string[] Names = ["reference", "cpu", "cpu-256", "cpu-128", "cpu-scalar"];

    public static TheoryData<string, int> ByBatch { get; } = [.. Names.SelectMany(name => new[] { 1, 3, 8, 21 }.Select(batch => new TheoryDataRow<string, int>(name, batch)))];

    public static TheoryData<string> Devices { get; } = [.. Names];

    [Theory]
    [MemberData(nameof(ByBatch))]
    public void Values_agree_with_PennyLane_in_double(string device, int batch) => Values_agree<double>(device, batch);

    [Theory]
    [MemberData(nameof(ByBatch))]
    public void Values_agree_with_PennyLane_in_single(string device, int batch) => Values_agree<float>(device, batch);

    [Theory]
    [MemberData(nameof(Devices))]
    public void Derivatives_by_angles_and_strengths_agree_with_PennyLane_in_double(string device) =>
        GoldenAgreement.Derivatives<double>(GoldenCircuits.Noisy, device, Differentiation.Adjoint, OfGoldenDerivatives);

    [Theory]
    [MemberData(nameof(Devices))]
    public void Derivatives_by_angles_and_strengths_agree_with_PennyLane_in_single(string device) =>
        GoldenAgreement.Derivatives<float>(GoldenCircuits.Noisy, device, Differentiation.Adjoint, Tolerance.Single);

    [Theory]
    [MemberData(nameof(Devices))]
    public void Derivatives_by_differences_agree_with_PennyLane(string device) =>
        GoldenAgreement.Derivatives<double>(GoldenCircuits.Noisy, device, Differentiation.FiniteDifference, OfGoldenDerivatives);

    [Theory]
    [MemberData(nameof(Devices))]
    public void Derivatives_by_shifts_are_those_of_the_reverse_sweep(string device)
    {
        foreach (var golden in GoldenCircuits.Noisy)
        {
            // Damping is not linear in its strength: it stays a constant here.
            var builder = new CircuitBuilder(golden.Wires);
            var w = builder.Weights("w", golden.Parameters);
            var next = 0;
            foreach (var operation in golden.Operations)
            {
                var linear = operation.Name is not ("AmplitudeDamping" or "PhaseDamping");
                ImmutableArray<Angle> angles = [.. operation.Parameters.Select(value => linear ? w[next++] : Angle.Constant(value))];
                builder.Apply(operation.ToOperation(angles).Gate, operation.ToOperation(angles).Wires, angles);
                next += linear ? 0 : operation.Parameters.Length;
            }

            var circuit = builder.ExpectZ().Expect(golden.Expectations.Hamiltonian).Probabilities(0).Build();
            double[] values = [.. golden.Values], cotangents = [.. Enumerable.Range(0, circuit.Outputs).Select(k => Math.Cos(k))];
            double[] Gradient(Differentiation method)
            {
                using var program = Contender.Find(device).Compile<double>(circuit, new ProgramOptions { Differentiation = method });
                var gradient = new double[values.Length];
                program.Pullback(1, [], values, cotangents, [], gradient);
                return gradient;
            }

            var (adjoint, shift) = (Gradient(Differentiation.Adjoint), Gradient(Differentiation.ParameterShift));
            for (var k = 0; k < values.Length; k++)
            {
                Tolerance.Near(adjoint[k], shift[k], Tolerance.Double, $"{golden}, weight {k}");
            }
        }
    }

    [Fact]
    public void By_shots_values_lie_within_five_standard_errors()
    {
        const int Shots = 20_000;
        foreach (var golden in GoldenCircuits.Noisy)
        {
            var expectations = golden.Expectations;
            (Measurement Measurement, double Value, double Deviation)[] expected =
            [
                .. GoldenAgreement.Letters(golden.Wires, 'Z').Zip(expectations.Z, (measurement, mean) => (measurement, mean, Math.Sqrt(1 - (mean * mean)))),
                .. GoldenAgreement.Letters(golden.Wires, 'X').Zip(expectations.X, (measurement, mean) => (measurement, mean, Math.Sqrt(1 - (mean * mean)))),
                .. GoldenAgreement.Letters(golden.Wires, 'Y').Zip(expectations.Y, (measurement, mean) => (measurement, mean, Math.Sqrt(1 - (mean * mean)))),
                .. expectations.Words.Select(word => ((Measurement)new Expectation(word.Word), word.Expectation, Math.Sqrt(word.Variance))),
                (new Expectation(expectations.Hamiltonian), expectations.HamiltonianValue, expectations.Hamiltonian.Terms.Sum(term => Math.Abs(term.Coefficient))),
            ];
            using var program = new SamplerDevice().Compile<double>(
                golden.ToCircuit(AngleSource.Constant, [.. expected.Select(one => one.Measurement)]), new ProgramOptions { Shots = Shots });
            var outputs = program.Evaluate<double>([], [], new Draw(11));
            for (var k = 0; k < expected.Length; k++)
            {
                Tolerance.Near(expected[k].Value, outputs[k], (5 * expected[k].Deviation / Math.Sqrt(Shots)) + (5.0 / Shots), $"{golden}, output {k}");
            }
        }
    }

    private static void Values_agree<T>(string device, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var golden in GoldenCircuits.Noisy)
        {
            var expectations = golden.Expectations;
            var (n, words) = (golden.Wires, expectations.Words);
            ImmutableArray<int> all = [.. Enumerable.Range(0, n)];
            ImmutableArray<Measurement> measurements =
            [
                .. GoldenAgreement.Letters(n, 'Z'), .. GoldenAgreement.Letters(n, 'X'), .. GoldenAgreement.Letters(n, 'Y'),
                .. words.Select(word => new Expectation(word.Word)), .. words.Select(word => new Variance(word.Word)),
                new Expectation(expectations.Hamiltonian), new Probabilities(all), new Purity(all), new DensityMatrix(all),
            ];
            double[] expected =
            [
                .. expectations.Z, .. expectations.X, .. expectations.Y, .. words.Select(word => word.Expectation), .. words.Select(word => word.Variance),
                expectations.HamiltonianValue, .. golden.Probabilities, golden.Purity, .. GoldenAgreement.Parts(golden.Density.Cast<Complex>()),
            ];
            GoldenAgreement.Values<T>(device, batch, golden, measurements, expected, (_, k) => 0.1 * (k % 9));
        }
    }
}
