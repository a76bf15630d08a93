// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes;

/// <summary>256 bits of lanes.</summary>
internal readonly unsafe struct Lanes256<T>(Vector256<T> vector) : IAmplitudeLanes<Lanes256<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector256<T> v = vector;

    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> left, Lanes256<T> right) => new(left.v + right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> left, Lanes256<T> right) => new(left.v - right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> left, Lanes256<T> right) => new(left.v * right.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> value) => new(-value.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Broadcast(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LoadBroadcast(T* address) => Broadcast(*address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) => typeof(T) == typeof(double)
        ? new(Vector256.MultiplyAddEstimate(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>())
        : new(Vector256.MultiplyAddEstimate(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> value) => new(Vector256.Abs(value.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> value) => typeof(T) == typeof(double)
        ? new(Vector256.Round(value.v.AsDouble()).As<double, T>())
        : new(Vector256.Round(value.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Floor(Lanes256<T> value) => typeof(T) == typeof(double)
        ? new(Vector256.Floor(value.v.AsDouble()).As<double, T>())
        : new(Vector256.Floor(value.v.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Exceeds(Lanes256<T> left, Lanes256<T> right) => new(Vector256.GreaterThan(left.v, right.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> on, Lanes256<T> off) => new(Vector256.ConditionalSelect(mask.v, on.v, off.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes256<T> mask) => Vector256.ExtractMostSignificantBits(mask.v) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes256<T> value)
    {
        if (typeof(T) == typeof(double))
        {
            return Lanes128<double>.Sum(new(value.v.AsDouble().GetLower() + value.v.AsDouble().GetUpper()));
        }

        var (low, high) = Vector256.Widen(value.v.AsSingle());
        return Lanes256<double>.Sum(new(low + high));
    }

    public static int CountSet(Lanes256<T> mask, int lanes) =>
        BitOperations.PopCount(Vector256.ExtractMostSignificantBits(mask.v) & ((1u << lanes) - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Shuffle(Lanes256<T> value, Lanes256<T> indices) => typeof(T) == typeof(double)
        ? new(Vector256.ShuffleNative(value.v.AsDouble(), indices.v.AsInt64()).As<double, T>())
        : new(Vector256.ShuffleNative(value.v.AsSingle(), indices.v.AsInt32()).As<float, T>());
}
