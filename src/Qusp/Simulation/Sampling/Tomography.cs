// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// A density matrix by its Pauli words, <c>ρ = 2^{−m} Σ_P ⟨P⟩ P</c>: linear inversion, unbiased, from 3^m bases. An estimate may have
/// slightly negative eigenvalues, and what is not linear in it, as its purity, has a bias that falls with the shots.
/// </summary>
internal static class Tomography
{
    /// <summary>The most wires: 3^4 bases.</summary>
    public const int MaxWires = 4;

    /// <summary>
    /// What each word adds to the entries: the output, counted from the matrix's first, a factor and the word. Words with most letters
    /// come first: they need the bases that the others then share.
    /// </summary>
    public static IEnumerable<(int Output, double Coefficient, PauliWord Word)> Terms(DensityMatrix density)
    {
        var (wires, size) = (density.OfWires.Length, 1 << density.OfWires.Length);
        var words =
            from flip in Enumerable.Range(0, size)
            from sign in Enumerable.Range(0, size)
            orderby BitOperations.PopCount((uint)(flip | sign)) descending
            select (flip, sign);
        foreach (var (flip, sign) in words)
        {
            var word = PauliWord.Of(density.OfWires.Select((wire, k) => (wire, Letter((flip >> (wires - 1 - k)) & 1, (sign >> (wires - 1 - k)) & 1))));
            for (var column = 0; column < size; column++)
            {
                // P|c⟩ = i^{CountY} (−1)^{c·sign} |c ⊕ flip⟩
                var turns = (BitOperations.PopCount((uint)(flip & sign)) + (2 * BitOperations.PopCount((uint)(column & sign)))) % 4;
                yield return ((2 * (((column ^ flip) * size) + column)) + (turns % 2), (turns < 2 ? 1.0 : -1.0) / size, word);
            }
        }
    }

    private static char Letter(int flip, int sign) => (flip, sign) switch
    {
        (1, 1) => 'Y',
        (1, 0) => 'X',
        (0, 1) => 'Z',
        _ => 'I',
    };
}
