// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Rounds of rotations in the reverse sweep: both states go back, and for each rotation the overlap <c>Σ λ_b ψ_a − λ_a ψ_b</c>
/// over its pairs is added up, all while the amplitudes are in registers.
/// </summary>
internal static unsafe class ReverseTurnKernels<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The rotations within a vector; <paramref name="sums"/> receives each one's <c>λ · (ψ exchanged)</c>, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lanes(V* plane, V* dual, nint count, ReadOnlySpan<LaneTurn<V>> turns, int cotangents, V* sums)
    {
        nint i = 0;
        for (; i + 2 <= count; i += 2)
        {
            var (a, b, p, q) = (plane[i], plane[i + 1], dual[i], dual[i + 1]);
            for (var k = 0; k < turns.Length; k++)
            {
                var (other, exchange) = (turns[k].Other, turns[k].Exchange);
                var (c, d) = (V.Shuffle(a, exchange), V.Shuffle(b, exchange));
                sums[k] = V.MultiplyAdd(q, d, V.MultiplyAdd(p, c, sums[k]));
                var (own, second) = k < cotangents ? (turns[k].Own * a, turns[k].Own * b) : (a, b);
                (a, b) = (V.MultiplyAdd(other, c, own), V.MultiplyAdd(other, d, second));
                (c, d) = (V.Shuffle(p, exchange), V.Shuffle(q, exchange));
                (own, second) = k < cotangents ? (turns[k].Own * p, turns[k].Own * q) : (p, q);
                (p, q) = (V.MultiplyAdd(other, c, own), V.MultiplyAdd(other, d, second));
            }

            (plane[i], plane[i + 1], dual[i], dual[i + 1]) = (a, b, p, q);
        }

        for (; i < count; i++)
        {
            var (a, p) = (plane[i], dual[i]);
            for (var k = 0; k < turns.Length; k++)
            {
                var (other, exchange) = (turns[k].Other, turns[k].Exchange);
                var (c, r) = (V.Shuffle(a, exchange), V.Shuffle(p, exchange));
                sums[k] = V.MultiplyAdd(p, c, sums[k]);
                a = V.MultiplyAdd(other, c, k < cotangents ? turns[k].Own * a : a);
                p = V.MultiplyAdd(other, r, k < cotangents ? turns[k].Own * p : p);
            }

            (plane[i], dual[i]) = (a, p);
        }
    }

    /// <summary>A round over the groups <paramref name="first"/> to <paramref name="last"/>; adds to <paramref name="sums"/>, by the round's order.</summary>
    public static void Round(V* plane, V* dual, in TurnRound<T> round, nint first, nint last, V* sums)
    {
        switch (round.Count, round.Cotangents)
        {
            case (1, 0):
                One<Tangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            case (1, _):
                One<Cotangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            case (2, 0):
                Two<Tangent<V, T>, Tangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            case (2, 1):
                Two<Cotangent<V, T>, Tangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            case (2, _):
                Two<Cotangent<V, T>, Cotangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            case (_, 0):
                Three<Tangent<V, T>, Tangent<V, T>, Tangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            case (_, 1):
                Three<Cotangent<V, T>, Tangent<V, T>, Tangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            case (_, 2):
                Three<Cotangent<V, T>, Cotangent<V, T>, Tangent<V, T>>(plane, dual, round, first, last, sums);
                break;
            default:
                Three<Cotangent<V, T>, Cotangent<V, T>, Cotangent<V, T>>(plane, dual, round, first, last, sums);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<A>(V* plane, V* dual, in TurnRound<T> round, nint first, nint last, V* sums)
        where A : ITurnKind<V>
    {
        var (x, bit, t) = ((nint)1 << round.Bits.First, round.Rising.First, V.Broadcast(round.Ratios.First));
        var (plus, minus) = (sums[0], default(V));
        for (var i = first; i < last; i++)
        {
            var start = TurnKernels<V, T>.Spread(i, bit);
            var at = plane + start;
            var on = dual + start;
            var (a, b, p, q) = (at[0], at[x], on[0], on[x]);
            plus = V.MultiplyAdd(q, a, plus);
            minus = V.MultiplyAdd(p, b, minus);
            (at[0], at[x]) = A.Turn(t, a, b);
            (on[0], on[x]) = A.Turn(t, p, q);
        }

        sums[0] = plus - minus;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<A, B>(V* plane, V* dual, in TurnRound<T> round, nint first, nint last, V* sums)
        where A : ITurnKind<V>
        where B : ITurnKind<V>
    {
        var (x, y) = ((nint)1 << round.Bits.First, (nint)1 << round.Bits.Second);
        var (low, high) = (round.Rising.First, round.Rising.Second);
        var (t, u) = (V.Broadcast(round.Ratios.First), V.Broadcast(round.Ratios.Second));
        var (plusX, minusX, plusY, minusY) = (sums[0], default(V), sums[1], default(V));
        for (var i = first; i < last; i++)
        {
            var start = TurnKernels<V, T>.Spread(TurnKernels<V, T>.Spread(i, low), high);
            var at = plane + start;
            var on = dual + start;
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            var (p, q, r, s) = (on[0], on[x], on[y], on[x + y]);
            plusX = V.MultiplyAdd(s, c, V.MultiplyAdd(q, a, plusX));
            minusX = V.MultiplyAdd(r, d, V.MultiplyAdd(p, b, minusX));
            plusY = V.MultiplyAdd(s, b, V.MultiplyAdd(r, a, plusY));
            minusY = V.MultiplyAdd(q, d, V.MultiplyAdd(p, c, minusY));
            Turn<A, B>(at, x, y, t, u, a, b, c, d);
            Turn<A, B>(on, x, y, t, u, p, q, r, s);
        }

        (sums[0], sums[1]) = (plusX - minusX, plusY - minusY);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<A, B, C>(V* plane, V* dual, in TurnRound<T> round, nint first, nint last, V* sums)
        where A : ITurnKind<V>
        where B : ITurnKind<V>
        where C : ITurnKind<V>
    {
        var (x, y, z) = ((nint)1 << round.Bits.First, (nint)1 << round.Bits.Second, (nint)1 << round.Bits.Third);
        var (low, middle, high) = round.Rising;
        var (t, u, v) = (V.Broadcast(round.Ratios.First), V.Broadcast(round.Ratios.Second), V.Broadcast(round.Ratios.Third));
        var (plusX, minusX, plusY, minusY, plusZ, minusZ) = (sums[0], default(V), sums[1], default(V), sums[2], default(V));
        for (var i = first; i < last; i++)
        {
            var start = TurnKernels<V, T>.Spread(TurnKernels<V, T>.Spread(TurnKernels<V, T>.Spread(i, low), middle), high);
            var at = plane + start;
            var on = dual + start;
            var top = at + z;
            var up = on + z;
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            var (e, f, g, h) = (top[0], top[x], top[y], top[x + y]);
            var (p, q, r, s) = (on[0], on[x], on[y], on[x + y]);
            var (k, l, m, n) = (up[0], up[x], up[y], up[x + y]);
            plusX = V.MultiplyAdd(n, g, V.MultiplyAdd(l, e, V.MultiplyAdd(s, c, V.MultiplyAdd(q, a, plusX))));
            minusX = V.MultiplyAdd(m, h, V.MultiplyAdd(k, f, V.MultiplyAdd(r, d, V.MultiplyAdd(p, b, minusX))));
            plusY = V.MultiplyAdd(n, f, V.MultiplyAdd(m, e, V.MultiplyAdd(s, b, V.MultiplyAdd(r, a, plusY))));
            minusY = V.MultiplyAdd(l, h, V.MultiplyAdd(k, g, V.MultiplyAdd(q, d, V.MultiplyAdd(p, c, minusY))));
            plusZ = V.MultiplyAdd(n, d, V.MultiplyAdd(m, c, V.MultiplyAdd(l, b, V.MultiplyAdd(k, a, plusZ))));
            minusZ = V.MultiplyAdd(s, h, V.MultiplyAdd(r, g, V.MultiplyAdd(q, f, V.MultiplyAdd(p, e, minusZ))));
            (a, e) = C.Turn(v, a, e);
            (b, f) = C.Turn(v, b, f);
            (c, g) = C.Turn(v, c, g);
            (d, h) = C.Turn(v, d, h);
            Turn<A, B>(at, x, y, t, u, a, b, c, d);
            Turn<A, B>(top, x, y, t, u, e, f, g, h);
            (p, k) = C.Turn(v, p, k);
            (q, l) = C.Turn(v, q, l);
            (r, m) = C.Turn(v, r, m);
            (s, n) = C.Turn(v, s, n);
            Turn<A, B>(on, x, y, t, u, p, q, r, s);
            Turn<A, B>(up, x, y, t, u, k, l, m, n);
        }

        (sums[0], sums[1], sums[2]) = (plusX - minusX, plusY - minusY, plusZ - minusZ);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<A, B>(V* at, nint x, nint y, V t, V u, V a, V b, V c, V d)
        where A : ITurnKind<V>
        where B : ITurnKind<V>
    {
        (a, b) = A.Turn(t, a, b);
        (c, d) = A.Turn(t, c, d);
        (a, c) = B.Turn(u, a, c);
        (b, d) = B.Turn(u, b, d);
        (at[0], at[x], at[y], at[x + y]) = (a, b, c, d);
    }
}
