// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// A matrix on the local basis states of a block, in one pass in place. Wires above the lanes make a group of vectors; wires within the
/// lanes make columns of exchanged lanes and entries that differ by lane: <c>v_i ← Σ entry[i, (j, x)] · exchange_x(v_j)</c>. Vectors where a control
/// is off belong to no group and are never touched.
/// </summary>
internal sealed unsafe partial class BlockKernel<V, T> : IDisposable
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Entry = 3; // vectors

    private readonly int size; // d
    private readonly nint[] apart; // the group's vectors, from its start
    private readonly V[] exchanges; // of lanes; the first exchanges none
    private readonly int[] states; // [vectors, lanes]: the local basis state, or −1
    private readonly int[] origins; // [exchanges, lanes]: the lane that comes
    private readonly GroupOrder order;
    private readonly AlignedArray<V> entries; // [vectors, columns, 3]: re, im, re + im

    public BlockKernel(BlockPass pass)
    {
        var laneBits = LaneConstants<V, T>.Bits;
        var lanes = V.Count - 1;
        size = pass.Offsets.Length;
        var within = pass.Bits.Where(bit => bit >= laneBits).Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << (bit - laneBits)));
        var inLane = pass.Bits.Where(bit => bit < laneBits).Aggregate(0, (mask, bit) => mask | (1 << bit));
        apart = [.. pass.Offsets.Select(offset => offset >> laneBits).Distinct()];
        int[] exchanged = [.. pass.Offsets.SelectMany(row => pass.Offsets.Select(column => (int)(row ^ column) & lanes)).Distinct().Order()];
        exchanges = [.. exchanged.Select(x => LaneConstants<V, T>.Indices(lane => lane ^ x))];
        states = [.. apart.SelectMany(vector => Enumerable.Range(0, V.Count).Select(lane => Array.IndexOf(pass.Offsets, (vector << laneBits) | (nint)(lane & inLane))))];
        origins = [.. exchanged.SelectMany(x => Enumerable.Range(0, V.Count).Select(lane => lane ^ x))];
        entries = new AlignedArray<V>(Entry * apart.Length * Columns);
        HighestBit = pass.Bits[^1];
        order = new GroupOrder(within, apart);
    }

    /// <summary>The highest bit of its wires.</summary>
    public int HighestBit { get; }

    /// <summary>log2 of the vectors of the state, less this, is log2 of the groups.</summary>
    public int GroupBits => BitOperations.PopCount((nuint)order.Within);

    /// <summary>Vectors of scratch that <see cref="Apply{F}"/> needs at most, of a block of so many basis states or one that is made of passes.</summary>
    public static int Scratch(int states) => ColumnVectors * Math.Max(states * Math.Min(V.Count, states * states), 1 << BlockPass.MaxBits);

    private int Columns => apart.Length * exchanges.Length;

    public void Dispose() => entries.Dispose();

    /// <summary>Takes a matrix, or its conjugate transpose.</summary>
    public void Fill(ReadOnlySpan<Complex> matrix, bool inverse)
    {
        var to = (T*)entries.Start;
        for (var i = 0; i < apart.Length; i++)
        {
            for (var column = 0; column < Columns; column++, to += Entry * V.Count)
            {
                for (var lane = 0; lane < V.Count; lane++)
                {
                    var entry = Number(matrix, inverse, i, column, lane);
                    to[lane] = T.CreateTruncating(entry.Real);
                    to[V.Count + lane] = T.CreateTruncating(entry.Imaginary);
                    to[(2 * V.Count) + lane] = T.CreateTruncating(entry.Real + entry.Imaginary);
                }
            }
        }
    }

    /// <summary>Applies the matrix to some groups.</summary>
    /// <param name="planes">The state, of 64 vectors or more if it is not in a cache.</param>
    /// <param name="first">The first group.</param>
    /// <param name="last">The one after the last.</param>
    /// <param name="scratch">As much as <see cref="Scratch"/> says.</param>
    /// <param name="isCached">Whether the groups are in a cache; their order differs.</param>
    public void Apply<F>(Planes<V> planes, nint first, nint last, V* scratch, bool isCached)
        where F : IField
    {
        switch (isCached ? WalkKind.Silent : order.Kind)
        {
            case WalkKind.Silent:
                Apply<F, SilentWalk>(planes, first, last, scratch);
                break;
            case WalkKind.Rising:
                Apply<F, RisingWalk>(planes, first, last, scratch);
                break;
            case WalkKind.Asking:
                Apply<F, AskingWalk>(planes, first, last, scratch);
                break;
        }
    }

    private void Apply<F, W>(Planes<V> planes, nint first, nint last, V* scratch)
        where F : IField
        where W : struct, IGroupWalk<W>
    {
        switch (Columns, exchanges.Length)
        {
            case (1, 1):
                One<F, W>(planes, first, last);
                break;
            case (2, 1):
                Two<F, None, W>(planes, first, last);
                break;
            case (2, 2):
                Two<F, OneWire, W>(planes, first, last);
                break;
            case (4, 1):
                Four<F, None, W>(planes, first, last);
                break;
            case (4, 2):
                Four<F, OneWire, W>(planes, first, last);
                break;
            case (4, 4):
                Four<F, TwoWires, W>(planes, first, last);
                break;
            case (8, 1):
                Eight<F, None, W>(planes, first, last);
                break;
            case (8, 2):
                Eight<F, OneWire, W>(planes, first, last);
                break;
            case (8, 4):
                Eight<F, TwoWires, W>(planes, first, last);
                break;
            case (8, 8):
                Eight<F, ThreeWires, W>(planes, first, last);
                break;
            default:
                Many<F, W>(planes, first, last, scratch);
                break;
        }
    }

    private int State(int vector, int exchange, int lane) => states[(vector * V.Count) + origins[(exchange * V.Count) + lane]];

    private Complex Number(ReadOnlySpan<Complex> matrix, bool inverse, int i, int column, int lane)
    {
        var (j, x) = (column / exchanges.Length, column % exchanges.Length);
        var (r, c) = (State(i, 0, lane), State(j, x, lane));
        if (r < 0)
        {
            return i == j && x == 0 ? 1 : 0;
        }

        return c < 0 ? 0 : inverse ? Complex.Conjugate(matrix[(c * size) + r]) : matrix[(r * size) + c];
    }
}
