// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests.Templates;

public sealed class AlgorithmTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_Fourier_transform_in_gates_is_the_one_of_the_table(int wires) =>
        Assert.True(MatrixAlgebra.Distance(Gates.QFT(wires).Matrix(), States.Unitary(wires, circuit => circuit.QFT())) < 1e-12);

    [Fact]
    public void Turning_a_sign_turns_that_of_one_state() => Gen.Int[1, 4].SelectMany(wires => Gen.Bool.Array[wires]).Sample(
        bits =>
        {
            var index = bits.Aggregate(0, (sum, bit) => (sum << 1) | (bit ? 1 : 0));
            var expected = MatrixAlgebra.Map(MatrixAlgebra.Identity(1 << bits.Length), (r, c) => r != c ? 0 : r == index ? -1 : 1);
            Assert.True(MatrixAlgebra.Distance(expected, States.Unitary(bits.Length, circuit => circuit.FlipSign(bits))) < 1e-12);
        },
        iter: 30);

    [Fact]
    public void Grovers_operator_reflects_about_the_uniform_state()
    {
        var expected = MatrixAlgebra.Map(new Complex[8, 8], (r, c) => 0.25 - (r == c ? 1 : 0));
        Assert.True(MatrixAlgebra.Distance(expected, States.Unitary(3, circuit => circuit.GroverOperator())) < 1e-12);
    }

    [Theory]
    [InlineData(3, 2, 0.9453125)]
    [InlineData(4, 3, 0.9613189697265625)]
    [InlineData(5, 4, 0.9991823155432941)]
    public void Grovers_search_finds_what_the_oracle_marks_with_the_known_probability(int wires, int iterations, double probability)
    {
        // sin²((2k + 1) asin(1/√N))
        bool[] marked = [.. Enumerable.Range(0, wires).Select(k => k % 2 == 0)];
        var index = marked.Aggregate(0, (sum, bit) => (sum << 1) | (bit ? 1 : 0));
        using var program = new CpuDevice().Compile<double>(
            new CircuitBuilder(wires).GroverSearch(oracle => oracle.FlipSign(marked), iterations).Probabilities().Build());
        Assert.Equal(probability, program.Evaluate<double>([])[index], 10);
    }

    [Fact]
    public void Phase_estimation_spells_a_phase_that_is_a_binary_fraction() => Gen.Int[0, 15].Sample(
        k =>
        {
            var circuit = new CircuitBuilder(5).X(4).QuantumPhaseEstimation(unitary => unitary.PhaseShift(2 * Math.PI * k / 16, 4), [0, 1, 2, 3]).Probabilities(0, 1, 2, 3);
            using var program = new CpuDevice().Compile<double>(circuit.Build());
            Assert.Equal(1, program.Evaluate<double>([])[k], 10);
        },
        iter: 16);

    [Fact]
    public void Phase_estimation_of_another_phase_has_the_known_distribution()
    {
        const double Phase = 0.3;
        var circuit = new CircuitBuilder(4).X(3).QuantumPhaseEstimation(unitary => unitary.PhaseShift(2 * Math.PI * Phase, 3), [0, 1, 2]).Probabilities(0, 1, 2);
        using var program = new CpuDevice().Compile<double>(circuit.Build());
        var probabilities = program.Evaluate<double>([]);
        for (var k = 0; k < 8; k++)
        {
            var delta = Phase - (k / 8.0);
            Assert.Equal(Math.Pow(Math.Sin(8 * Math.PI * delta) / (8 * Math.Sin(Math.PI * delta)), 2), probabilities[k], 10);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    [InlineData(6, 6)]
    public void Time_evolution_converges_by_its_order(int order, double expected)
    {
        var hamiltonian = PauliSum.Parse("0.7*Z0*Z1+0.4*X0-0.3*Y1+0.2");
        var exact = Evolved(hamiltonian, 0.6, 2);
        double Error(int steps) => MatrixAlgebra.Distance(exact, States.Unitary(2, circuit => circuit.TimeEvolution(hamiltonian, 0.6, steps, order)));
        var measured = Math.Log2(Error(2) / Error(4));
        Assert.InRange(measured, expected - 0.25, expected + 0.35);
    }

    [Fact]
    public void Evolution_by_commuting_terms_is_exact_and_differentiable_by_time()
    {
        var hamiltonian = PauliSum.Parse("0.7*X0*X1+0.4*X0");
        var circuit = new CircuitBuilder(2);
        var t = circuit.Inputs(1);
        using var program = new CpuDevice().Compile<double>(circuit.TimeEvolution(hamiltonian, t[0]).Expect(PauliWord.Z(0)).Build());
        // Z0 turns at 2·(±0.7 + 0.4) for X1 = ±1, each with weight ½ in |0⟩.
        Assert.Equal(0.5 * (Math.Cos(2.2 * 0.3) + Math.Cos(0.6 * 0.3)), program.Evaluate<double>([0.3])[0], 12);
        Assert.Equal(-0.5 * ((2.2 * Math.Sin(2.2 * 0.3)) + (0.6 * Math.Sin(0.6 * 0.3))), program.Jacobian<double>([0.3]).ByInputs[0, 0], 12);
    }

    [Fact]
    public void Blocks_are_inverted_controlled_and_repeated()
    {
        Action<CircuitBuilder> block = circuit => circuit.H(1).CRX(0.7, 1, 2).T(2).Rot(0.1, 0.2, 0.3, 1);
        var u = States.Unitary(3, block);
        Near(MatrixAlgebra.Dagger(u), States.Unitary(3, circuit => circuit.Adjoint(block)));
        Near(MatrixAlgebra.Power(u, 3), States.Unitary(3, circuit => circuit.Power(3, block)));
        Near(MatrixAlgebra.Power(u, -2), States.Unitary(3, circuit => circuit.Power(-2, block)));
        Near(MatrixAlgebra.Identity(8), States.Unitary(3, circuit => circuit.Power(0, block)));
        var controlled = MatrixAlgebra.Map(u, (r, c) => r < 4 && c < 4 ? u[r, c] : r == c ? 1 : 0);
        Near(controlled, States.Unitary(3, circuit => circuit.Control([0], [false], block)));

        static void Near(Complex[,] expected, Complex[,] actual) => Assert.True(MatrixAlgebra.Distance(expected, actual) < 1e-12);
    }

    [Fact]
    public void What_has_no_inverse_is_refused_and_leaves_nothing_behind()
    {
        var circuit = new CircuitBuilder(2);
        Assert.Contains("Reset", Assert.Throws<NotSupportedException>(() => circuit.Adjoint(block => block.H(0).Reset(0))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => circuit.Control(0, block => block.X(0)));
        Assert.Throws<ArgumentException>(() => circuit.Control([], [], block => block.X(0)));
        Assert.Empty(circuit.Build().Operations);
    }

    [Fact]
    public void A_block_keeps_guards_and_barriers()
    {
        var circuit = new CircuitBuilder(2);
        var x = circuit.Inputs(1);
        circuit.Control(1, block => block.If(x[0] > 0.5, then => then.S(0)).Barrier(0)).Adjoint(block => block.If(x[0] > 0.5, then => then.S(0)));
        Assert.Equal(
            ["Controlled[1](S) 1 0 if x0>0.5", "Barrier[1] 0", "Adjoint(S) 0 if x0>0.5"],
            circuit.Build().Operations.Select(operation => operation.ToString()));
    }

    // e^{−iHt} by its series.
    private static Complex[,] Evolved(PauliSum hamiltonian, double time, int wires)
    {
        var size = 1 << wires;
        var h = new Complex[size, size];
        foreach (var (coefficient, word) in hamiltonian.Terms)
        {
            var term = MatrixAlgebra.Identity(size);
            foreach (var (wire, letter) in word.Letters)
            {
                term = MatrixAlgebra.Multiply(MatrixAlgebra.Embed(Gates.Find(letter.ToString()).Matrix(), [wire], wires), term);
            }

            h = MatrixAlgebra.Add(h, term, coefficient);
        }

        var (sum, power) = (MatrixAlgebra.Identity(size), MatrixAlgebra.Identity(size));
        for (var k = 1; k < 40; k++)
        {
            power = MatrixAlgebra.Scale(MatrixAlgebra.Multiply(h, power), new Complex(0, -time / k));
            sum = MatrixAlgebra.Add(sum, power, 1);
        }

        return sum;
    }
}
