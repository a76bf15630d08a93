// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes;

/// <summary>A single lane: one sample, one number. Masks are 1 and 0.</summary>
internal readonly struct Lanes1<T>(T value) : ILanes<Lanes1<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T v = value;

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
    public static Lanes1<T> MultiplyAdd(Lanes1<T> a, Lanes1<T> b, Lanes1<T> c) => new(T.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Abs(Lanes1<T> value) => new(T.Abs(value.v));

    // The vector algorithm on one number, so that a sample alone gets the same bits as in a batch.
    public static (Lanes1<T> Sin, Lanes1<T> Cos) SinCos(Lanes1<T> angle)
    {
        if (typeof(T) == typeof(double))
        {
            var (sin, cos) = Vector128.SinCos(Vector128.Create(double.CreateTruncating(angle.v)));
            return (new(T.CreateTruncating(sin[0])), new(T.CreateTruncating(cos[0])));
        }
        else
        {
            var (sin, cos) = Vector128.SinCos(Vector128.Create(float.CreateTruncating(angle.v)));
            return (new(T.CreateTruncating(sin[0])), new(T.CreateTruncating(cos[0])));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Exceeds(Lanes1<T> left, Lanes1<T> right) => new(left.v > right.v ? T.One : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Select(Lanes1<T> mask, Lanes1<T> on, Lanes1<T> off) => mask.v != T.Zero ? on : off;

    public static int CountSet(Lanes1<T> mask, int lanes) => lanes > 0 && mask.v != T.Zero ? 1 : 0;
}
