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
        Derivatives_agree<double>(device, method, Tolerance.Double);

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Derivatives_by_inputs_and_by_weights_agree_with_PennyLane_in_single(string device, Differentiation method) =>
        Derivatives_agree<float>(device, method, Tolerance.Single);

    [Fact]
    public void Hadamard_tests_agree_with_PennyLane() => Derivatives_agree<double>("cpu", Differentiation.HadamardTest, Tolerance.Double);

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Finite_differences_agree_with_PennyLane_to_their_own_error(string device) =>
        Derivatives_agree<double>(device, Differentiation.FiniteDifference, Tolerance.Difference);

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Templates_written_out_in_gates_agree_with_PennyLane(string device)
    {
        foreach (var template in GoldenTemplates.All)
        {
            var circuit = template.ToCircuit(AngleSource.Constant, Contender.Offered(device, Letters(template.Wires, 'Z').Add(new StateVector())));
            using var program = Contender.Find(device).Compile<double>(circuit);
            var outputs = program.Evaluate([]);
            CompareState(circuit, template.State, outputs.AsSpan(template.Wires), Tolerance.Double, $"{template}");
            for (var wire = 0; wire < template.Wires; wire++)
            {
                Tolerance.Near(template.ExpectationsZ[wire], outputs[wire], Tolerance.Double, $"{template}: ⟨Z{wire}⟩");
            }
        }
    }

    private static void Values_agree<T>(string device, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tolerance = Tolerance.Of<T>();
        foreach (var golden in GoldenCircuits.All)
        {
            var expectations = golden.Expectations;
            var (n, words) = (golden.Wires, expectations.Words);
            ImmutableArray<Measurement> measurements =
            [
                .. Letters(n, 'Z'), .. Letters(n, 'X'), .. Letters(n, 'Y'),
                .. words.Select(word => new Expectation(word.Word)),
                new Expectation(expectations.Hamiltonian),
                .. Contender.Offered(device, [new Probabilities([.. Enumerable.Range(0, n)]), new StateVector()]),
            ];
            double[] expected =
            [
                .. expectations.Z, .. expectations.X, .. expectations.Y, .. words.Select(word => word.Expectation),
                expectations.HamiltonianValue,
                .. Contender.Offered(device, [new Probabilities([0])]).IsEmpty ? [] : golden.Probabilities,
            ];
            using var program = Contender.Find(device).Compile<T>(golden.ToCircuit(AngleSource.Input, measurements));

            // The rows in between hold other angles: a lane must not see its neighbour.
            var row = golden.Values;
            var inputs = Enumerable.Range(0, batch).SelectMany(b => row.Select((value, k) => b % 2 == 0 ? value : value + (0.1 * (k + b))));
            var outputs = new T[batch * program.Circuit.Outputs];
            program.Evaluate(batch, Tolerance.Convert<T>(inputs), [], outputs);
            for (var b = 0; b < batch; b += 2)
            {
                var actual = outputs.AsSpan(b * program.Circuit.Outputs, program.Circuit.Outputs);
                for (var k = 0; k < expected.Length; k++)
                {
                    Tolerance.Near(expected[k], double.CreateChecked(actual[k]), tolerance, $"{golden}, sample {b}, output {k}");
                }

                CompareState(program.Circuit, golden.State, actual[expected.Length..], tolerance, $"{golden}, sample {b}");
            }
        }
    }

    private static void Derivatives_agree<T>(string device, Differentiation method, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var golden in GoldenCircuits.All)
        {
            var measurements = Letters(golden.Wires, 'Z').Add(new Expectation(golden.Expectations.Hamiltonian));
            foreach (var source in new[] { AngleSource.Input, AngleSource.Weight })
            {
                using var program = Contender.Find(device).Compile<T>(
                    golden.ToCircuit(source, measurements), new ProgramOptions { Differentiation = method });
                Assert.Equal(method, program.Differentiation);
                var values = Tolerance.Convert<T>(golden.Values);
                var (byInputs, byWeights) = source == AngleSource.Input ? program.Jacobian<T>(values) : program.Jacobian<T>([], values);
                var jacobian = source == AngleSource.Input ? byInputs : byWeights;
                for (var k = 0; k < golden.Parameters; k++)
                {
                    for (var i = 0; i <= golden.Wires; i++)
                    {
                        var expected = i < golden.Wires ? golden.Jacobian[i, k] : golden.HamiltonianGradient[k];
                        Tolerance.Near(expected, double.CreateChecked(jacobian[i, k]), tolerance, $"{golden}, output {i} by {source} {k}");
                    }
                }
            }
        }
    }

    private static ImmutableArray<Measurement> Letters(int wires, char letter) =>
        [.. Enumerable.Range(0, wires).Select(wire => new Expectation(PauliWord.Of((wire, letter))))];

    private static void CompareState<T>(Circuit circuit, ImmutableArray<Complex> expected, Span<T> actual, double tolerance, string what)
        where T : INumberBase<T>
    {
        for (var i = 0; i < expected.Length && circuit.Measurements.OfType<StateVector>().Any(); i++)
        {
            Tolerance.Near(expected[i].Real, double.CreateChecked(actual[2 * i]), tolerance, $"{what}, Re ψ[{i}]");
            Tolerance.Near(expected[i].Imaginary, double.CreateChecked(actual[(2 * i) + 1]), tolerance, $"{what}, Im ψ[{i}]");
        }
    }
}
