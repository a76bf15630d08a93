// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Pauli;

/// <summary>
/// A unitary as a real matrix over Pauli words, <c>R[P, Q] = tr(P U†QU)/2^m</c>: what becomes of observables. A word is two bits a wire, x and z, the
/// first wire's the most significant; its matrix has one entry a row, a power of i.
/// </summary>
internal static class TransferMatrix
{
    /// <summary>R, row-major <c>[4^m, 4^m]</c>.</summary>
    public static double[] Of(Complex[,] u) => Of(u, u);

    /// <summary>The bilinear form <c>Re tr(P U†QV)/2^m</c>, of which R is the case V = U.</summary>
    public static double[] Of(Complex[,] u, Complex[,] v)
    {
        var size = u.GetLength(0);
        var words = size * size;
        var result = new double[words * words];
        var dagger = MatrixAlgebra.Dagger(u);
        for (var q = 0; q < words; q++)
        {
            var word = Split(q, size);
            var turned = MatrixAlgebra.Multiply(dagger, MatrixAlgebra.Map(v, (r, c) => Power(Turns(word, r)) * v[r ^ word.Flip, c]));
            for (var p = 0; p < words; p++)
            {
                result[(p * words) + q] = Trace(Split(p, size), turned) / size;
            }
        }

        return result;
    }

    /// <summary>The coefficients h of a Hermitian matrix <c>H = Σ h_P P</c>, <c>[4^m]</c>.</summary>
    public static double[] Coefficients(Complex[,] hermitian)
    {
        var size = hermitian.GetLength(0);
        var result = new double[size * size];
        for (var p = 0; p < result.Length; p++)
        {
            result[p] = Trace(Split(p, size), hermitian) / size;
        }

        return result;
    }

    private static double Trace((int Flip, int Sign) word, Complex[,] m)
    {
        var sum = 0.0;
        for (var r = 0; r < m.GetLength(0); r++)
        {
            sum += (Power(Turns(word, r)) * m[r ^ word.Flip, r]).Real;
        }

        return sum;
    }

    private static (int Flip, int Sign) Split(int word, int size)
    {
        var (flip, sign) = (0, 0);
        for (var bit = 0; 1 << bit < size; bit++)
        {
            flip |= ((word >> ((2 * bit) + 1)) & 1) << bit;
            sign |= ((word >> (2 * bit)) & 1) << bit;
        }

        return (flip, sign);
    }

    // The entry of row r is i to this power: Z is (−1)^bit, Y is −i above and i below the diagonal.
    private static int Turns((int Flip, int Sign) word, int r) =>
        (2 * BitOperations.PopCount((uint)(word.Sign & r))) + (3 * BitOperations.PopCount((uint)(word.Sign & word.Flip)));

    private static Complex Power(int turns) => (turns & 3) switch { 0 => 1, 1 => Complex.ImaginaryOne, 2 => -1, _ => -Complex.ImaginaryOne };
}
