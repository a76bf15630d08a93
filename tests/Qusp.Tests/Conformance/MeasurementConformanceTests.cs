// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Every measurement on each device, precision, batch size and exact method of differentiation.</summary>
public sealed class MeasurementConformanceTests
{
    private static readonly Lazy<(double[] Values, double[,] ByInputs, double[,] ByWeights)> Expected = new(Differences);

    private static readonly double[] X = [0.7, -0.4, 1.3];
    private static readonly double[] W = [0.3, -1.1];

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Variances_agree_with_PennyLane(string device)
    {
        foreach (var golden in GoldenCircuits.All)
        {
            var words = golden.Expectations.Words;
            using var program = Contender.Find(device).Compile<double>(
                golden.ToCircuit(AngleSource.Constant, [.. words.Select(word => new Variance(word.Word))]));
            var outputs = program.Evaluate<double>([]);
            for (var k = 0; k < words.Length; k++)
            {
                Tolerance.Near(words[k].Variance, outputs[k], Tolerance.Double, $"{golden}, variance of {words[k].Word}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Purity_entropy_and_density_matrix_of_a_wire_follow_from_PennyLanes_Bloch_vector(string device)
    {
        foreach (var golden in GoldenCircuits.All)
        {
            ImmutableArray<Measurement> measurements =
                [.. Enumerable.Range(0, golden.Wires).SelectMany(wire => (Measurement[])[new Purity(wire), new VnEntropy(2, [wire]), new DensityMatrix(wire)])];
            using var program = Contender.Find(device).Compile<double>(golden.ToCircuit(AngleSource.Constant, measurements));
            var outputs = program.Evaluate<double>([]);
            for (var wire = 0; wire < golden.Wires; wire++)
            {
                var (x, y, z) = (golden.Expectations.X[wire], golden.Expectations.Y[wire], golden.Expectations.Z[wire]);
                var r = Math.Sqrt((x * x) + (y * y) + (z * z));
                double[] expected =
                [
                    (1 + (r * r)) / 2, Bits((1 + r) / 2) + Bits((1 - r) / 2),
                    (1 + z) / 2, 0, x / 2, -y / 2, x / 2, y / 2, (1 - z) / 2, 0,
                ];
                for (var k = 0; k < expected.Length; k++)
                {
                    // The entropy's slope is infinite at a pure state, where the golden vector's last digits count.
                    var tolerance = k == 1 && r > 1 - 1e-9 ? 1e-8 : Tolerance.Double;
                    Tolerance.Near(expected[k], outputs[(wire * expected.Length) + k], tolerance, $"{golden}, wire {wire}, output {k}");
                }
            }
        }

        static double Bits(double p) => p <= 0 ? 0 : -p * Math.Log2(p);
    }

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Reduced_density_matrices_and_fidelities_follow_from_PennyLanes_state(string device)
    {
        foreach (var golden in GoldenCircuits.All.Where(golden => golden.Id % 3 == 0))
        {
            var n = golden.Wires;
            Complex[] target = [.. Enumerable.Range(0, 1 << n).Select(i => Complex.FromPolarCoordinates(Math.Pow(2, -n / 2.0), 0.7 * i * i))];
            using var program = Contender.Find(device).Compile<double>(golden.ToCircuit(
                AngleSource.Constant, new DensityMatrix(n - 1, 0), new Fidelity(target), new ProjectorExpectation(new Projector("10", n - 1, 0))));
            var outputs = program.Evaluate<double>([]);
            var actual = DensityMatrix.ToMatrix(outputs.AsSpan(0, 32));
            var expected = new Complex[4, 4];
            var ends = 1 | (1 << (n - 1));
            for (var i = 0; i < 1 << n; i++)
            {
                foreach (var flip in (int[])[0, 1, 1 << (n - 1), ends])
                {
                    expected[Local(i), Local(i ^ flip)] += golden.State[i] * Complex.Conjugate(golden.State[i ^ flip]);
                }
            }

            for (var k = 0; k < 16; k++)
            {
                Tolerance.Near(0, Complex.Abs(expected[k / 4, k % 4] - actual[k / 4, k % 4]), Tolerance.Double, $"{golden}, ρ[{k / 4}, {k % 4}]");
            }

            var overlap = golden.State.Zip(target, (psi, phi) => Complex.Conjugate(phi) * psi).Aggregate((a, b) => a + b);
            Tolerance.Near(overlap.Magnitude * overlap.Magnitude, outputs[32], Tolerance.Double, $"{golden}, fidelity");
            Tolerance.Near(expected[2, 2].Real, outputs[33], Tolerance.Double, $"{golden}, projector");

            int Local(int index) => ((index & 1) << 1) | (index >> (n - 1)); // wire n − 1 first, then wire 0
        }
    }

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Gradients_agree_with_differences_of_the_reference_in_double(string device, Differentiation method) =>
        Gradients_agree<double>(device, method, Tolerance.Difference);

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void Gradients_agree_with_differences_of_the_reference_in_single(string device, Differentiation method) =>
        Gradients_agree<float>(device, method, Tolerance.Single);

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Finite_differences_of_the_parts_agree_with_differences_of_the_reference(string device) =>
        Gradients_agree<double>(device, Differentiation.FiniteDifference, 10 * Tolerance.Difference);

    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    public void Hadamard_tests_of_the_parts_agree_with_differences_of_the_reference(string device) =>
        Gradients_agree<double>(device, Differentiation.HadamardTest, Tolerance.Difference);

    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void A_batch_gives_the_reference_s_values_in_double(string device, int batch) => Values_agree<double>(device, batch);

    [Theory]
    [MemberData(nameof(Contender.ByBatch), MemberType = typeof(Contender))]
    public void A_batch_gives_the_reference_s_values_in_single(string device, int batch) => Values_agree<float>(device, batch);

    private static void Values_agree<T>(string device, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var circuit = All();
        using var program = Contender.Find(device).Compile<T>(circuit);

        // Every second row is the expected one: a lane must not see its neighbour, where other guards fire.
        var inputs = Enumerable.Range(0, batch).SelectMany(b => X.Select(x => b % 2 == 0 ? x : 0.9 - x));
        var outputs = program.Evaluate<T>(Tolerance.Convert<T>(inputs), Tolerance.Convert<T>(W));
        for (var k = 0; k < batch * circuit.Outputs; k++)
        {
            if (k / circuit.Outputs % 2 == 0)
            {
                Tolerance.Near(Expected.Value.Values[k % circuit.Outputs], double.CreateChecked(outputs[k]), Tolerance.Of<T>(), $"output {k % circuit.Outputs}");
            }
        }
    }

    private static void Gradients_agree<T>(string device, Differentiation method, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var circuit = All();
        using var program = Contender.Find(device).Compile<T>(circuit, new ProgramOptions { Differentiation = method });
        var (byInputs, byWeights) = program.Jacobian<T>(Tolerance.Convert<T>(X), Tolerance.Convert<T>(W));
        for (var k = 0; k < circuit.Outputs; k++)
        {
            for (var j = 0; j < X.Length; j++)
            {
                Tolerance.Near(Expected.Value.ByInputs[k, j], double.CreateChecked(byInputs[k, j]), tolerance, $"output {k} by input {j}");
            }

            for (var j = 0; j < W.Length; j++)
            {
                Tolerance.Near(Expected.Value.ByWeights[k, j], double.CreateChecked(byWeights[k, j]), tolerance, $"output {k} by weight {j}");
            }
        }
    }

    private static (double[] Values, double[,] ByInputs, double[,] ByWeights) Differences()
    {
        const double step = 1e-5;
        var circuit = All();
        using var program = new ReferenceDevice().Compile<double>(circuit);
        var (byInputs, byWeights) = (new double[circuit.Outputs, X.Length], new double[circuit.Outputs, W.Length]);
        for (var j = 0; j < X.Length + W.Length; j++)
        {
            var (up, down) = (Shifted(step), Shifted(-step));
            for (var k = 0; k < circuit.Outputs; k++)
            {
                (j < X.Length ? ref byInputs[k, j] : ref byWeights[k, j - X.Length]) = (up[k] - down[k]) / (2 * step);
            }

            double[] Shifted(double by) => program.Evaluate<double>(
                [.. X.Select((x, i) => i == j ? x + by : x)], [.. W.Select((w, i) => i + X.Length == j ? w + by : w)]);
        }

        return (program.Evaluate<double>(X, W), byInputs, byWeights);
    }

    // Entangled, with a guard that fires and one that does not; nowhere pure in part.
    private static Circuit All()
    {
        var circuit = new CircuitBuilder(4);
        var x = circuit.Inputs(3);
        var w = circuit.Weights("w", 2);
        var mixed = new Complex[,] { { 0.7, new(0.1, 0.2) }, { new(0.1, -0.2), 0.3 } };
        Complex[] amplitudes = [.. Enumerable.Range(0, 16).Select(i => Complex.FromPolarCoordinates(0.25, i * i))];
        return circuit.H(0).RY(x[0], 1).If(x[0] > 0.1, then => then.CNOT(0, 2).RX(x[1], 2)).CRX(w[0], 1, 3)
            .If(x[1] > 0.1, then => then.RZ(x[0], 0)).RY(x[2], 3).CNOT(3, 1).Rot(w[1], x[0], 0.4, 2).CNOT(2, 0)
            .ExpectZ(0).Variance(PauliSum.Parse("0.5*Z0*Z1-0.25*X2+Y3")).Variance(new Projector("01", 3, 1)).Expect(new Projector("1", 2))
            .Expect(new HermitianMatrix(mixed, 3)).Variance(new HermitianMatrix(MatrixAlgebra.Kron(mixed, mixed), 2, 0))
            .DensityMatrix(2, 0).Purity(1).Purity(0, 1, 3).Entropy(3, 0).Measure(new VnEntropy(2, [2])).MutualInformation([0], [3, 1])
            .MutualInformation([0, 1], [2, 3]).Fidelity(amplitudes).Fidelity(amplitudes.AsSpan(0, 4).ToArray().Select(a => 2 * a).ToArray(), 1, 2)
            .Measure(new Fidelity(mixed, 1)).Measure(new Fidelity(MatrixAlgebra.Kron(mixed, mixed), 3, 2)).Probabilities(1)
            .Build();
    }
}
