// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

/// <summary>
/// A unitary of two wires by at most three CNOTs: U = (L0⊗L1) exp(i(a XX + b YY + c ZZ)) (R0⊗R1) (Kraus and Cirac 2001,
/// arXiv:quant-ph/0011050), with a ≥ b ≥ |c| in the Weyl chamber; as many CNOTs as the class needs (Vidal and Dawson 2004,
/// arXiv:quant-ph/0307177), three by the circuit of Vatan and Williams (2004, arXiv:quant-ph/0308006).
/// </summary>
internal static class TwoQubitSynthesis
{
    private const double Tiny = 1e-12; // of a coordinate
    private const double Quarter = Math.PI / 4;

    // In this basis local unitaries are real orthogonal.
    private static readonly Complex[,] Magic = Magical();

    /// <summary>The parts: gates of one wire as matrices, CNOTs, and a global phase.</summary>
    public static IEnumerable<Operation> Of(Complex[,] u, int first, int second)
    {
        var weyl = Canonical(Split(u));
        var core = Core(weyl.Coordinates, first, second);
        return
        [
            .. Local(weyl.Right, first, second),
            .. core,
            .. Local(weyl.Left, first, second),
            .. Math.Abs(weyl.Phase) > 1e-15 ? (Operation[])[Synthesis.Phase(first, weyl.Phase)] : [],
        ];
    }

    private static IEnumerable<Operation> Local((Complex[,] A, Complex[,] B) gates, int first, int second) => [Synthesis.One(gates.A, first), Synthesis.One(gates.B, second)];

    // exp(i(a XX + b YY + c ZZ)) in CNOTs.
    private static Operation[] Core(double[] at, int p, int q)
    {
        var (a, b, c) = (at[0], at[1], at[2]);
        if (Math.Abs(a) < Tiny)
        {
            return [];
        }

        if (Math.Abs(b) < Tiny && Math.Abs(a - Quarter) < Tiny)
        {
            // CNOT = e^{iπ/4} exp(−iπ/4 Z0) exp(−iπ/4 X1) exp(iπ/4 Z0X1).
            return
            [
                Synthesis.One(Gates.H, p), Synthesis.Cnot(p, q), Synthesis.One(Gates.RZ, p, -Math.PI / 2), Synthesis.One(Gates.RX, q, -Math.PI / 2),
                Synthesis.One(Gates.H, p), Synthesis.Phase(p, -Quarter),
            ];
        }

        if (Math.Abs(c) < Tiny)
        {
            // RX(π/2) turns YY to ZZ; CNOT turns X0 to XX and Z1 to ZZ.
            return
            [
                Synthesis.One(Gates.RX, p, Math.PI / 2), Synthesis.One(Gates.RX, q, Math.PI / 2), Synthesis.Cnot(p, q),
                Synthesis.One(Gates.RX, p, -2 * a), Synthesis.One(Gates.RZ, q, -2 * b),
                Synthesis.Cnot(p, q), Synthesis.One(Gates.RX, p, -Math.PI / 2), Synthesis.One(Gates.RX, q, -Math.PI / 2),
            ];
        }

        return
        [
            Synthesis.One(Gates.RZ, q, -Math.PI / 2), Synthesis.Cnot(q, p),
            Synthesis.One(Gates.RZ, p, (Math.PI / 2) - (2 * c)), Synthesis.One(Gates.RY, q, (2 * a) - (Math.PI / 2)), Synthesis.Cnot(p, q),
            Synthesis.One(Gates.RY, q, (Math.PI / 2) - (2 * b)), Synthesis.Cnot(q, p), Synthesis.One(Gates.RZ, p, Math.PI / 2), Synthesis.Phase(p, Quarter),
        ];
    }

    private static Weyl Split(Complex[,] u)
    {
        var phase = Determinant(u).Phase / 4;
        var m = Multiply(Dagger(Magic), Multiply(Scale(u, Complex.FromPolarCoordinates(1, -phase)), Magic));
        var (p, angles) = DiagonalizeSymmetric(Multiply(Transpose(m), m));
        if (Determinant(p).Real < 0)
        {
            p = Map(p, (r, c) => c == 0 ? -p[r, c] : p[r, c]);
        }

        // m = k · diag(e^{iφ}) · pᵀ with k real orthogonal; of the two roots of each eigenvalue those that make det k = 1.
        double[] phi = [.. angles.Select(angle => angle / 2)];
        Complex[,] K() => Multiply(m, Map(p, (r, c) => p[r, c] * Complex.FromPolarCoordinates(1, -phi[c])));
        if (Determinant(K()).Real < 0)
        {
            phi[0] += Math.PI;
        }

        var (left, leftPhase) = Factor(Multiply(Magic, Multiply(K(), Dagger(Magic))));
        var (right, rightPhase) = Factor(Multiply(Magic, Multiply(Transpose(p), Dagger(Magic))));
        double[] coordinates =
        [
            (phi[0] + phi[2] - phi[1] - phi[3]) / 4, (phi[1] + phi[2] - phi[0] - phi[3]) / 4, (phi[0] + phi[1] - phi[2] - phi[3]) / 4,
        ];
        return new Weyl(left, coordinates, right, phase + leftPhase + rightPhase + (phi.Sum() / 4));
    }

