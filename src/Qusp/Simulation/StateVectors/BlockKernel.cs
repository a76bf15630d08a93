// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// A matrix on the local basis states of a block, in one pass in place. Wires above the lanes make a group of vectors; wires within the
/// lanes make columns of exchanged lanes and entries that differ by lane: <c>v_i ← Σ entry[i, (j, x)] · exchange_x(v_j)</c>. Vectors where a control
/// is off belong to no group and are never touched.
/// </summary>
internal sealed unsafe class BlockKernel<V, T> : IDisposable
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NearestLost = 8; // vectors between those of a group, as measured
    private const int FarthestLost = 1024;
    private const int Lead = 128;

    private readonly int size; // d
    private readonly nint within; // the bits of the index of a vector that tell the vectors of a group apart
    private readonly nint[] apart; // the group's vectors, from its start
    private readonly V[] exchanges; // of lanes; the first exchanges none
    private readonly int[] states; // [vectors, lanes]: the local basis state, or −1
    private readonly int[] origins; // [exchanges, lanes]: the lane that comes
    private readonly nint ahead; // where the vectors of a group are so far apart that the processor's prefetching loses them: by how much ours leads, or 0
    private readonly AlignedArray<V> entries; // [vectors, columns, 2]: re, im

    public BlockKernel(BlockPass pass)
    {
        var laneBits = LaneConstants<V, T>.Bits;
        var lanes = V.Count - 1;
        size = pass.Offsets.Length;
        within = pass.Bits.Where(bit => bit >= laneBits).Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << (bit - laneBits)));
        var inLane = pass.Bits.Where(bit => bit < laneBits).Aggregate(0, (mask, bit) => mask | (1 << bit));
        apart = [.. pass.Offsets.Select(offset => offset >> laneBits).Distinct()];
        int[] exchanged = [.. pass.Offsets.SelectMany(row => pass.Offsets.Select(column => (int)(row ^ column) & lanes)).Distinct().Order()];
        exchanges = [.. exchanged.Select(x => LaneConstants<V, T>.Indices(lane => lane ^ x))];
        states = [.. apart.SelectMany(vector => Enumerable.Range(0, V.Count).Select(lane => Array.IndexOf(pass.Offsets, (vector << laneBits) | (nint)(lane & inLane))))];
        origins = [.. exchanged.SelectMany(x => Enumerable.Range(0, V.Count).Select(lane => lane ^ x))];
        entries = new AlignedArray<V>(2 * apart.Length * Columns);
        HighestBit = pass.Bits[^1];
        var distance = HighestBit < laneBits ? 0 : (nint)1 << (HighestBit - laneBits);
        ahead = apart.Length == 1 << GroupBits && distance is >= NearestLost and <= FarthestLost ? distance + Lead : 0;
    }

    /// <summary>The highest bit of its wires.</summary>
    public int HighestBit { get; }

    /// <summary>log2 of the vectors of the state, less this, is log2 of the groups.</summary>
    public int GroupBits => BitOperations.PopCount((nuint)within);

    /// <summary>Vectors of scratch that <see cref="Apply"/> needs at most, of a block of so many basis states.</summary>
    public static int Scratch(int states) => 2 * Math.Max(states, 4) * Math.Min(V.Count, Math.Max(states, 4) * states);

    private int Columns => apart.Length * exchanges.Length;

    public void Dispose() => entries.Dispose();

    /// <summary>Takes a matrix, or its conjugate transpose.</summary>
    public void Fill(ReadOnlySpan<Complex> matrix, bool inverse)
    {
        var to = (T*)entries.Start;
        for (var i = 0; i < apart.Length; i++)
        {
            for (var column = 0; column < Columns; column++, to += 2 * V.Count)
            {
                for (var lane = 0; lane < V.Count; lane++)
                {
                    var entry = Entry(matrix, inverse, i, column, lane);
                    to[lane] = T.CreateTruncating(entry.Real);
                    to[V.Count + lane] = T.CreateTruncating(entry.Imaginary);
                }
            }
        }
    }

    /// <summary>Applies the matrix to the groups <paramref name="first"/> to <paramref name="last"/>.</summary>
    public void Apply<F>(Planes<V> planes, nint first, nint last, V* scratch)
        where F : IField
    {
        switch (apart.Length, exchanges.Length)
        {
            case (2, 1):
                Two<F, Vectors>(planes, first, last);
                break;
            case (1, 2):
                Two<F, Lanes>(planes, first, last);
                break;
            case (4, 1):
                Four<F, Vectors>(planes, first, last);
                break;
            case (2, 2):
                Four<F, VectorsAndLanes>(planes, first, last);
                break;
            case (1, 4):
                Four<F, Lanes>(planes, first, last);
                break;
            default:
                Many<F>(planes, first, last, scratch);
                break;
        }
    }

    /// <summary>Adds <c>Σ ψ_r λ_c*</c> of some groups to B, <c>[d, d, 2]</c>.</summary>
    public void Overlap<F>(Planes<V> state, Planes<V> adjoint, nint first, nint last, Span<double> to)
        where F : IField
    {
        var start = Start(first);
        for (var i = 0; i < apart.Length; i++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var (j, x) = (column / exchanges.Length, column % exchanges.Length);
                var (re, im) = Overlap<F>(Moved(state, apart[j]), Moved(adjoint, apart[i]), exchanges[x], start, last - first);
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

    private int State(int vector, int exchange, int lane) => states[(vector * V.Count) + origins[(exchange * V.Count) + lane]];

    private Complex Entry(ReadOnlySpan<Complex> matrix, bool inverse, int i, int column, int lane)
    {
        var (j, x) = (column / exchanges.Length, column % exchanges.Length);
        var (r, c) = (State(i, 0, lane), State(j, x, lane));
        if (r < 0)
        {
            return i == j && x == 0 ? 1 : 0;
        }

        return c < 0 ? 0 : inverse ? Complex.Conjugate(matrix[(c * size) + r]) : matrix[(r * size) + c];
    }

    private static Planes<V> Moved(Planes<V> planes, nint by) => new(planes.Re + by, planes.Im is null ? null : planes.Im + by);

    // The vector where a group starts: its number, spread over the bits that are not the group's own.
    private nint Start(nint group)
    {
        for (var own = within; own != 0; own &= own - 1)
        {
            group = TurnKernels<V, T>.Spread(group, BitOperations.TrailingZeroCount(own));
        }

        return group;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (V Re, V Im) Overlap<F>(Planes<V> ket, Planes<V> bra, V exchange, nint start, nint count)
        where F : IField
    {
        V re = default, im = default;
        var group = within;
        for (nint k = 0; k < count; k++, start = ((start | group) + 1) & ~group)
        {
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Two<F, S>(Planes<V> planes, nint first, nint last)
        where F : IField
        where S : ISources
    {
        // Before anything is in a register that a call would spill.
        var (start, group) = (Start(first), within);
        var other = S.Rows(2) == 2 ? apart[1] - apart[0] : 0;
        var re = planes.Re + apart[0];
        var im = planes.Im + apart[0];
        var exchange = exchanges[^1];
        var m = entries.Start;
        var (kr, ki, lr, li) = (m[0], m[1], m[2], m[3]);
        var (mr, mi, nr, ni) = S.Rows(2) == 2 ? (m[4], m[5], m[6], m[7]) : default;
        for (var k = first; k < last; k++, start = ((start | group) + 1) & ~group)
        {
            Prefetch<F>(planes, k, S.Rows(2));
            var a = re[start];
            var b = S.Rows(2) == 2 ? re[start + other] : V.Shuffle(a, exchange);
            if (F.IsReal)
            {
                re[start] = V.MultiplyAdd(kr, a, lr * b);
                if (S.Rows(2) == 2)
                {
                    re[start + other] = V.MultiplyAdd(mr, a, nr * b);
                }

                continue;
            }

            var c = im[start];
            var d = S.Rows(2) == 2 ? im[start + other] : V.Shuffle(c, exchange);
            re[start] = V.MultiplyAdd(kr, a, lr * b) - V.MultiplyAdd(ki, c, li * d);
            im[start] = V.MultiplyAdd(kr, c, lr * d) + V.MultiplyAdd(ki, a, li * b);
            if (S.Rows(2) == 2)
            {
                re[start + other] = V.MultiplyAdd(mr, a, nr * b) - V.MultiplyAdd(mi, c, ni * d);
                im[start + other] = V.MultiplyAdd(mr, c, nr * d) + V.MultiplyAdd(mi, a, ni * b);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four<F, S>(Planes<V> planes, nint first, nint last)
        where F : IField
        where S : ISources
    {
        var (start, group) = (Start(first), within);
        var m = entries.Start;
        fixed (nint* vectors = apart)
        fixed (V* moves = exchanges)
        {
            for (var k = first; k < last; k++, start = ((start | group) + 1) & ~group)
            {
                Prefetch<F>(planes, k, S.Rows(4));
                var (a, b, c, d) = S.Load(planes.Re + start, vectors, moves);
                var (e, f, g, h) = F.IsReal ? default : S.Load(planes.Im + start, vectors, moves);
                for (var row = 0; row < S.Rows(4); row++)
                {
                    var n = m + (8 * row);
                    var at = start + vectors[row];
                    if (F.IsReal)
                    {
                        planes.Re[at] = Dot(n, a, b, c, d);
                        continue;
                    }

                    planes.Re[at] = Dot(n, a, b, c, d) - Dot(n + 1, e, f, g, h);
                    planes.Im[at] = Dot(n, e, f, g, h) + Dot(n + 1, a, b, c, d);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot(V* row, V a, V b, V c, V d) => V.MultiplyAdd(row[6], d, V.MultiplyAdd(row[4], c, V.MultiplyAdd(row[2], b, row[0] * a)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Many<F>(Planes<V> planes, nint first, nint last, V* scratch)
        where F : IField
    {
        var start = Start(first);
        var columns = Columns;
        for (var k = first; k < last; k++, start = ((start | within) + 1) & ~within)
        {
            var column = scratch;
            foreach (var vector in apart)
            {
                var (re, im) = (planes.Re[start + vector], F.IsReal ? default : planes.Im[start + vector]);
                foreach (var exchange in exchanges)
                {
                    *column++ = V.Shuffle(re, exchange);
                    *column++ = F.IsReal ? default : V.Shuffle(im, exchange);
                }
            }

            var m = entries.Start;
            foreach (var vector in apart)
            {
                V re = default, im = default;
                for (var c = 0; c < columns; c++, m += 2)
                {
                    var (a, b) = (scratch[2 * c], scratch[(2 * c) + 1]);
                    re = V.MultiplyAdd(m[0], a, re);
                    if (!F.IsReal)
                    {
                        re = V.MultiplyAdd(-m[1], b, re);
                        im = V.MultiplyAdd(m[0], b, V.MultiplyAdd(m[1], a, im));
                    }
                }

                planes.Re[start + vector] = re;
                if (!F.IsReal)
                {
                    planes.Im[start + vector] = im;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch<F>(Planes<V> planes, nint group, int count)
        where F : IField
    {
        if (ahead == 0 || !Sse.IsSupported)
        {
            return;
        }

        var at = (group * count) + ahead;
        for (var k = 0; k < count; k++)
        {
            Sse.Prefetch0(planes.Re + at + k);
            if (!F.IsReal)
            {
                Sse.Prefetch0(planes.Im + at + k);
            }
        }
    }

    // Where the columns come from, as type arguments: straight code for two and four.
    private interface ISources
    {
        static abstract int Rows(int columns);

        static abstract (V First, V Second, V Third, V Fourth) Load(V* plane, nint* apart, V* exchanges);
    }

    private readonly struct Vectors : ISources
    {
        public static int Rows(int columns) => columns;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (V First, V Second, V Third, V Fourth) Load(V* plane, nint* apart, V* exchanges) =>
            (plane[apart[0]], plane[apart[1]], plane[apart[2]], plane[apart[3]]);
    }

    private readonly struct VectorsAndLanes : ISources
    {
        public static int Rows(int columns) => columns / 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (V First, V Second, V Third, V Fourth) Load(V* plane, nint* apart, V* exchanges)
        {
            var (a, b) = (plane[apart[0]], plane[apart[1]]);
            return (a, V.Shuffle(a, exchanges[1]), b, V.Shuffle(b, exchanges[1]));
        }
    }

    private readonly struct Lanes : ISources
    {
        public static int Rows(int columns) => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (V First, V Second, V Third, V Fourth) Load(V* plane, nint* apart, V* exchanges)
        {
            var a = plane[apart[0]];
            return (a, V.Shuffle(a, exchanges[1]), V.Shuffle(a, exchanges[2]), V.Shuffle(a, exchanges[3]));
        }
    }
}
