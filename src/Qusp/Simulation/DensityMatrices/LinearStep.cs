// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>A part of one entry of a block's matrix: a constant times one of the operation's factors.</summary>
internal readonly record struct EntryTerm(int Entry, int Factor, Complex Value);

/// <summary>
/// An irreducible piece of a linear map: it mixes a few numbers of a vector with one another, by the matrix whose entry e is
/// <c>Σ factor · value</c> over the terms of e.
/// </summary>
/// <param name="Offsets">The index offsets of what it mixes, d of them.</param>
/// <param name="Terms">The matrix, row-major [d, d].</param>
/// <param name="Entries">The entries that vary, in the order of the terms.</param>
/// <param name="IsReal">Whether all of it is real.</param>
internal sealed record LinearBlock(nint[] Offsets, EntryTerm[] Terms, int[] Entries, bool IsReal)
{
    private const double Tiny = 1e-15;

    public int Size => Offsets.Length;

    /// <summary>Multiplications for each group of numbers.</summary>
    public int Cost => Size * Size * (IsReal ? 1 : 2);

    /// <summary>For each of the entries the index offsets of its row and its column, one after the other.</summary>
    public nint[] EntryOffsets { get; } = [.. Entries.SelectMany(entry => (nint[])[Offsets[entry / Offsets.Length], Offsets[entry % Offsets.Length]])];

    /// <summary>The pieces of <c>Σ_m factor_m · basis_m</c>; factor 0 is always 1, and what stays the identity is left out.</summary>
    /// <param name="basis">Matrices of one size.</param>
    /// <param name="offset">The index offset of a local basis state.</param>
    public static ImmutableArray<LinearBlock> Split(IReadOnlyList<Complex[,]> basis, Func<int, nint> offset)
    {
        var size = basis[0].GetLength(0);
        var root = Enumerable.Range(0, size).ToArray();
        foreach (var matrix in basis)
        {
            for (var r = 0; r < size; r++)
            {
                for (var c = 0; c < size; c++)
                {
                    if (r != c && Complex.Abs(matrix[r, c]) > Tiny && root[r] != root[c])
                    {
                        var (from, to) = (root[c], root[r]);
                        for (var i = 0; i < size; i++)
                        {
                            root[i] = root[i] == from ? to : root[i];
                        }
                    }
                }
            }
        }

        var blocks = ImmutableArray.CreateBuilder<LinearBlock>();
        foreach (var block in Enumerable.Range(0, size).GroupBy(i => root[i]).Select(group => group.ToArray()))
        {
            var terms = new List<EntryTerm>();
            for (var r = 0; r < block.Length; r++)
            {
                for (var c = 0; c < block.Length; c++)
                {
                    for (var m = 0; m < basis.Count; m++)
                    {
                        if (basis[m][block[r], block[c]] is var value && Complex.Abs(value) > Tiny)
                        {
                            terms.Add(new((r * block.Length) + c, m, value));
                        }
                    }
                }
            }

            if (terms is not [{ Entry: 0, Factor: 0 } only] || block.Length != 1 || only.Value != 1)
            {
                blocks.Add(new(
                    [.. block.Select(offset)], [.. terms], [.. terms.Where(term => term.Factor > 0).Select(term => term.Entry).Distinct()], terms.All(term => Math.Abs(term.Value.Imaginary) <= Tiny)));
            }
        }

        return blocks.ToImmutable();
    }

    /// <summary>The index offset of a local basis state, its first bit the most significant, from where a block starts.</summary>
    public static nint Offset(nint start, ReadOnlySpan<int> bits, int local)
    {
        for (var k = 0; k < bits.Length; k++)
        {
            start |= (nint)((local >> (bits.Length - 1 - k)) & 1) << bits[k];
        }

        return start;
    }

    /// <summary>The same for a vector whose numbers are taken 2^<paramref name="shift"/> at a time.</summary>
    public LinearBlock Wider(int shift) => new([.. Offsets.Select(offset => offset >> shift)], Terms, Entries, IsReal);

    /// <summary>The same in a vector whose index leaves out some bits.</summary>
    public LinearBlock Without(nint bits) => new([.. Offsets.Select(offset => IndexBits.Without(offset, bits))], Terms, Entries, IsReal);
}

/// <summary>A linear map of a vector of 2^N numbers, as the pieces into which it falls.</summary>
/// <param name="Bits">The index bits that it reads or changes.</param>
/// <param name="Active">N at this point: bits of the index in use.</param>
/// <param name="Blocks">The pieces; they act on different numbers, so their order does not matter.</param>
/// <param name="Source">Which of the plan's sources gives the factors; −1 for a constant map.</param>
/// <param name="Guard">The plan's guard, or −1.</param>
/// <param name="IsUnitary">Whether its conjugate transpose undoes it.</param>
internal sealed record LinearStep(nint Bits, int Active, ImmutableArray<LinearBlock> Blocks, int Source, int Guard, bool IsUnitary)
{
    /// <summary>The same in a vector whose index leaves out some bits that it does not touch.</summary>
    public LinearStep Without(nint bits) => new(
        IndexBits.Without(Bits, bits), Active - (int)nint.PopCount(bits), [.. Blocks.Select(block => block.Without(bits))], Source, Guard, IsUnitary);

    /// <summary>Where its pieces begin.</summary>
    public Groups Groups { get; } = new(Bits, Active);
}
