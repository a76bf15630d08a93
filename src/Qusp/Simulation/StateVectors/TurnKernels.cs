// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>One half of a <see cref="ScaledTurn"/>, a type argument so that a round of given kinds is straight code.</summary>
internal interface ITurnKind<V>
{
    static abstract (V A, V B) Turn(V ratio, V a, V b);
}

internal readonly struct Tangent<V, T> : ITurnKind<V>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V A, V B) Turn(V ratio, V a, V b) => (V.MultiplyAdd(-ratio, b, a), V.MultiplyAdd(ratio, a, b));
}

internal readonly struct Cotangent<V, T> : ITurnKind<V>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V A, V B) Turn(V ratio, V a, V b) => (V.MultiplyAdd(ratio, a, -b), V.MultiplyAdd(ratio, b, a));
}

/// <summary>Rounds of rotations over one plane of amplitudes.</summary>
internal static unsafe class TurnKernels<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The rotations within a vector, for <paramref name="count"/> vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lanes(V* plane, nint count, ReadOnlySpan<LaneTurn<V>> turns, int cotangents)
    {
        nint i = 0;
        for (; i + 4 <= count; i += 4)
        {
            var (a, b, c, d) = (plane[i], plane[i + 1], plane[i + 2], plane[i + 3]);
            for (var k = 0; k < cotangents; k++)
            {
                var (own, other, exchange) = (turns[k].Own, turns[k].Other, turns[k].Exchange);
                a = V.MultiplyAdd(own, a, other * V.Shuffle(a, exchange));
                b = V.MultiplyAdd(own, b, other * V.Shuffle(b, exchange));
                c = V.MultiplyAdd(own, c, other * V.Shuffle(c, exchange));
                d = V.MultiplyAdd(own, d, other * V.Shuffle(d, exchange));
            }

            for (var k = cotangents; k < turns.Length; k++)
            {
                var (other, exchange) = (turns[k].Other, turns[k].Exchange);
                a = V.MultiplyAdd(other, V.Shuffle(a, exchange), a);
                b = V.MultiplyAdd(other, V.Shuffle(b, exchange), b);
                c = V.MultiplyAdd(other, V.Shuffle(c, exchange), c);
                d = V.MultiplyAdd(other, V.Shuffle(d, exchange), d);
            }

            (plane[i], plane[i + 1], plane[i + 2], plane[i + 3]) = (a, b, c, d);
        }

        for (; i < count; i++)
        {
            plane[i] = Lanes(plane[i], turns, cotangents);
        }
    }

    /// <summary>The rotations within one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Lanes(V a, ReadOnlySpan<LaneTurn<V>> turns, int cotangents)
    {
        for (var k = 0; k < turns.Length; k++)
        {
            a = V.MultiplyAdd(turns[k].Other, V.Shuffle(a, turns[k].Exchange), k < cotangents ? turns[k].Own * a : a);
        }

        return a;
    }

    /// <summary>A round over the groups <paramref name="first"/> to <paramref name="last"/> of 2^count vectors each.</summary>
    public static void Round(V* plane, in TurnRound<T> round, nint first, nint last)
    {
        switch (round.Count, round.Cotangents)
        {
            case (1, 0):
                One<Tangent<V, T>>(plane, round, first, last);
                break;
            case (1, _):
                One<Cotangent<V, T>>(plane, round, first, last);
                break;
            case (2, 0):
                Two<Tangent<V, T>, Tangent<V, T>>(plane, round, first, last);
                break;
            case (2, 1):
                Two<Cotangent<V, T>, Tangent<V, T>>(plane, round, first, last);
                break;
            case (2, _):
                Two<Cotangent<V, T>, Cotangent<V, T>>(plane, round, first, last);
                break;
            case (_, 0):
                Three<Tangent<V, T>, Tangent<V, T>, Tangent<V, T>>(plane, round, first, last);
                break;
            case (_, 1):
                Three<Cotangent<V, T>, Tangent<V, T>, Tangent<V, T>>(plane, round, first, last);
                break;
            case (_, 2):
                Three<Cotangent<V, T>, Cotangent<V, T>, Tangent<V, T>>(plane, round, first, last);
                break;
            default:
                Three<Cotangent<V, T>, Cotangent<V, T>, Cotangent<V, T>>(plane, round, first, last);
                break;
        }
    }

    /// <summary>A number's bits spread so that the given bit is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Spread(nint index, int bit) => ((index >> bit) << (bit + 1)) | (index & (((nint)1 << bit) - 1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<A>(V* plane, in TurnRound<T> round, nint first, nint last)
        where A : ITurnKind<V>
    {
        var (x, bit, t) = ((nint)1 << round.Bits.First, round.Rising.First, V.Broadcast(round.Ratios.First));
        for (var i = first; i < last; i++)
        {
            var at = plane + Spread(i, bit);
            (at[0], at[x]) = A.Turn(t, at[0], at[x]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<A, B>(V* plane, in TurnRound<T> round, nint first, nint last)
        where A : ITurnKind<V>
        where B : ITurnKind<V>
    {
        var (x, y) = ((nint)1 << round.Bits.First, (nint)1 << round.Bits.Second);
        var (low, high) = (round.Rising.First, round.Rising.Second);
        var (t, u) = (V.Broadcast(round.Ratios.First), V.Broadcast(round.Ratios.Second));
        for (var i = first; i < last; i++)
        {
            var at = plane + Spread(Spread(i, low), high);
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            (a, b) = A.Turn(t, a, b);
            (c, d) = A.Turn(t, c, d);
            (a, c) = B.Turn(u, a, c);
            (b, d) = B.Turn(u, b, d);
            (at[0], at[x], at[y], at[x + y]) = (a, b, c, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<A, B, C>(V* plane, in TurnRound<T> round, nint first, nint last)
        where A : ITurnKind<V>
        where B : ITurnKind<V>
        where C : ITurnKind<V>
    {
        var (x, y, z) = ((nint)1 << round.Bits.First, (nint)1 << round.Bits.Second, (nint)1 << round.Bits.Third);
        var (low, middle, high) = round.Rising;
        var (t, u, v) = (V.Broadcast(round.Ratios.First), V.Broadcast(round.Ratios.Second), V.Broadcast(round.Ratios.Third));
        for (var i = first; i < last; i++)
        {
            var at = plane + Spread(Spread(Spread(i, low), middle), high);
            var top = at + z;
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            var (e, f, g, h) = (top[0], top[x], top[y], top[x + y]);
            (a, b) = A.Turn(t, a, b);
            (c, d) = A.Turn(t, c, d);
            (e, f) = A.Turn(t, e, f);
            (g, h) = A.Turn(t, g, h);
            (a, c) = B.Turn(u, a, c);
            (b, d) = B.Turn(u, b, d);
            (e, g) = B.Turn(u, e, g);
            (f, h) = B.Turn(u, f, h);
            (a, e) = C.Turn(v, a, e);
            (b, f) = C.Turn(v, b, f);
            (c, g) = C.Turn(v, c, g);
            (d, h) = C.Turn(v, d, h);
            (at[0], at[x], at[y], at[x + y]) = (a, b, c, d);
            (top[0], top[x], top[y], top[x + y]) = (e, f, g, h);
        }
    }
}
