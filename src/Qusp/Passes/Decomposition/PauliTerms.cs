// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>A Hermitian matrix as a sum of Pauli words.</summary>
internal static class PauliTerms
{
    private const double Tiny = 1e-12;

    /// <summary>The words with coefficients that are not 0, <c>tr(P M)/2^n</c>; words by letters I, X, Y, Z, the first wire first.</summary>
    public static IReadOnlyList<(string Word, double Coefficient)> Of(Complex[,] hermitian)
    {
        var size = hermitian.GetLength(0);
        var wires = BitOperations.Log2((uint)size);
        var terms = new List<(string, double)>();
        for (var code = 0; code < size * size; code++)
        {
            var word = string.Concat(Enumerable.Range(0, wires).Select(wire => "IXYZ"[(code >> (2 * (wires - 1 - wire))) & 3]));
            var coefficient = Coefficient(hermitian, word);
            if (Math.Abs(coefficient) > Tiny)
            {
                terms.Add((word, coefficient));
            }
        }

        return terms;
    }

    /// <summary>Whether two words commute: they differ, both not I, on an even number of wires.</summary>
    public static bool Commute(string a, string b) => a.Zip(b).Count(pair => pair.First != pair.Second && pair.First != 'I' && pair.Second != 'I') % 2 == 0;

    // P has one entry a row: column b ⊕ flip, value i^{Y} (−1)^{…}.
    private static double Coefficient(Complex[,] matrix, string word)
    {
        var (flip, size) = (0, matrix.GetLength(0));
        foreach (var letter in word)
        {
            flip = (flip << 1) | (letter is 'X' or 'Y' ? 1 : 0);
        }

        Complex trace = 0;
        for (var row = 0; row < size; row++)
        {
            var entry = Complex.One; // ⟨row| P |row ⊕ flip⟩
            for (var wire = 0; wire < word.Length; wire++)
            {
                var bit = (row >> (word.Length - 1 - wire)) & 1;
                entry *= word[wire] switch
                {
                    'Y' => bit == 0 ? -Complex.ImaginaryOne : Complex.ImaginaryOne,
                    'Z' => bit == 0 ? 1 : -1,
                    _ => 1,
                };
            }

            trace += entry * matrix[row ^ flip, row];
        }

        return trace.Real / size;
    }
}
