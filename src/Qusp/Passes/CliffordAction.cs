// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>
/// A Clifford operation as what it makes of Pauli words: <c>U†PU = ±P'</c>. A letter is two bits, x and z (I = 0, Z = 1, X = 2, Y = 3),
/// a word of two wires four, the first wire's first.
/// </summary>
internal sealed class CliffordAction
{
    private const int MaxWires = 2;
    private const double Tiny = 1e-12;
    private readonly (byte Word, bool Minus)[] images;

    private CliffordAction((byte Word, bool Minus)[] images) => this.images = images;

    /// <summary>P' and whether its sign is minus.</summary>
    public (byte Word, bool Minus) this[int word] => images[word];

    /// <summary>The action of an operation on one or two wires whose angles do not vary; null if it is no Clifford operation.</summary>
    public static CliffordAction? Of(Operation operation)
    {
        if (!operation.IsGate || operation.Wires.Length > MaxWires || !operation.Angles.All(angle => angle.IsConstant))
        {
            return null;
        }

        var u = operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Offset)]);
        var words = Words(operation.Wires.Length);
        var images = new (byte, bool)[words.Length];
        for (var p = 0; p < words.Length; p++)
        {
            var turned = MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(u), MatrixAlgebra.Multiply(words[p], u));
            var image = Array.FindIndex(words, word => Math.Abs(Overlap(word, turned)) > 0.9);
            var sign = image < 0 ? 0 : Math.Sign(Overlap(words[image], turned));

            // The overlap is 1 to the square of an angle, so it does not tell a turn by 1e-7 from none; the difference does.
            if (image < 0 || MatrixAlgebra.Distance(turned, MatrixAlgebra.Scale(words[image], sign)) > Tiny)
            {
                return null;
            }

            images[p] = ((byte)image, sign < 0);
        }

        return new CliffordAction(images);
    }

    private static Complex[][,] Words(int wires)
    {
        Complex[][,] letters = [Gates.I.Matrix(), Gates.Z.Matrix(), Gates.X.Matrix(), Gates.Y.Matrix()];
        return wires == 1 ? letters : [.. letters.SelectMany(first => letters.Select(second => MatrixAlgebra.Kron(first, second)))];
    }

    // tr(PQ)/d, real for Hermitian P and Q.
    private static double Overlap(Complex[,] p, Complex[,] q)
    {
        var (size, sum) = (p.GetLength(0), 0.0);
        for (var r = 0; r < size; r++)
        {
            for (var c = 0; c < size; c++)
            {
                sum += (p[r, c] * q[c, r]).Real;
            }
        }

        return sum / size;
    }
}
