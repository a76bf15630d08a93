// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

public sealed class GateAlgebraTests
{
    [Fact]
    public void Controls_of_a_controlled_gate_join()
    {
        Assert.Same(Gates.CNOT, Gates.X.Controlled());
        Assert.Same(Gates.Toffoli, Gates.CNOT.Controlled());
        Assert.Same(Gates.Toffoli, Gates.X.Controlled(true, true));
        Assert.Same(Gates.CRot, Gates.Rot.Controlled());
        Assert.Same(Gates.CSWAP, Gates.SWAP.Controlled());
        foreach (var gate in GateSamples.Base.Where(gate => gate.Wires < 3))
        {
            var twice = gate.Controlled(false).Controlled(true);
            Assert.Equal(gate.Controlled(true, false), twice);
            Assert.Equal(gate.Target ?? gate, twice.Target);
            Assert.Equal([true, false, .. gate.ControlValues], twice.ControlValues);
        }
    }

    [Fact]
    public void A_controlled_gate_acts_where_the_controls_have_their_values() =>
        Gen.Select(GateSamples.WithAngles([.. GateSamples.Base.Where(gate => gate.Wires < 3)]), Gen.Bool.Array[1, 2]).Sample((sample, values) =>
        {
            var (inner, outer) = (sample.Gate.Matrix(sample.Angles), sample.Gate.Controlled([.. values]).Matrix(sample.Angles));
            var active = values.Aggregate(0, (index, value) => (index << 1) | (value ? 1 : 0));
            var size = inner.GetLength(0);
            for (var r = 0; r < outer.GetLength(0); r++)
            {
                for (var c = 0; c < outer.GetLength(0); c++)
                {
                    Complex expected = r / size == active && c / size == active ? inner[r % size, c % size] : r == c ? 1 : 0;
                    Assert.True((expected - outer[r, c]).Magnitude < 1e-13, $"{sample.Print()} controlled by {string.Join(",", values)} at {r}, {c}");
                }
            }
        });

    [Fact]
    public void Powers_of_a_gate_multiply() => Gen.Select(GateSamples.WithAngles([.. GateSamples.Base.Where(HasAnyPower)]), Gen.Double[-3, 3], Gen.Double[-3, 3])
        .Sample((sample, a, b) =>
        {
            var product = MatrixAlgebra.Multiply(sample.Gate.Power(a).Matrix(sample.Angles), sample.Gate.Power(b).Matrix(sample.Angles));
            GateSamples.AssertClose(product, sample.Gate.Power(a + b).Matrix(sample.Angles), 1e-11, $"{sample.Print()} to {a} and {b}");
        });

    [Fact]
    public void An_integer_power_is_repetition() => Gen.Select(GateSamples.WithAngles(GateSamples.Base), Gen.Int[-4, 5]).Sample((sample, n) =>
    {
        var u = (n < 0 ? sample.Gate.Adjoint() : sample.Gate).Matrix(sample.Angles);
        var product = Enumerable.Repeat(u, Math.Abs(n)).Aggregate(MatrixAlgebra.Identity(u.GetLength(0)), MatrixAlgebra.Multiply);
        GateSamples.AssertClose(product, sample.Gate.Power(n).Matrix(sample.Angles), 1e-11, $"{sample.Print()} to {n}");
    });

    [Fact]
    public void The_root_of_a_fixed_gate_is_principal()
    {
        // The eigenvalue −1 becomes e^{iπ/2}, not e^{−iπ/2}; rounding must not choose.
        foreach (var gate in (Gate[])[Gates.X, Gates.Y, Gates.Z, Gates.H, Gates.SWAP, Gates.ECR, Gates.Unitary(Gates.QFT(3).Matrix()), Gates.QFT(3)])
        {
            var root = gate.Power(0.5);
            GateSamples.AssertClose(gate.Matrix(), MatrixAlgebra.Multiply(root.Matrix(), root.Matrix()), 1e-12, gate.Name);
            GateSamples.AssertClose(gate.Power(0.25).Matrix(), root.Power(0.5).Matrix(), 1e-12, gate.Name);
        }

        // Both of these are −1 but for rounding.
        foreach (var rounding in (double[])[1e-16, -1e-16])
        {
            var root = Gates.DiagonalUnitary(1, new Complex(-1, rounding)).Power(0.5).Matrix();
            GateSamples.AssertClose(Gates.S.Matrix(), root, 1e-14, $"the root at {rounding}");
        }

        GateSamples.AssertClose(Gates.SX.Matrix(), Gates.X.Power(0.5).Matrix(), 1e-14, "√X");
        GateSamples.AssertClose(Gates.S.Matrix(), Gates.Z.Power(0.5).Matrix(), 1e-14, "√Z");
        GateSamples.AssertClose(Gates.T.Matrix(), Gates.Z.Power(0.25).Matrix(), 1e-14, "⁴√Z");
        GateSamples.AssertClose(Gates.SISWAP.Matrix(), Gates.ISWAP.Power(0.5).Matrix(), 1e-14, "√ISWAP");
    }

    [Fact]
    public void A_unitary_whose_eigenvalues_meet_in_one_combination_of_cosine_and_sine_has_its_root()
    {
        // cos φ + c sin φ takes the same value at φ and 2·atan(c) − φ: the first combination tried cannot tell these apart.
        var first = 0.3;
        var second = (2 * Math.Atan(0.6180339887)) - first;
        var v = Gates.U3.Matrix(1.0, 0.4, -0.7);
        var spectrum = new Complex[,] { { Complex.FromPolarCoordinates(1, first), 0 }, { 0, Complex.FromPolarCoordinates(1, second) } };
        var expected = new Complex[,] { { Complex.FromPolarCoordinates(1, first / 2), 0 }, { 0, Complex.FromPolarCoordinates(1, second / 2) } };
        var u = MatrixAlgebra.Multiply(v, MatrixAlgebra.Multiply(spectrum, MatrixAlgebra.Dagger(v)));
        var root = MatrixAlgebra.Multiply(v, MatrixAlgebra.Multiply(expected, MatrixAlgebra.Dagger(v)));
        GateSamples.AssertClose(root, Gates.Unitary(u).Power(0.5).Matrix(), 1e-12, "root");
    }

