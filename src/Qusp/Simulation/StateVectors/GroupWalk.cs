// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>The groups of a block, one after the other.</summary>
internal interface IGroupWalk<TSelf>
    where TSelf : struct, IGroupWalk<TSelf>
{
    /// <summary>The vector where the group starts.</summary>
    nint At { get; }

    static abstract TSelf From(in GroupOrder order, nint first);

    void Next();

    /// <summary>Has a vector that comes later brought from memory, in both planes.</summary>
    /// <param name="re">The state's real parts.</param>
    /// <param name="im">Its imaginary parts.</param>
    /// <param name="row">Which vector of a group.</param>
    /// <param name="vector">The same, from the group's start.</param>
    unsafe void Ask<V, F>(V* re, V* im, int row, nint vector)
        where V : unmanaged
        where F : IField;
}

/// <summary>In rising order without a word to memory: for what is in a cache, where nothing but the work itself takes time, and what the processor foresees.</summary>
internal struct SilentWalk : IGroupWalk<SilentWalk>
{
    private nint within;

    public nint At { get; private set; }

    public static SilentWalk From(in GroupOrder order, nint first) => new() { within = order.Within, At = GroupOrder.Start(order.Within, first) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next() => At = GroupOrder.Next(within, At);

    public readonly unsafe void Ask<V, F>(V* re, V* im, int row, nint vector)
        where V : unmanaged
        where F : IField
    {
    }
}

/// <summary>In rising order, asking for all vectors in rising order: as many as the group has, each time.</summary>
internal struct RisingWalk : IGroupWalk<RisingWalk>
{
    private nint within;
    private nint vectors;
    private nint ahead;

    public nint At { get; private set; }

    public static RisingWalk From(in GroupOrder order, nint first) => new()
    {
        within = order.Within,
        vectors = order.Vectors,
        ahead = (first * order.Vectors) + order.AheadInVectors,
        At = GroupOrder.Start(order.Within, first),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next() => (At, ahead) = (GroupOrder.Next(within, At), ahead + vectors);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void Ask<V, F>(V* re, V* im, int row, nint vector)
        where V : unmanaged
        where F : IField => Memory.Ask<V, F>(re, im, ahead + row);
}

/// <summary>In the order that memory likes best, asking for what a later group needs.</summary>
internal struct AskingWalk : IGroupWalk<AskingWalk>
{
    private nint within;
    private int turn;
    private nint start;
    private nint ahead;

    public readonly nint At
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => GroupOrder.Index(start, turn);
    }

    public static AskingWalk From(in GroupOrder order, nint first) => new()
    {
        within = order.Turned,
        turn = order.Turn,
        start = GroupOrder.Start(order.Turned, first),
        ahead = GroupOrder.Start(order.Turned, first + order.Ahead),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next() => (start, ahead) = (GroupOrder.Next(within, start), GroupOrder.Next(within, ahead));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void Ask<V, F>(V* re, V* im, int row, nint vector)
        where V : unmanaged
        where F : IField => Memory.Ask<V, F>(re, im, GroupOrder.Index(ahead, turn) + vector);
}

/// <summary>Asks for a vector in both planes; an address outside of the state is no fault. Nothing where the processor takes no such wishes.</summary>
internal static class Memory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Ask<V, F>(V* re, V* im, nint vector)
        where V : unmanaged
        where F : IField
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        Sse.Prefetch0(re + vector);
        if (!F.IsReal)
        {
            Sse.Prefetch0(im + vector);
        }
    }
}
