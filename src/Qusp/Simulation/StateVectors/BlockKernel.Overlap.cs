// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// What the derivatives come from.
internal sealed unsafe partial class BlockKernel<V, T>
{
    /// <summary>Adds <c>Σ ψ_r λ_c*</c> of some groups to B, <c>[d, d, 2]</c>; the same groups as <see cref="Apply{F}"/> takes.</summary>
    public void Overlap<F>(Planes<V> state, Planes<V> adjoint, nint first, nint last, Span<double> to, bool isCached)
        where F : IField
    {
        if (!isCached && order.Kind == WalkKind.Asking)
        {
            Overlap<F, AskingWalk>(state, adjoint, first, last, to);
        }
        else
        {
            Overlap<F, SilentWalk>(state, adjoint, first, last, to);
        }
    }

    private void Overlap<F, W>(Planes<V> state, Planes<V> adjoint, nint first, nint last, Span<double> to)
        where F : IField
        where W : struct, IGroupWalk<W>
    {
        var walk = W.From(order, first);
        for (var i = 0; i < apart.Length; i++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var (j, x) = (column / exchanges.Length, column % exchanges.Length);
                var (re, im) = Sum<F, W>(Moved(state, apart[j]), Moved(adjoint, apart[i]), exchanges[x], walk, last - first);
                for (var lane = 0; lane < V.Count; lane++)
                {
                    var (r, c) = (State(j, x, lane), State(i, 0, lane));
                    if (r >= 0 && c >= 0)
                    {
                        to[2 * ((r * size) + c)] += double.CreateTruncating(((T*)&re)[lane]);
                        to[(2 * ((r * size) + c)) + 1] += double.CreateTruncating(((T*)&im)[lane]);
                    }
                }
            }
        }
    }

    private static Planes<V> Moved(Planes<V> planes, nint by) => new(planes.Re + by, planes.Im is null ? null : planes.Im + by);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (V Re, V Im) Sum<F, W>(Planes<V> ket, Planes<V> bra, V exchange, W walk, nint count)
        where F : IField
        where W : struct, IGroupWalk<W>
    {
        V re = default, im = default;
        for (nint k = 0; k < count; k++, walk.Next())
        {
            var start = walk.At;
            var (a, p) = (V.Shuffle(ket.Re[start], exchange), bra.Re[start]);
            re = V.MultiplyAdd(a, p, re);
            if (!F.IsReal)
            {
                var (b, q) = (V.Shuffle(ket.Im[start], exchange), bra.Im[start]);
                re = V.MultiplyAdd(b, q, re);
                im = V.MultiplyAdd(b, p, V.MultiplyAdd(-a, q, im));
            }
        }

        return (re, im);
    }
}
