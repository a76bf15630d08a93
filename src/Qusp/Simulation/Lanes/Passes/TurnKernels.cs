// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Simulation.Lanes;

/// <summary>Real rotations of one, two or three wires while their amplitudes are in registers.</summary>
/// <param name="wires">n.</param>
/// <param name="low">The lowest bit; the others rise.</param>
/// <param name="middle">The second bit, if there are two.</param>
/// <param name="high">The third bit, if there are three.</param>
internal readonly unsafe struct TurnKernels<V, T>(int wires, int low, int middle, int high)
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many wires one kernel turns.</summary>
    public const int Most = 3;

    private readonly nint x = (nint)1 << low;
    private readonly nint y = (nint)1 << middle;
    private readonly nint z = (nint)1 << high;

    /// <summary>Turns one plane.</summary>
    /// <param name="plane"><c>[2^n]</c>.</param>
    /// <param name="turns">Cosine and sine for each bit.</param>
    /// <param name="count">How many bits.</param>
    public void Apply(V* plane, (V Cos, V Sin)* turns, int count)
    {
        switch (count)
        {
            case 1: Apply1(plane, turns[0]); break;
            case 2: Apply2(plane, turns[0], turns[1]); break;
            default: Apply3(plane, turns[0], turns[1], turns[2]); break;
        }
    }

    /// <summary>Takes a plane of the state and of its adjoint back before the turns and adds each turn's <c>Σ λ·Dψ</c>, D = [[0, −1], [1, 0]].</summary>
    public void Reverse(V* plane, V* dual, (V Cos, V Sin)* turns, V* gradients, int count)
    {
        switch (count)
        {
            case 1: Reverse1(plane, dual, turns[0], gradients); break;
            case 2: Reverse2(plane, dual, turns[0], turns[1], gradients); break;
            default: Reverse3(plane, dual, turns[0], turns[1], turns[2], gradients); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V First((V Cos, V Sin) turn, V a, V b) => V.MultiplyAdd(turn.Cos, a, -(turn.Sin * b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Second((V Cos, V Sin) turn, V a, V b) => V.MultiplyAdd(turn.Cos, b, turn.Sin * a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Back1((V Cos, V Sin) turn, V a, V b) => V.MultiplyAdd(turn.Cos, a, turn.Sin * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Back2((V Cos, V Sin) turn, V a, V b) => V.MultiplyAdd(turn.Cos, b, -(turn.Sin * a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Overlap(V sum, V a, V b, V p, V q) => V.MultiplyAdd(q, a, V.MultiplyAdd(-p, b, sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Spread(nint index, int bit) => ((index >> bit) << (bit + 1)) | (index & (((nint)1 << bit) - 1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply1(V* plane, (V Cos, V Sin) t)
    {
        var groups = (nint)1 << (wires - 1);
        for (nint g = 0; g < groups; g++)
        {
            var at = plane + Spread(g, low);
            var (a, b) = (at[0], at[x]);
            at[0] = First(t, a, b);
            at[x] = Second(t, a, b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply2(V* plane, (V Cos, V Sin) t, (V Cos, V Sin) u)
    {
        var groups = (nint)1 << (wires - 2);
        for (nint g = 0; g < groups; g++)
        {
            var at = plane + Spread(Spread(g, low), middle);
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            (a, b) = (First(t, a, b), Second(t, a, b));
            (c, d) = (First(t, c, d), Second(t, c, d));
            at[0] = First(u, a, c);
            at[y] = Second(u, a, c);
            at[x] = First(u, b, d);
            at[x + y] = Second(u, b, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply3(V* plane, (V Cos, V Sin) t, (V Cos, V Sin) u, (V Cos, V Sin) v)
    {
        var groups = (nint)1 << (wires - 3);
        for (nint i = 0; i < groups; i++)
        {
            var at = plane + Spread(Spread(Spread(i, low), middle), high);
            var top = at + z;
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            var (e, f, g, h) = (top[0], top[x], top[y], top[x + y]);
            (a, b) = (First(t, a, b), Second(t, a, b));
            (c, d) = (First(t, c, d), Second(t, c, d));
            (e, f) = (First(t, e, f), Second(t, e, f));
            (g, h) = (First(t, g, h), Second(t, g, h));
            (a, c) = (First(u, a, c), Second(u, a, c));
            (b, d) = (First(u, b, d), Second(u, b, d));
            (e, g) = (First(u, e, g), Second(u, e, g));
            (f, h) = (First(u, f, h), Second(u, f, h));
            at[0] = First(v, a, e);
            top[0] = Second(v, a, e);
            at[x] = First(v, b, f);
            top[x] = Second(v, b, f);
            at[y] = First(v, c, g);
            top[y] = Second(v, c, g);
            at[x + y] = First(v, d, h);
            top[x + y] = Second(v, d, h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reverse1(V* plane, V* dual, (V Cos, V Sin) t, V* gradients)
    {
        var sum = gradients[0];
        var groups = (nint)1 << (wires - 1);
        for (nint i = 0; i < groups; i++)
        {
            var at = plane + Spread(i, low);
            var on = dual + Spread(i, low);
            var (a, b, p, q) = (at[0], at[x], on[0], on[x]);
            sum = Overlap(sum, a, b, p, q);
            at[0] = Back1(t, a, b);
            at[x] = Back2(t, a, b);
            on[0] = Back1(t, p, q);
            on[x] = Back2(t, p, q);
        }

        gradients[0] = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reverse2(V* plane, V* dual, (V Cos, V Sin) t, (V Cos, V Sin) u, V* gradients)
    {
        var (first, second) = (gradients[0], gradients[1]);
        var groups = (nint)1 << (wires - 2);
        for (nint i = 0; i < groups; i++)
        {
            var start = Spread(Spread(i, low), middle);
            var at = plane + start;
            var on = dual + start;
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            var (p, q, r, s) = (on[0], on[x], on[y], on[x + y]);
            first = Overlap(Overlap(first, a, b, p, q), c, d, r, s);
            second = Overlap(Overlap(second, a, c, p, r), b, d, q, s);
            Back(at, a, b, c, d, t, u);
            Back(on, p, q, r, s, t, u);
        }

        (gradients[0], gradients[1]) = (first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Back(V* at, V a, V b, V c, V d, (V Cos, V Sin) t, (V Cos, V Sin) u)
    {
        (a, b) = (Back1(t, a, b), Back2(t, a, b));
        (c, d) = (Back1(t, c, d), Back2(t, c, d));
        at[0] = Back1(u, a, c);
        at[y] = Back2(u, a, c);
        at[x] = Back1(u, b, d);
        at[x + y] = Back2(u, b, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reverse3(V* plane, V* dual, (V Cos, V Sin) t, (V Cos, V Sin) u, (V Cos, V Sin) v, V* gradients)
    {
        var (first, second, third) = (gradients[0], gradients[1], gradients[2]);
        var groups = (nint)1 << (wires - 3);
        for (nint i = 0; i < groups; i++)
        {
            var start = Spread(Spread(Spread(i, low), middle), high);
            var at = plane + start;
            var on = dual + start;
            var top = at + z;
            var up = on + z;
            var (a, b, c, d) = (at[0], at[x], at[y], at[x + y]);
            var (e, f, g, h) = (top[0], top[x], top[y], top[x + y]);
            var (p, q, r, s) = (on[0], on[x], on[y], on[x + y]);
            var (k, l, m, n) = (up[0], up[x], up[y], up[x + y]);
            first = Overlap(Overlap(Overlap(Overlap(first, a, b, p, q), c, d, r, s), e, f, k, l), g, h, m, n);
            second = Overlap(Overlap(Overlap(Overlap(second, a, c, p, r), b, d, q, s), e, g, k, m), f, h, l, n);
            third = Overlap(Overlap(Overlap(Overlap(third, a, e, p, k), b, f, q, l), c, g, r, m), d, h, s, n);
            (a, e) = (Back1(v, a, e), Back2(v, a, e));
            (b, f) = (Back1(v, b, f), Back2(v, b, f));
            (c, g) = (Back1(v, c, g), Back2(v, c, g));
            (d, h) = (Back1(v, d, h), Back2(v, d, h));
            Back(at, a, b, c, d, t, u);
            Back(top, e, f, g, h, t, u);
            (p, k) = (Back1(v, p, k), Back2(v, p, k));
            (q, l) = (Back1(v, q, l), Back2(v, q, l));
            (r, m) = (Back1(v, r, m), Back2(v, r, m));
            (s, n) = (Back1(v, s, n), Back2(v, s, n));
            Back(on, p, q, r, s, t, u);
            Back(up, k, l, m, n, t, u);
        }

        (gradients[0], gradients[1], gradients[2]) = (first, second, third);
    }
}