    // Into π/4 ≥ a ≥ b ≥ |c|: exp(iπ/2 XX) = i XX is local, and so are exchanges of axes and of two signs.
    private static Weyl Canonical(Weyl weyl)
    {
        Gate[] paulis = [Gates.X, Gates.Y, Gates.Z];
        Gate[] turns = [Gates.RX, Gates.RY, Gates.RZ];
        for (var k = 0; k < 3; k++)
        {
            var shift = (int)Math.Round(weyl.Coordinates[k] / (2 * Quarter));
            shift -= (weyl.Coordinates[k] / (2 * Quarter)) - shift < -0.5 + 1e-10 ? 1 : 0; // −π/4 is π/4
            weyl.Coordinates[k] -= shift * 2 * Quarter;
            if (shift % 2 != 0)
            {
                weyl.Left = (Multiply(weyl.Left.A, paulis[k].Matrix()), Multiply(weyl.Left.B, paulis[k].Matrix()));
            }

            weyl.Phase += shift * 2 * Quarter;
        }

        // Sorted by size: a quarter turn about the third axis exchanges two.
        foreach (var (i, j, axis) in ((int, int, int)[])[(0, 1, 2), (1, 2, 0), (0, 1, 2)])
        {
            if (Math.Abs(weyl.Coordinates[i]) < Math.Abs(weyl.Coordinates[j]))
            {
                var (turn, back) = (turns[axis].Matrix(Math.PI / 2), turns[axis].Matrix(-Math.PI / 2));
                (weyl.Coordinates[i], weyl.Coordinates[j]) = (weyl.Coordinates[j], weyl.Coordinates[i]);
                weyl.Left = (Multiply(weyl.Left.A, turn), Multiply(weyl.Left.B, turn));
                weyl.Right = (Multiply(back, weyl.Right.A), Multiply(back, weyl.Right.B));
            }
        }

        // A Pauli on one wire turns two signs: first a's, then b's.
        foreach (var (k, pauli) in ((int, Gate)[])[(0, Gates.Y), (1, Gates.X)])
        {
            if (weyl.Coordinates[k] < 0)
            {
                weyl.Coordinates[k] = -weyl.Coordinates[k];
                weyl.Coordinates[2] = -weyl.Coordinates[2];
                weyl.Left = (Multiply(weyl.Left.A, pauli.Matrix()), weyl.Left.B);
                weyl.Right = (Multiply(pauli.Matrix(), weyl.Right.A), weyl.Right.B);
            }
        }

        return weyl;
    }

    // M = e^{iφ} A⊗B with A, B of determinant 1.
    private static ((Complex[,] A, Complex[,] B) Gates, double Phase) Factor(Complex[,] product)
    {
        // The block with the largest determinant is B times an entry of A.
        var (row, column) = ((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1)] is var blocks
            ? blocks.MaxBy(at => Complex.Abs(Block(at.Item1, at.Item2)[0, 0]) + Complex.Abs(Block(at.Item1, at.Item2)[0, 1]))
            : default;
        var b = Block(row, column);
        b = Scale(b, 1 / Complex.Sqrt((b[0, 0] * b[1, 1]) - (b[0, 1] * b[1, 0])));
        var a = Map(new Complex[2, 2], (r, c) => Trace(Multiply(Dagger(b), Block(r, c))) / 2);
        var determinant = (a[0, 0] * a[1, 1]) - (a[0, 1] * a[1, 0]);
        var phase = determinant.Phase / 2;
        return ((Scale(a, Complex.FromPolarCoordinates(1, -phase)), b), phase);

        Complex[,] Block(int r, int c) => Map(new Complex[2, 2], (i, j) => product[(2 * r) + i, (2 * c) + j]);
    }

    // Real and imaginary part of a symmetric unitary commute: a real combination of both has its eigenvectors, unless it joins two eigenvalues.
    private static (Complex[,] Vectors, double[] Angles) DiagonalizeSymmetric(Complex[,] m)
    {
        var (best, vectors, spectrum) = (double.PositiveInfinity, m, m);
        foreach (var weight in (ReadOnlySpan<double>)[0.6180339887, -1.3247179572, 2.7692923542, -0.2113248654])
        {
            var candidate = Eigen(Map(m, (r, c) => (m[r, c].Real + m[c, r].Real + (weight * (m[r, c].Imaginary + m[c, r].Imaginary))) / 2)).Vectors; // real
            var rotated = Multiply(Transpose(candidate), Multiply(m, candidate));
            var residue = Distance(rotated, Map(rotated, (r, c) => r == c ? rotated[r, c] : 0));
            if (residue < best)
            {
                (best, vectors, spectrum) = (residue, candidate, rotated);
            }
        }

        return (vectors, [.. Enumerable.Range(0, 4).Select(k => spectrum[k, k].Phase)]);
    }

    private static Complex[,] Transpose(Complex[,] a) => Map(a, (r, c) => a[c, r]);

    private static Complex Trace(Complex[,] a) => a[0, 0] + a[1, 1];

    private static Complex[,] Magical()
    {
        var (r, i) = (Math.Sqrt(0.5), new Complex(0, Math.Sqrt(0.5)));
        return new Complex[,] { { r, i, 0, 0 }, { 0, 0, i, r }, { 0, 0, i, -r }, { r, -i, 0, 0 } };
    }

    // U = e^{i·Phase} (Left) exp(i(a XX + b YY + c ZZ)) (Right).
    private sealed class Weyl((Complex[,] A, Complex[,] B) left, double[] coordinates, (Complex[,] A, Complex[,] B) right, double phase)
    {
        public (Complex[,] A, Complex[,] B) Left { get; set; } = left;

        public double[] Coordinates { get; } = coordinates;

        public (Complex[,] A, Complex[,] B) Right { get; set; } = right;

        public double Phase { get; set; } = phase;
    }
}
