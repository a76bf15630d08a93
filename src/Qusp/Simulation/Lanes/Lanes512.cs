// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes;

/// <summary>512 bits of lanes.</summary>
internal readonly unsafe struct Lanes512<T>(Vector512<T> vector) : IAmplitudeLanes<Lanes512<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector512<T> v = vector;

    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> left, Lanes512<T> right) => new(left.v + right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> left, Lanes512<T> right) => new(left.v - right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> left, Lanes512<T> right) => new(left.v * right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> value) => new(-value.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LoadBroadcast(T* address) => Broadcast(*address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) => typeof(T) == typeof(double)
        ? new(Vector512.MultiplyAddEstimate(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>())
        : new(Vector512.MultiplyAddEstimate(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> value) => new(Vector512.Abs(value.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> value) => typeof(T) == typeof(double)
        ? new(Vector512.Round(value.v.AsDouble()).As<double, T>())
        : new(Vector512.Round(value.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Floor(Lanes512<T> value) => typeof(T) == typeof(double)
        ? new(Vector512.Floor(value.v.AsDouble()).As<double, T>())
        : new(Vector512.Floor(value.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Exceeds(Lanes512<T> left, Lanes512<T> right) => new(Vector512.GreaterThan(left.v, right.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> on, Lanes512<T> off) => new(Vector512.ConditionalSelect(mask.v, on.v, off.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes512<T> mask) => Vector512.ExtractMostSignificantBits(mask.v) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes512<T> value)
    {
        if (typeof(T) == typeof(double))
        {
            return Lanes256<double>.Sum(new(value.v.AsDouble().GetLower() + value.v.AsDouble().GetUpper()));
        }

        var (low, high) = Vector512.Widen(value.v.AsSingle());
        return Lanes512<double>.Sum(new(low + high));
    }

    public static int CountSet(Lanes512<T> mask, int lanes) =>
        BitOperations.PopCount(Vector512.ExtractMostSignificantBits(mask.v) & ((1u << lanes) - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Shuffle(Lanes512<T> value, Lanes512<T> indices) => typeof(T) == typeof(double)
        ? new(Vector512.ShuffleNative(value.v.AsDouble(), indices.v.AsInt64()).As<double, T>())
        : new(Vector512.ShuffleNative(value.v.AsSingle(), indices.v.AsInt32()).As<float, T>());
}
