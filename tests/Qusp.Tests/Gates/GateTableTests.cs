// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

/// <summary>The columns of the table prove each other: a new row is tested by existing.</summary>
public sealed class GateTableTests
{
    private const int Iterations = 600;

    [Fact]
    public void A_gate_is_unitary() => GateSamples.WithAngles(GateSamples.All).Sample(
        sample =>
        {
            var u = sample.Gate.Matrix(sample.Angles);
            GateSamples.AssertClose(MatrixAlgebra.Identity(u.GetLength(0)), MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(u), u), 1e-12, sample.Print());
        },
        iter: Iterations);

    [Fact]
    public void The_adjoint_is_the_inverse() => GateSamples.WithAngles(GateSamples.All).Sample(
        sample =>
        {
            var (u, inverse) = (sample.Gate.Matrix(sample.Angles), sample.Gate.Adjoint().Matrix(sample.Angles));
            GateSamples.AssertClose(MatrixAlgebra.Identity(u.GetLength(0)), MatrixAlgebra.Multiply(inverse, u), 1e-12, sample.Print());
            GateSamples.AssertClose(u, sample.Gate.Adjoint().Adjoint().Matrix(sample.Angles), 1e-12, sample.Print());
        },
        iter: Iterations);

    [Fact]
    public void A_generator_has_the_eigenvalues_minus_lambda_0_and_lambda()
    {
        foreach (var gate in GateSamples.All.Where(gate => gate.Generator is not null))
        {
            var generator = gate.Generator!;
            var cube = MatrixAlgebra.Multiply(generator, MatrixAlgebra.Multiply(generator, generator));
            Assert.Equal(1, gate.Parameters);
            Assert.True(gate.GeneratorScale > 0, gate.Name);
            GateSamples.AssertClose(generator, MatrixAlgebra.Dagger(generator), 1e-15, gate.Name);
            GateSamples.AssertClose(MatrixAlgebra.Scale(generator, gate.GeneratorScale * gate.GeneratorScale), cube, 1e-12, gate.Name);
        }
    }

    [Fact]
    public void The_exponential_of_the_generator_is_the_matrix() => GateSamples.WithAngles([.. GateSamples.All.Where(gate => gate.Generator is not null)]).Sample(
        sample =>
        {
            var expected = Exponential(MatrixAlgebra.Scale(sample.Gate.Generator!, new Complex(0, sample.Angles[0])));
            GateSamples.AssertClose(expected, sample.Gate.Matrix(sample.Angles), 1e-11, sample.Print());
        },
        iter: Iterations);

    [Fact]
    public void The_derivative_is_the_difference_quotient() => GateSamples.WithAngles([.. GateSamples.All.Where(gate => gate.Parameters > 0)]).Sample(
        sample =>
        {
            for (var k = 0; k < sample.Angles.Length; k++)
            {
                const double Step = 1e-5;
                var (plus, minus) = ((double[])sample.Angles.Clone(), (double[])sample.Angles.Clone());
                (plus[k], minus[k]) = (plus[k] + Step, minus[k] - Step);
                var quotient = MatrixAlgebra.Scale(MatrixAlgebra.Add(sample.Gate.Matrix(plus), sample.Gate.Matrix(minus), -1), 0.5 / Step);
                GateSamples.AssertClose(quotient, sample.Gate.Derivative(k, sample.Angles), 1e-8, $"{sample.Print()} by angle {k}");
            }
        },
        iter: Iterations);

    [Fact]
    public void The_decomposition_is_the_matrix() => GateSamples.WithAngles([.. GateSamples.All.Where(gate => !gate.Decomposition.IsEmpty)]).Sample(
        sample =>
        {
            var product = MatrixAlgebra.Identity(1 << sample.Gate.Wires);
            foreach (var part in sample.Gate.Decomposition)
            {
                var matrix = part.Gate.Matrix([.. part.Angles.Select(angle => angle.Value(sample.Angles, []))]);
                product = MatrixAlgebra.Multiply(MatrixAlgebra.Embed(matrix, part.Wires.AsSpan(), sample.Gate.Wires), product);
            }

            GateSamples.AssertClose(product, sample.Gate.Matrix(sample.Angles), 1e-12, sample.Print());
        },
        iter: Iterations);

    [Fact]
    public void A_gate_is_fixed_or_has_a_generator_or_has_a_decomposition()
    {
        foreach (var gate in GateSamples.All)
        {
            Assert.True(gate.Parameters == 0 || gate.Generator is not null || !gate.Decomposition.IsEmpty || gate.Name.Contains("Power[0]", StringComparison.Ordinal), gate.Name);
            Assert.Equal(gate.Parameters, gate.Frequencies.Length);
        }
    }

    [Fact]
    public void What_the_structure_says_is_true_for_all_angles() => GateSamples.WithAngles(GateSamples.All).Sample(
        sample =>
        {
            var (u, structure) = (sample.Gate.Matrix(sample.Angles), sample.Gate.Structure);
            for (var r = 0; r < u.GetLength(0); r++)
            {
                Complex[] row = [.. Enumerable.Range(0, u.GetLength(1)).Select(c => u[r, c])];
                Assert.True(!structure.HasFlag(GateStructure.Diagonal) || row.Index().All(x => x.Index == r || x.Item.Magnitude < 1e-14), $"{sample.Print()} is not diagonal");
                Assert.True(!structure.HasFlag(GateStructure.Real) || row.All(entry => Math.Abs(entry.Imaginary) < 1e-14), $"{sample.Print()} is not real");
                Assert.True(
                    !structure.HasFlag(GateStructure.Permutation) || row.Count(entry => entry.Magnitude > 1e-13) == 1, $"{sample.Print()} is no permutation");
            }
        },
        iter: Iterations);

    [Fact]
    public void The_structures_that_kernels_rely_on_are_found()
    {
        const GateStructure Phase = GateStructure.Diagonal | GateStructure.Permutation;
        Assert.Equal(GateStructure.Permutation | GateStructure.Real, Gates.CNOT.Structure);
        Assert.Equal(GateStructure.Permutation | GateStructure.Real, Gates.Toffoli.Structure);
        Assert.Equal(GateStructure.Permutation | GateStructure.Real, Gates.MultiControlledX([.. Enumerable.Repeat(true, 40)]).Structure);
        Assert.Equal(Phase | GateStructure.Real, Gates.CZ.Structure);
        Assert.Equal(GateStructure.Permutation, Gates.Y.Structure);
        Assert.Equal(GateStructure.Real, Gates.RY.Structure);
        Assert.Equal(GateStructure.Real, Gates.CRY.Adjoint().Structure);
        Assert.Equal(GateStructure.Real, Gates.H.Structure);
        Assert.Equal(GateStructure.Dense, Gates.RX.Structure);
        Assert.Equal(Phase, Gates.RZ.Structure);
        Assert.Equal(Phase, Gates.MultiRZ(40).Structure);
        Assert.Equal(Phase, Gates.ControlledPhaseShift.Structure);
        Assert.Equal(GateStructure.Real, Gates.DoubleExcitation.Structure);
        Assert.Equal(GateStructure.Real, Gates.OrbitalRotation.Structure);
    }

    [Fact]
    public void A_structure_known_beforehand_is_the_one_that_the_matrix_shows()
    {
        foreach (var word in (string[])["X", "Y", "Z", "I", "XY", "YY", "YYY", "ZIZ", "ZXY", "XZ"])
        {
            var row = Gates.PauliRot(word);
            var inferred = new Gate("inferred", row.Wires, 1, angles => row.Matrix(angles));
            Assert.True(word.All(letter => letter == 'I') || inferred.Structure == row.Structure, $"{word}: {row.Structure}, by its matrix {inferred.Structure}");
        }
    }

    [Fact]
    public void The_shift_rule_of_a_rows_frequencies_is_the_derivative_of_its_expectation_values() =>
        GateSamples.WithAngles([.. GateSamples.All.Where(gate => gate.Parameters > 0 && gate.Frequencies.All(HasRule))]).Sample(
            sample =>
            {
                var (gate, size) = (sample.Gate, 1 << sample.Gate.Wires);
                var random = new Random(5);
                Complex[] state = [.. Enumerable.Range(0, size).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
                double[] diagonal = [.. state.Select(_ => random.NextDouble() - 0.5)];
                for (var k = 0; k < gate.Parameters; k++)
                {
                    var at = k;
                    var rule = Qusp.Gradients.ShiftRule.For(gate.Frequencies[k]);
                    var derivative = rule.Terms.Sum(term => term.Coefficient * Value([.. sample.Angles.Select((angle, j) => j == at ? angle + term.Shift : angle)]));
                    // d⟨O⟩ = 2 Re⟨Uψ|O|(∂U)ψ⟩
                    var (moved, turned) = (Times(gate.Matrix(sample.Angles), state), Times(gate.Derivative(k, sample.Angles), state));
                    var expected = 2 * Enumerable.Range(0, size).Sum(i => (Complex.Conjugate(moved[i]) * diagonal[i] * turned[i]).Real);
                    Assert.True(Math.Abs(expected - derivative) < 1e-9, $"{sample.Print()} by angle {k}: {derivative}, not {expected}");
                }

                double Value(double[] angles)
                {
                    var amplitudes = Times(gate.Matrix(angles), state);
                    return Enumerable.Range(0, size).Sum(i => diagonal[i] * (amplitudes[i] * Complex.Conjugate(amplitudes[i])).Real);
                }
            },
            iter: Iterations);

    // The rule is for the multiples 1…R of one frequency.
    private static bool HasRule(ImmutableArray<double> frequencies) =>
        frequencies.Sort().Select((frequency, r) => Math.Abs(frequency - ((r + 1) * frequencies.Min())) < 1e-9).All(holds => holds);

    private static Complex[] Times(Complex[,] matrix, Complex[] vector) =>
        [.. Enumerable.Range(0, vector.Length).Select(r => Enumerable.Range(0, vector.Length).Aggregate(Complex.Zero, (sum, c) => sum + (matrix[r, c] * vector[c])))];

    [Fact]
    public void An_expectation_value_has_no_other_frequencies_than_the_row_says()
    {
        var random = new Random(7);
        foreach (var gate in GateSamples.All.Where(gate => gate.Parameters > 0))
        {
            for (var k = 0; k < gate.Parameters; k++)
            {
                double[] angles = [.. Enumerable.Range(0, gate.Parameters).Select(_ => random.NextDouble() * 3)];
                Complex[] state = [.. Enumerable.Range(0, 1 << gate.Wires).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
                double[] diagonal = [.. state.Select(_ => random.NextDouble() - 0.5)];
                Complex[] rest = [.. state.Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
                double Value(double theta)
                {
                    angles[k] = theta;
                    var u = gate.Matrix(angles);
                    Complex[] final = [.. state.Select((_, r) => state.Select((amplitude, c) => u[r, c] * amplitude).Aggregate(Complex.Add))];
                    var overlap = final.Zip(rest, (a, b) => Complex.Conjugate(b) * a).Aggregate(Complex.Add);
                    return final.Zip(diagonal, (a, d) => d * a.Magnitude * a.Magnitude).Sum() + (overlap.Magnitude * overlap.Magnitude);
                }

                // As many values as the trigonometric polynomial has coefficients fix it; it must then give any other.
                double[] Basis(double theta) =>
                    [1, .. gate.Frequencies[k].SelectMany(f => (double[])[Math.Cos(f * theta), Math.Sin(f * theta)])];
                var count = Basis(0).Length;
                var period = gate.Frequencies[k].IsEmpty ? 1 : 2 * Math.PI / gate.Frequencies[k].Min();
                double[] nodes = [.. Enumerable.Range(0, count).Select(i => period * i / count)];
                var coefficients = Solve([.. nodes.Select(node => (double[])[.. Basis(node), Value(node)])]);
                foreach (var theta in (double[])[0.123, 1.9, 4.4, -2.2])
                {
                    var predicted = Basis(theta).Zip(coefficients, (b, c) => b * c).Sum();
                    Assert.True(Math.Abs(predicted - Value(theta)) < 1e-9, $"{gate.Name}, angle {k}: {predicted} at {theta}, not {Value(theta)}");
                }
            }
        }
    }

    // A series that knows nothing of the closed form: halve until small, sum, square.
    private static Complex[,] Exponential(Complex[,] a)
    {
        var small = MatrixAlgebra.Scale(a, 1.0 / 256);
        var identity = MatrixAlgebra.Identity(a.GetLength(0));
        var sum = identity;
        for (var n = 14; n >= 1; n--)
        {
            sum = MatrixAlgebra.Add(identity, MatrixAlgebra.Multiply(small, sum), 1.0 / n);
        }

        for (var k = 0; k < 8; k++)
        {
            sum = MatrixAlgebra.Multiply(sum, sum);
        }

        return sum;
    }

    // Gaussian elimination with pivoting of [A | b].
    private static double[] Solve(double[][] rows)
    {
        for (var p = 0; p < rows.Length; p++)
        {
            var best = Enumerable.Range(p, rows.Length - p).MaxBy(r => Math.Abs(rows[r][p]));
            (rows[p], rows[best]) = (rows[best], rows[p]);
            for (var r = 0; r < rows.Length; r++)
            {
                var factor = r == p ? 0 : rows[r][p] / rows[p][p];
                rows[r] = [.. rows[r].Select((value, c) => value - (factor * rows[p][c]))];
            }
        }

        return [.. rows.Select((row, r) => row[^1] / row[r])];
    }
}
