// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

/// <summary>What measurements give where the answer is known.</summary>
public sealed class DerivedMeasurementTests
{
    [Fact]
    public void Half_of_a_Bell_pair_has_entropy_ln_2_and_purity_one_half_and_the_pair_twice_the_information()
    {
        double[] outputs = Run(Bell().Entropy(0).Measure(new VnEntropy(2, [1])).Purity(0).MutualInformation([0], [1]).MutualInformation([1], [0], 2).Entropy().Purity());
        Near([Math.Log(2), 1, 0.5, 2 * Math.Log(2), 2, 0, 1], outputs);
    }

    [Fact]
    public void A_product_state_has_entropy_0_and_purity_1_and_both_have_derivative_0()
    {
        var circuit = new CircuitBuilder(2);
        var x = circuit.Inputs(2);
        using var program = new CpuDevice().Compile<double>(circuit.RX(x[0], 0).RY(x[1], 1).Entropy(0).Purity(1).MutualInformation([0], [1]).Build());
        double[] at = [0.4, 1.9];
        Near([0, 1, 0], program.Evaluate<double>(at));
        var (byInputs, _) = program.Jacobian<double>(at);
        Near([0, 0, 0, 0, 0, 0], [.. byInputs.Cast<double>()]);
    }

    [Fact]
    public void The_entropy_of_a_rotated_pair_is_the_binary_entropy_and_its_derivative_has_the_limit_0_where_it_falls_apart()
    {
        // RY(θ) then CNOT: λ = cos²(θ/2), sin²(θ/2).
        var circuit = new CircuitBuilder(2);
        var x = circuit.Inputs(1);
        using var program = new CpuDevice().Compile<double>(circuit.RY(x[0], 0).CNOT(0, 1).Entropy(0).Build());
        foreach (var theta in (double[])[0.3, 1.0, 2.5])
        {
            var (p, q) = (Math.Pow(Math.Cos(theta / 2), 2), Math.Pow(Math.Sin(theta / 2), 2));
            Near([(-p * Math.Log(p)) - (q * Math.Log(q))], program.Evaluate<double>([theta]));
            Near([0.5 * Math.Sin(theta) * Math.Log(p / q)], [program.Jacobian<double>([theta]).ByInputs[0, 0]]);
        }

        Near([0], program.Evaluate<double>([0]));
        Near([0], [program.Jacobian<double>([0]).ByInputs[0, 0]]);
    }

    [Fact]
    public void The_variance_of_a_rotated_Z_is_the_square_of_the_sine()
    {
        var circuit = new CircuitBuilder(1);
        var x = circuit.Inputs(1);
        using var program = new CpuDevice().Compile<double>(circuit.RX(x[0], 0).Variance(PauliWord.Z(0)).Variance(new Projector("1")).Build());
        Near([Math.Pow(Math.Sin(0.7), 2), Math.Pow(Math.Sin(0.7), 2) / 4], program.Evaluate<double>([0.7]));
        Near([Math.Sin(1.4), Math.Sin(1.4) / 4], [.. program.Jacobian<double>([0.7]).ByInputs.Cast<double>()]);
    }

    [Fact]
    public void A_matrix_measures_as_the_state_says()
    {
        Gen.Double[-1, 1].Array[32].Sample(
            numbers =>
            {
                var raw = MatrixAlgebra.Map(new Complex[4, 4], (r, c) => new(numbers[(4 * r) + c], numbers[16 + (4 * r) + c]));
                var matrix = MatrixAlgebra.Add(raw, MatrixAlgebra.Dagger(raw), 1);
                var circuit = new CircuitBuilder(3).H(0).CRY(0.4, 0, 2).RX(1.1, 1).CNOT(1, 2).S(0).T(2);
                var observable = new HermitianMatrix(matrix, 2, 0);
                var outputs = Run(circuit.Expect(observable).Variance(observable).DensityMatrix(2, 0));
                var rho = DensityMatrix.ToMatrix(outputs.AsSpan(2));
                var (first, second) = (Trace(MatrixAlgebra.Multiply(rho, matrix)), Trace(MatrixAlgebra.Multiply(rho, MatrixAlgebra.Multiply(matrix, matrix))));
                Near([first, second - (first * first)], outputs.AsSpan(0, 2).ToArray());
            },
            iter: 30);

        static double Trace(Complex[,] m) => Enumerable.Range(0, m.GetLength(0)).Sum(k => m[k, k].Real);
    }