    [Fact]
    public void A_power_that_is_not_known_is_refused_by_name()
    {
        Assert.Contains("Rot", Assert.Throws<NotSupportedException>(() => Gates.Rot.Power(0.5)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => Gates.Rot.Power(65));
        Assert.Throws<ArgumentException>(() => Gates.X.Power(double.NaN));
        Assert.Throws<ArgumentException>(() => Gates.RX.Power(double.PositiveInfinity));
    }

    [Fact]
    public void A_gate_that_is_its_own_inverse_is_its_adjoint()
    {
        foreach (var gate in GateSamples.Base.Where(gate => gate.Parameters == 0 && !gate.IsCustom && gate.Name != "QFT[1]"))
        {
            var isInverse = MatrixAlgebra.Distance(MatrixAlgebra.Identity(1 << gate.Wires), MatrixAlgebra.Multiply(gate.Matrix(), gate.Matrix())) < 1e-12;
            Assert.True(isInverse == ReferenceEquals(gate, gate.Adjoint()) || (isInverse && gate.Equals(gate.Adjoint())), gate.Name);
        }

        Assert.Same(Gates.Sdg, Gates.S.Adjoint());
        Assert.Same(Gates.S, Gates.Sdg.Adjoint());
        Assert.Same(Gates.T, Gates.Tdg.Adjoint());
        Assert.Same(GateSamples.Custom, GateSamples.Custom.Adjoint().Adjoint());
    }

    [Fact]
    public void Gates_of_users_are_equal_when_their_matrices_are()
    {
        Assert.Equal(Gates.Unitary(Gates.H.Matrix()), Gates.Unitary(Gates.H.Matrix()));
        Assert.NotEqual(Gates.Unitary(Gates.H.Matrix()), Gates.Unitary(Gates.X.Matrix()));
        Assert.NotEqual(Gates.Unitary(Gates.H.Matrix()), Gates.Unitary(Gates.CZ.Matrix())); // neither side may be read out of bounds
        Assert.NotEqual(Gates.Unitary(Gates.CZ.Matrix()), Gates.Unitary(Gates.H.Matrix()));
        Assert.NotEqual(Gates.H, Gates.Unitary(Gates.H.Matrix()));
        Assert.Equal(Gates.Unitary(Gates.H.Matrix()).Controlled(), Gates.Unitary(Gates.H.Matrix()).Controlled());
        Assert.NotEqual(Gates.Unitary(Gates.H.Matrix()).Controlled(), Gates.Unitary(Gates.X.Matrix()).Controlled());
        Assert.NotEqual(Gates.Unitary(Gates.S.Matrix()).Power(0.5), Gates.Unitary(Gates.X.Matrix()).Power(0.5));
    }

    [Fact]
    public void Nobody_can_write_into_the_table()
    {
        foreach (var gate in GateSamples.Base)
        {
            double[] angles = new double[gate.Parameters];
            var before = gate.Matrix(angles);
            gate.Matrix(angles)[0, 0] = 42;
            GateSamples.AssertClose(before, gate.Matrix(angles), 0, gate.Name);
            if (gate.Generator is { } generator)
            {
                generator[0, 0] = 42;
                GateSamples.AssertClose(before, gate.Matrix(angles), 0, gate.Name);
            }
        }

        var mine = Gates.H.Matrix();
        var custom = Gates.Unitary(mine);
        mine[0, 0] = 42;
        GateSamples.AssertClose(Gates.H.Matrix(), custom.Matrix(), 0, "custom");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Assert.Contains("RX takes 1 angle(s), not 2", Assert.Throws<ArgumentException>(() => Gates.RX.Matrix(1, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("Rot takes 3 angle(s), not 1", Assert.Throws<ArgumentException>(() => Gates.Rot.Derivative(0, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Gates.RX.Derivative(1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gates.RX.Derivative(-1, 0.5));
        Assert.Contains("'W'", Assert.Throws<ArgumentException>(() => Gates.PauliRot("XW")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Gates.PauliRot(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gates.PauliRot(new string('X', 65)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gates.MultiRZ(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gates.QFT(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gates.MultiControlledX());
        Assert.Contains("3 × 3", Assert.Throws<ArgumentException>(() => Gates.Unitary(new Complex[3, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("2 × 4", Assert.Throws<ArgumentException>(() => Gates.Unitary(new Complex[2, 4])).Message, StringComparison.Ordinal);
        Assert.Contains("not unitary", Assert.Throws<ArgumentException>(() => Gates.Unitary(new Complex[,] { { 1, 1 }, { 0, 1 } })).Message, StringComparison.Ordinal);
        Assert.Contains("not unitary", Assert.Throws<ArgumentException>(() => Gates.Unitary(new Complex[,] { { double.NaN, 0 }, { 0, 1 } })).Message, StringComparison.Ordinal);
        Assert.Contains("not unitary", Assert.Throws<ArgumentException>(() => Gates.DiagonalUnitary(1, 2)).Message, StringComparison.Ordinal);
    }

    private static bool HasAnyPower(Gate gate) => gate.Parameters == 0 || gate.Generator is not null;
}
