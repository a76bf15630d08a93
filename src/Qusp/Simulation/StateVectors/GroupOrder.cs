// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Simulation.StateVectors;

/// <summary>What to ask memory for.</summary>
internal enum WalkKind
{
    /// <summary>Nothing.</summary>
    Silent,

    /// <summary>All vectors in rising order, as the groups need all and soon.</summary>
    Rising,

    /// <summary>What a later group needs.</summary>
    Asking,
}

/// <summary>
/// The order of the groups of a block in memory. Where vectors close to one another are left out, as by a control on a low wire, the processor
/// guesses wrong and fetches much that nobody wants; so there the groups of a page of 64 vectors come at one distance from each other, twice as far as
/// what is left out: the low bits of the index are turned.
/// </summary>
internal readonly struct GroupOrder
{
    private const int PageBits = 6;
    private const int GuessedBits = 3; // vectors left out at a distance of up to 2^2 lead the processor astray, as measured
    private const nint Page = (1 << PageBits) - 1;
    private const int Nearest = 4; // vectors between those of a group, below which the processor sees by itself what comes, as measured
    private const int Farthest = 1024; // beyond, what is asked for in rising order would leave the cache before its turn, as measured
    private const int Lead = 64; // vectors of a plane on their way from memory
    private const int TurnedLead = 32;
    private const int RisingLead = 128;

    /// <param name="within">The bits of the index of a vector that tell the vectors of a group apart.</param>
    /// <param name="apart">The group's vectors, from its start.</param>
    public GroupOrder(nint within, nint[] apart)
    {
        Within = within;
        nint LeftOut(int bit) => within & ((nint)1 << bit) & (apart.Any(vector => !apart.Contains(vector ^ ((nint)1 << bit))) ? -1 : 0);
        var leftOut = Enumerable.Range(0, GuessedBits).Aggregate((nint)0, (bits, bit) => bits | LeftOut(bit));
        Turn = leftOut == 0 ? 0 : BitOperations.TrailingZeroCount(leftOut) + 1;
        Turned = Index(within, PageBits - Turn);
        Vectors = apart.Length;
        Ahead = Math.Max(1, (Turn == 0 ? Lead : TurnedLead) / Vectors);
        var isWhole = Vectors == 1 << BitOperations.PopCount((nuint)within);
        var distance = within == 0 ? 0 : (nint)1 << BitOperations.Log2((nuint)within);
        Kind = !isWhole || distance > Farthest ? WalkKind.Asking : distance < Nearest ? WalkKind.Silent : WalkKind.Rising;
        AheadInVectors = distance + RisingLead;
    }

    /// <summary>The bits of the index of a vector that tell the vectors of a group apart.</summary>
    public nint Within { get; }

    /// <summary>The same bits in a turned index.</summary>
    public nint Turned { get; }

    /// <summary>By how many places the bits of a place in a page are turned.</summary>
    public int Turn { get; }

    /// <summary>How many vectors a group has.</summary>
    public int Vectors { get; }

    /// <summary>How to walk where memory is the limit.</summary>
    public WalkKind Kind { get; }

    /// <summary>How many groups to ask ahead.</summary>
    public nint Ahead { get; }

    /// <summary>How many vectors to ask ahead if all are asked for in rising order.</summary>
    public nint AheadInVectors { get; }

    /// <summary>The index of a vector, given its turned index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Index(nint turned, int turn) => (turned & ~Page) | ((turned << turn) & Page) | ((turned & Page) >> (PageBits - turn));

    /// <summary>The index where a group starts: its number, spread over the bits that are not its own.</summary>
    public static nint Start(nint within, nint group)
    {
        for (var own = within; own != 0; own &= own - 1)
        {
            var bit = BitOperations.TrailingZeroCount(own);
            group = ((group >> bit) << (bit + 1)) | (group & (((nint)1 << bit) - 1));
        }

        return group;
    }

    /// <summary>Where the next group starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Next(nint within, nint start) => ((start | within) + 1) & ~within;
}
