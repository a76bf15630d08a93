// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// An affine map of basis-state indices over GF(2), <c>y = Ax ⊕ b</c>: what X, CNOT and SWAP do, and any number of them.
/// Column j of A is the image of bit j.
/// </summary>
internal sealed class IndexMap
{
    private readonly nint[] columns;

    private IndexMap(nint[] columns, nint offset) => (this.columns, Offset) = (columns, offset);

    /// <summary>b, the image of 0.</summary>
    public nint Offset { get; }

    public ReadOnlySpan<nint> Columns => columns;

    public bool IsIdentity => Offset == 0 && columns.Select((column, bit) => column == (nint)1 << bit).All(same => same);

    public static IndexMap Identity(int bits) => new([.. Enumerable.Range(0, bits).Select(bit => (nint)1 << bit)], 0);

    /// <summary>
    /// The exchange of two basis states of one or two wires (every permutation of those is affine); null where more wires
    /// take part, as in a Toffoli gate.
    /// </summary>
    public static IndexMap? OfSwap(in Step step, int bits)
    {
        if (step.Bits.Length > 2)
        {
            return null;
        }

        var (first, second) = (step.Offsets[0], step.Offsets[1]);
        nint Exchange(nint local) => local == first ? second : local == second ? first : local;
        var offset = Exchange(0);
        var columns = Identity(bits).columns;
        foreach (var bit in step.Bits)
        {
            columns[bit] = Exchange((nint)1 << bit) ^ offset;
        }

        return new IndexMap(columns, offset);
    }

    /// <summary>Ax ⊕ b.</summary>
    public nint Apply(nint x) => Linear(x) ^ Offset;

    /// <summary>Ax.</summary>
    public nint Linear(nint x)
    {
        nint y = 0;
        for (; x != 0; x &= x - 1)
        {
            y ^= columns[BitOperations.TrailingZeroCount(x)];
        }

        return y;
    }

    /// <summary>This map, then another.</summary>
    public IndexMap Then(IndexMap next) => new([.. columns.Select(next.Linear)], next.Apply(Offset));

    /// <summary>The mask m with <c>m·x = word·Ax</c> for all x, dots being parities of the common bits.</summary>
    public nint Transposed(nint word)
    {
        nint mask = 0;
        for (var bit = 0; bit < columns.Length; bit++)
        {
            mask |= (nint)Parity(columns[bit] & word) << bit;
        }

        return mask;
    }

    public IndexMap Inverse()
    {
        // Gauss and Jordan: what turns A's columns into unit vectors turns unit vectors into the inverse's columns.
        var (left, right) = (columns.ToArray(), Identity(columns.Length).columns);
        for (var bit = 0; bit < left.Length; bit++)
        {
            var pivot = Array.FindIndex(left, bit, column => ((column >> bit) & 1) != 0);
            (left[bit], left[pivot], right[bit], right[pivot]) = (left[pivot], left[bit], right[pivot], right[bit]);
            for (var other = 0; other < left.Length; other++)
            {
                if (other != bit && ((left[other] >> bit) & 1) != 0)
                {
                    left[other] ^= left[bit];
                    right[other] ^= right[bit];
                }
            }
        }

        var linear = new IndexMap(right, 0);
        return new IndexMap(right, linear.Linear(Offset));
    }

    /// <summary>The parity of an index's bits, 0 or 1.</summary>
    public static int Parity(nint bits) => BitOperations.PopCount((nuint)bits) & 1;
}
