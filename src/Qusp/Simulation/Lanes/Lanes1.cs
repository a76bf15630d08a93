// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Simulation.Lanes;

/// <summary>A single lane: one sample, one number. Masks are 1 and 0.</summary>
internal readonly unsafe struct Lanes1<T>(T value) : IAmplitudeLanes<Lanes1<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T v = value;

    public T Value => v;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator +(Lanes1<T> left, Lanes1<T> right) => new(left.v + right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator -(Lanes1<T> left, Lanes1<T> right) => new(left.v - right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator *(Lanes1<T> left, Lanes1<T> right) => new(left.v * right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator -(Lanes1<T> value) => new(-value.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Broadcast(T value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> LoadBroadcast(T* address) => Broadcast(*address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> MultiplyAdd(Lanes1<T> a, Lanes1<T> b, Lanes1<T> c) => new(T.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Abs(Lanes1<T> value) => new(T.Abs(value.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Round(Lanes1<T> value) => new(T.Round(value.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Floor(Lanes1<T> value) => new(T.Floor(value.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Exceeds(Lanes1<T> left, Lanes1<T> right) => new(left.v > right.v ? T.One : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Select(Lanes1<T> mask, Lanes1<T> on, Lanes1<T> off) => mask.v != T.Zero ? on : off;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes1<T> mask) => mask.v != T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes1<T> value) => double.CreateTruncating(value.v);

    public static int CountSet(Lanes1<T> mask, int lanes) => lanes > 0 && mask.v != T.Zero ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Shuffle(Lanes1<T> value, Lanes1<T> indices) => value;
}
