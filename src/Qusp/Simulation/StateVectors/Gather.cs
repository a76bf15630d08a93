// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Moves amplitudes by an affine map of their indices and multiplies them by phases: <c>to[y] = phase[y] · from[source(y)]</c>.
/// The lanes of a vector come from 1, 2, 4 or 8 vectors, whatever the state's size: from one by the map's low columns,
/// which it exchanges, and from as many as the images of the lanes' bits differ in high bits.
/// </summary>
internal sealed unsafe class Gather<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IndexMap source;
    private readonly int bits;
    private readonly nint[] steps; // what index y + Count changes in source(y), by the number of carries
    private readonly nint[] apart; // the source vectors, relative to the first
    private readonly nint partner; // the bits of y by which those who share two sources differ
    private readonly V[] from; // which of them a lane comes from, as masks
    private readonly V[] indices; // by the low bits of source(y)

    /// <param name="source">Where each amplitude comes from.</param>
    /// <param name="words">The phases, by the amplitude's new index.</param>
    /// <param name="bits">n.</param>
    /// <param name="memory">Where the phases' tables are.</param>
    public Gather(IndexMap source, IEnumerable<PhaseWord> words, int bits, PhaseMemory<T> memory)
    {
        (this.source, this.bits) = (source, bits);
        IsInPlace = source.IsIdentity;
        Table = new PhaseTable<V, T>(words, bits, memory);
        HasPhases = words.Any();
        var laneBits = LaneConstants<V, T>.Bits;
        nint step = 0;
        steps = [.. Enumerable.Range(laneBits, bits - laneBits).Select(bit => step ^= source.Columns[bit])];
        nint Image(int lane) => source.Linear(lane);
        apart = [.. Enumerable.Range(0, V.Count).Select(lane => Image(lane) >> laneBits).Distinct()];
        partner = apart.Length == 2 ? source.Inverse().Linear(apart[1] << laneBits) : 0;
        from = [.. apart.Select(vector => LaneConstants<V, T>.Mask(lane => Image(lane) >> laneBits == vector))];
        indices = [.. Enumerable.Range(0, V.Count).Select(low => LaneConstants<V, T>.Indices(lane => (int)(Image(lane) & (V.Count - 1)) ^ low))];
    }

    /// <summary>Whether amplitudes stay where they are, so that <c>to</c> and <c>from</c> may be the same.</summary>
    public bool IsInPlace { get; }

    public bool HasPhases { get; }

    public PhaseTable<V, T> Table { get; }

    /// <summary>
    /// The block of 2^<paramref name="blockBits"/> amplitudes to move as the <paramref name="k"/>th: those that come from the same
    /// two places follow one another, so that the second finds them in the cache.
    /// </summary>
    public nint BlockAt(nint k, int blockBits)
    {
        var apart = partner >> blockBits;
        return apart == 0 ? k : TurnKernels<V, T>.Spread(k >> 1, BitOperations.TrailingZeroCount(apart)) ^ ((k & 1) * apart);
    }

    /// <summary>Moves blocks of 2^<see cref="PhaseTable{V, T}.LowBits"/> amplitudes.</summary>
    /// <param name="to">The new planes.</param>
    /// <param name="old">The old ones.</param>
    /// <param name="first">The first block.</param>
    /// <param name="last">The one after the last.</param>
    /// <param name="scale">A factor, where there are no phases.</param>
    /// <param name="scratch">As much as the table asks for.</param>
    public void Run<F>(Planes<V> to, Planes<V> old, nint first, nint last, T scale, T* scratch)
        where F : IField
    {
        for (var block = first; block < last; block++)
        {
            switch (apart.Length)
            {
                case 1:
                    Block<F, OneSource>(to, old, block, scale, scratch);
                    break;
                case 2:
                    Block<F, TwoSources>(to, old, block, scale, scratch);
                    break;
                default:
                    Block<F, ManySources>(to, old, block, scale, scratch);
                    break;
            }
        }
    }

    private void Block<F, S>(Planes<V> to, Planes<V> old, nint block, T scale, T* scratch)
        where F : IField
        where S : ISources
    {
        if (!HasPhases)
        {
            Block<F, S, NoPhase>(to, old, block, null, scale, T.Zero);
        }
        else if (Table.HasHigh)
        {
            var (re, im) = Table.High(block);
            Block<F, S, TwoPhases>(to, old, block, Table.Low(block, scratch), re, im);
        }
        else
        {
            Block<F, S, OnePhase>(to, old, block, Table.Low(block, scratch), T.One, T.Zero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block<F, S, P>(Planes<V> to, Planes<V> old, nint block, T* low, T re, T im)
        where F : IField
        where S : ISources
        where P : IPhases
    {
        var laneBits = LaneConstants<V, T>.Bits;
        var count = (nint)1 << (Table.LowBits - laneBits);
        var (highRe, highIm) = (V.Broadcast(re), V.Broadcast(im));
        var lowRe = (V*)low;
        var lowIm = (V*)low + count;
        var start = block << (Table.LowBits - laneBits);
        var at = source.Apply(block << Table.LowBits);
        fixed (nint* step = steps, vectors = apart)
        fixed (V* masks = from, exchanges = indices)
        {
            for (nint k = 0; ;)
            {
                var exchange = exchanges[at & (V.Count - 1)];
                var vector = at >> laneBits;
                var a = S.Load(old.Re, vector, exchange, vectors, masks, apart.Length);
                var b = F.IsReal ? default : S.Load(old.Im, vector, exchange, vectors, masks, apart.Length);
                var (p, q) = P.Phase(lowRe, lowIm, k, highRe, highIm, F.IsReal);
                if (F.IsReal)
                {
                    to.Re[start + k] = p * a;
                }
                else if (P.IsReal)
                {
                    (to.Re[start + k], to.Im[start + k]) = (p * a, p * b);
                }
                else
                {
                    to.Re[start + k] = V.MultiplyAdd(p, a, -(q * b));
                    to.Im[start + k] = V.MultiplyAdd(p, b, q * a);
                }

                if (++k == count)
                {
                    return;
                }

                at ^= step[BitOperations.TrailingZeroCount(k)];
            }
        }
    }

    private interface ISources
    {
        static abstract V Load(V* plane, nint vector, V exchange, nint* apart, V* masks, int count);
    }

    private readonly struct OneSource : ISources
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load(V* plane, nint vector, V exchange, nint* apart, V* masks, int count) => V.Shuffle(plane[vector], exchange);
    }

    private readonly struct TwoSources : ISources
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load(V* plane, nint vector, V exchange, nint* apart, V* masks, int count) =>
            V.Select(masks[1], V.Shuffle(plane[vector ^ apart[1]], exchange), V.Shuffle(plane[vector], exchange));
    }

    private readonly struct ManySources : ISources
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load(V* plane, nint vector, V exchange, nint* apart, V* masks, int count)
        {
            var value = V.Shuffle(plane[vector], exchange);
            for (var s = 1; s < count; s++)
            {
                value = V.Select(masks[s], V.Shuffle(plane[vector ^ apart[s]], exchange), value);
            }

            return value;
        }
    }

    private interface IPhases
    {
        static abstract bool IsReal { get; }

        static abstract (V Re, V Im) Phase(V* re, V* im, nint k, V highRe, V highIm, bool real);
    }

    private readonly struct NoPhase : IPhases
    {
        public static bool IsReal => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (V Re, V Im) Phase(V* re, V* im, nint k, V highRe, V highIm, bool real) => (highRe, highIm);
    }

    private readonly struct OnePhase : IPhases
    {
        public static bool IsReal => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (V Re, V Im) Phase(V* re, V* im, nint k, V highRe, V highIm, bool real) => (re[k], real ? default : im[k]);
    }

    private readonly struct TwoPhases : IPhases
    {
        public static bool IsReal => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (V Re, V Im) Phase(V* re, V* im, nint k, V highRe, V highIm, bool real) =>
            // A sign that depends on low and high bits is a product of factors that are not real themselves.
            (V.MultiplyAdd(re[k], highRe, -(im[k] * highIm)), real ? default : V.MultiplyAdd(re[k], highIm, im[k] * highRe));
    }
}
