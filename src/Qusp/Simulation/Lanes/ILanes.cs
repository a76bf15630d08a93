// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// Several numbers side by side, one a sample: what a kernel computes with. Kernels are written once over it; the width
/// is a type argument, so the compiler makes one kernel for each of 512, 256 and 128 bits and for a single number.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">The number.</typeparam>
internal unsafe interface ILanes<TSelf, T>
    where TSelf : unmanaged, ILanes<TSelf, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many numbers.</summary>
    static abstract int Count { get; }

    static abstract TSelf Broadcast(T value);

    /// <summary>The number at an address in every lane.</summary>
    static abstract TSelf LoadBroadcast(T* address);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf value);

    /// <summary>a·b + c, fused where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Abs(TSelf value);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf value);

    static abstract TSelf Floor(TSelf value);

    /// <summary>A mask of the lanes where left &gt; right; NaN exceeds nothing.</summary>
    static abstract TSelf Exceeds(TSelf left, TSelf right);

    static abstract TSelf Select(TSelf mask, TSelf on, TSelf off);

    /// <summary>Whether a mask holds any lane.</summary>
    static abstract bool Any(TSelf mask);

    /// <summary>How many of the first <paramref name="lanes"/> lanes a mask holds.</summary>
    static abstract int CountSet(TSelf mask, int lanes);

    /// <summary>The sum of all lanes.</summary>
    static abstract double Sum(TSelf value);
}
