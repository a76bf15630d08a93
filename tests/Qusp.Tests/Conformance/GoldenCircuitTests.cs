// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Random circuits of the whole gate table as PennyLane computed them, on each device, precision and batch size.</summary>
public sealed class GoldenCircuitTests
{
    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void Values_agree_with_PennyLane_in_double(string device, int batch) => Values_agree<double>(device, batch);

    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void Values_agree_with_PennyLane_in_single(string device, int batch) => Values_agree<float>(device, batch);

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Derivatives_by_inputs_and_by_weights_agree_with_PennyLane_in_double(string device, Differentiation method) =>
        GoldenAgreement.Derivatives<double>(GoldenCircuits.All, device, method, Tolerance.Double);

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Derivatives_by_inputs_and_by_weights_agree_with_PennyLane_in_single(string device, Differentiation method) =>
        GoldenAgreement.Derivatives<float>(GoldenCircuits.All, device, method, Tolerance.Single);

    [Fact]
    public void Hadamard_tests_agree_with_PennyLane() => GoldenAgreement.Derivatives<double>(GoldenCircuits.All, "cpu", Differentiation.HadamardTest, Tolerance.Double);

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Finite_differences_agree_with_PennyLane_to_their_own_error(string device) =>
        GoldenAgreement.Derivatives<double>(GoldenCircuits.All, device, Differentiation.FiniteDifference, Tolerance.Difference);

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Templates_written_out_in_gates_agree_with_PennyLane(string device)
    {
        foreach (var template in GoldenTemplates.All)
        {
            var circuit = template.ToCircuit(AngleSource.Constant, Contender.Offered(device, GoldenAgreement.Letters(template.Wires, 'Z').Add(new StateVector())));
            using var program = Contender.Find(device).Compile<double>(circuit);
            double[] expected = [.. template.ExpectationsZ, .. GoldenAgreement.Parts(template.State)];
            foreach (var (k, output) in program.Evaluate([]).Index())
            {
                Tolerance.Near(expected[k], output, Tolerance.Double, $"{template}: output {k}");
            }
        }
    }

    private static void Values_agree<T>(string device, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var golden in GoldenCircuits.All)
        {
            var expectations = golden.Expectations;
            var (n, words) = (golden.Wires, expectations.Words);
            (Measurement Measurement, double[] Values)[] whole =
                [(new Probabilities([.. Enumerable.Range(0, n)]), [.. golden.Probabilities]), (new StateVector(), [.. GoldenAgreement.Parts(golden.State)])];
            var offered = whole.Where(one => !Contender.Offered(device, [one.Measurement]).IsEmpty).ToArray();
            ImmutableArray<Measurement> measurements =
            [
                .. GoldenAgreement.Letters(n, 'Z'), .. GoldenAgreement.Letters(n, 'X'), .. GoldenAgreement.Letters(n, 'Y'),
                .. words.Select(word => new Expectation(word.Word)), new Expectation(expectations.Hamiltonian), .. offered.Select(one => one.Measurement),
            ];
            double[] expected =
            [
                .. expectations.Z, .. expectations.X, .. expectations.Y,
                .. words.Select(word => word.Expectation), expectations.HamiltonianValue, .. offered.SelectMany(one => one.Values),
            ];
            GoldenAgreement.Values<T>(device, batch, golden, measurements, expected, (value, k) => value + (0.1 * k));
        }
    }
}
