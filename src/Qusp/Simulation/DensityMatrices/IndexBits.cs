// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.DensityMatrices;

/// <summary>Sets of the bits of an index, as masks.</summary>
internal static class IndexBits
{
    /// <summary>The bits at these positions.</summary>
    public static nint At(IEnumerable<int> positions) => positions.Aggregate((nint)0, (bits, position) => bits | ((nint)1 << position));

    /// <summary>An index without some of its bits, the others moved together.</summary>
    public static nint Without(nint index, nint bits)
    {
        for (var moved = 0; bits != 0; bits &= bits - 1, moved++)
        {
            var below = (nint)1 << ((int)nint.TrailingZeroCount(bits) - moved);
            index = (index & (below - 1)) | ((index >> 1) & -below);
        }

        return index;
    }

    /// <summary>The setting of some bits that has a number.</summary>
    public static nint Setting(int number, nint bits)
    {
        nint index = 0;
        for (; number > 0; number >>= 1, bits &= bits - 1)
        {
            index |= (number & 1) == 1 ? bits & -bits : 0;
        }

        return index;
    }
}

/// <summary>The settings of the index bits that something leaves alone: where each starts.</summary>
/// <param name="Touched">The other bits.</param>
/// <param name="Active">How many bits of the index are in use.</param>
internal readonly record struct Groups(nint Touched, int Active)
{
    /// <summary>How many neighbours there are at least.</summary>
    public nint Run { get; } = (nint)1 << Math.Min(Active, (int)nint.TrailingZeroCount(Touched));

    /// <summary>The same for numbers taken 2^<paramref name="shift"/> at a time, of which it mixes none.</summary>
    public Groups Wider(int shift) => new(Touched >> shift, Active - shift);
}
