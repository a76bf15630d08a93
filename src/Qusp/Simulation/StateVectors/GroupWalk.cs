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

    /// <summary>Has a vector of a later group brought from memory, in both planes.</summary>
    unsafe void Ask<V, F>(V* re, V* im, nint vector)
        where V : unmanaged
        where F : IField;
}

/// <summary>In rising order, for a state or a part of one that is in a cache: nothing but the work itself takes time there.</summary>
internal struct CachedWalk : IGroupWalk<CachedWalk>
{
    private nint within;

    public nint At { get; private set; }

    public static CachedWalk From(in GroupOrder order, nint first) => new() { within = order.Within, At = GroupOrder.Start(order.Within, first) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next() => At = GroupOrder.Next(within, At);

    public readonly unsafe void Ask<V, F>(V* re, V* im, nint vector)
        where V : unmanaged
        where F : IField
    {
    }
}

/// <summary>In the order that memory likes best, asking it early.</summary>
internal struct MemoryWalk : IGroupWalk<MemoryWalk>
{
    private nint within;
    private int turn;
    private bool asks;
    private nint start;
    private nint ahead;

    public readonly nint At
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => GroupOrder.Index(start, turn);
    }

    public static MemoryWalk From(in GroupOrder order, nint first) => new()
    {
        within = order.Turned,
        turn = order.Turn,
        asks = order.Ahead > 0 && Sse.IsSupported,
        start = GroupOrder.Start(order.Turned, first),
        ahead = GroupOrder.Start(order.Turned, first + order.Ahead),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next() => (start, ahead) = (GroupOrder.Next(within, start), GroupOrder.Next(within, ahead));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void Ask<V, F>(V* re, V* im, nint vector)
        where V : unmanaged
        where F : IField
    {
        if (!asks)
        {
            return;
        }

        var at = GroupOrder.Index(ahead, turn) + vector;
        Sse.Prefetch0(re + at);
        if (!F.IsReal)
        {
            Sse.Prefetch0(im + at);
        }
    }
}