    [Fact]
    public void A_matrix_that_is_no_observable_is_refused()
    {
        Assert.Contains("Hermitian", Assert.Throws<ArgumentException>(() => new HermitianMatrix(new Complex[,] { { 1, 1 }, { 0, 1 } }, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => new HermitianMatrix(new Complex[,] { { double.NaN, 0 }, { 0, 1 } }, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("4 × 4", Assert.Throws<ArgumentException>(() => new HermitianMatrix(new Complex[,] { { 1, 0 }, { 0, 1 } }, 0, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new HermitianMatrix(new Complex[,] { { 1, 0 }, { 0, 1 } }));
        Assert.Equal(PauliSum.Parse("0*I"), new HermitianMatrix(new Complex[2, 2], 0));
    }

    [Fact]
    public void A_square_of_Pauli_words_is_the_square_of_their_matrices()
    {
        var letters = Gen.Char["IXYZ"].Array[3].Select(word => PauliWord.FromLetters(new string(word)));
        Gen.Select(letters, Gen.Double[-1, 1], (word, factor) => (factor, word)).Array[1, 6].Sample(
            terms =>
            {
                var sum = new PauliSum([.. terms]);
                var matrix = Matrix(sum);
                Assert.True(MatrixAlgebra.Distance(MatrixAlgebra.Multiply(matrix, matrix), Matrix(sum.Squared())) < 1e-12);
                Assert.True(MatrixAlgebra.Distance(matrix, Matrix(sum.Simplified())) < 1e-12);
            },
            iter: 200);

        static Complex[,] Matrix(PauliSum sum) => sum.Terms.Select(term =>
        {
            var matrix = MatrixAlgebra.Identity(1);
            for (var wire = 0; wire < 3; wire++)
            {
                var pauli = term.Word.Letters.ToArray().FirstOrDefault(letter => letter.Wire == wire).Pauli;
                matrix = MatrixAlgebra.Kron(matrix, pauli == 0 ? MatrixAlgebra.Identity(2) : Gates.Find(pauli.ToString()).Matrix());
            }

            return MatrixAlgebra.Scale(matrix, term.Coefficient);
        }).Aggregate((a, b) => MatrixAlgebra.Add(a, b, 1));
    }

    [Fact]
    public void The_fidelity_of_two_mixed_states_of_a_wire_follows_Hubners_formula()
    {
        // F = Tr ρσ + 2√(det ρ det σ) for one wire (Hübner 1992).
        Complex[,] rho = new Complex[,] { { 0.7, new(0.1, 0.2) }, { new(0.1, -0.2), 0.3 } };
        Complex[,] sigma = new Complex[,] { { 0.4, new(-0.3, 0.1) }, { new(-0.3, -0.1), 0.6 } };
        var product = MatrixAlgebra.Multiply(rho, sigma);
        var expected = (product[0, 0] + product[1, 1]).Real + (2 * Math.Sqrt(((0.7 * 0.3) - 0.05) * ((0.4 * 0.6) - 0.1)));
        Near([expected, expected, 1], [StateFidelity.Between(rho, sigma), StateFidelity.Between(sigma, rho), StateFidelity.Between(rho, rho)]);
        Near([0.5], [StateFidelity.Of([1, 0], [Math.Sqrt(0.5), new Complex(0, Math.Sqrt(0.5))])]);
        Near([0.7], [StateFidelity.Of([1, 0], rho)]);
    }

    [Fact]
    public void Amplitudes_have_no_shift_rule()
    {
        var circuit = new CircuitBuilder(1);
        var x = circuit.Inputs(1);
        var error = Assert.Throws<NotSupportedException>(() => new CpuDevice().Compile<double>(
            circuit.RX(x[0], 0).State().Build(), new ProgramOptions { Differentiation = Differentiation.ParameterShift }));
        Assert.Contains("Adjoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_circuits_have_the_fidelity_of_their_states()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        var pair = builder.RY(x[0], 0).CNOT(0, 1).Build();
        Near([Math.Pow(Math.Cos(0.35), 2)], [CircuitFidelity.Between(new CpuDevice(), pair, pair, [0.4], [1.1])]);
        Assert.Throws<ArgumentException>(() => CircuitFidelity.Between(new CpuDevice(), pair, new CircuitBuilder(1).Build(), [0.4]));
        Assert.Throws<NotSupportedException>(() => CircuitFidelity.Between(new SamplerDevice(), pair, pair, [0.4], [0.4]));
    }

    [Fact]
    public void A_fidelity_with_what_is_no_state_is_refused()
    {
        Assert.Contains("normalise", Assert.Throws<ArgumentException>(() => new Fidelity([1, 1], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("amplitudes", Assert.Throws<ArgumentException>(() => new Fidelity([1, 0, 0], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("amplitudes", Assert.Throws<ArgumentException>(() => new Fidelity([1, 0, 0, 0], 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Derived_measurements_have_value_equality()
    {
        Assert.Equal(new Variance(PauliWord.Z(0)), new Variance(PauliSum.Parse("Z0")));
        Assert.Equal(new Purity(0, 1), new Purity(0, 1));
        Assert.NotEqual(new Purity(0, 1), new Purity(1));
        Assert.NotEqual<Measurement>(new Purity(0), new VnEntropy(0));
        Assert.Equal(new VnEntropy(2, [0]), new VnEntropy(2, [0]));
        Assert.NotEqual(new VnEntropy(2, [0]), new VnEntropy(0));
        Assert.Equal(new MutualInformation([0], [1]), new MutualInformation([0], [1]));
        Assert.NotEqual(new MutualInformation([0], [1]), new MutualInformation([1], [0]));
        Assert.Equal(new Fidelity([1, 0], 0), new Fidelity([1, 0], 0));
        Assert.NotEqual(new Fidelity([1, 0], 0), new Fidelity([0, 1], 0));
        Assert.Equal(new DensityMatrix(0, 1).GetHashCode(), new DensityMatrix(0, 1).GetHashCode());
        Assert.Equal(new ProjectorExpectation(new Projector("01", 0, 1)), new ProjectorExpectation(new Projector("01")));
    }

    [Fact]
    public void A_wire_that_is_not_there_is_refused()
    {
        foreach (var measurement in (Measurement[])[
            new Variance(PauliWord.Z(2)), new Purity(0, 2), new VnEntropy(2), new MutualInformation([0], [2]), new Fidelity([1, 0], 2), new DensityMatrix(2),
            new ProjectorVariance(new Projector("1", 2))])
        {
            Assert.Contains("wire 2", Assert.Throws<ArgumentException>(() => new CircuitBuilder(2).Measure(measurement).Build()).Message, StringComparison.Ordinal);
        }
    }

    private static CircuitBuilder Bell() => new CircuitBuilder(2).H(0).CNOT(0, 1);

    private static double[] Run(CircuitBuilder builder)
    {
        using var program = new CpuDevice().Compile<double>(builder.Build());
        return program.Evaluate<double>([]);
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var k = 0; k < expected.Length; k++)
        {
            Conformance.Tolerance.Near(expected[k], actual[k], 1e-12, $"output {k}");
        }
    }
}
