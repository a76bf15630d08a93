// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes;

/// <summary>128 bits of lanes.</summary>
internal readonly unsafe struct Lanes128<T>(Vector128<T> vector) : IAmplitudeLanes<Lanes128<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector128<T> v = vector;

    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> left, Lanes128<T> right) => new(left.v + right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> left, Lanes128<T> right) => new(left.v - right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> left, Lanes128<T> right) => new(left.v * right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> value) => new(-value.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LoadBroadcast(T* address) => Broadcast(*address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) => typeof(T) == typeof(double)
        ? new(Vector128.MultiplyAddEstimate(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>())
        : new(Vector128.MultiplyAddEstimate(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> value) => new(Vector128.Abs(value.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Round(Lanes128<T> value) => typeof(T) == typeof(double)
        ? new(Vector128.Round(value.v.AsDouble()).As<double, T>())
        : new(Vector128.Round(value.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Floor(Lanes128<T> value) => typeof(T) == typeof(double)
        ? new(Vector128.Floor(value.v.AsDouble()).As<double, T>())
        : new(Vector128.Floor(value.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Exceeds(Lanes128<T> left, Lanes128<T> right) => new(Vector128.GreaterThan(left.v, right.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> on, Lanes128<T> off) => new(Vector128.ConditionalSelect(mask.v, on.v, off.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes128<T> mask) => Vector128.ExtractMostSignificantBits(mask.v) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes128<T> value)
    {
        if (typeof(T) == typeof(double))
        {
            return value.v.AsDouble()[0] + value.v.AsDouble()[1];
        }

        var (low, high) = Vector128.Widen(value.v.AsSingle());
        return Lanes128<double>.Sum(new(low + high));
    }

    public static int CountSet(Lanes128<T> mask, int lanes) =>
        BitOperations.PopCount(Vector128.ExtractMostSignificantBits(mask.v) & ((1u << lanes) - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Shuffle(Lanes128<T> value, Lanes128<T> indices) => typeof(T) == typeof(double)
        ? new(Vector128.ShuffleNative(value.v.AsDouble(), indices.v.AsInt64()).As<double, T>())
        : new(Vector128.ShuffleNative(value.v.AsSingle(), indices.v.AsInt32()).As<float, T>());
}
