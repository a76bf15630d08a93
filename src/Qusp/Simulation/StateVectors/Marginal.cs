// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// What is measured of some wires: the sums over the others of <c>ψ[x] ψ*[x ⊕ f]</c>. With f = 0 these are probabilities; with every
/// f of the wires themselves, their density matrix: the wires' value in x is the row, that in x ⊕ f the column.
/// </summary>
internal sealed unsafe class Marginal<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxSums = 1 << 13; // that a chunk holds at once

    private readonly int output;
    private readonly ReducedDensity? density;
    private readonly int[] of; // bits, the most significant of a row first
    private readonly nint[] flips; // by the bits that they flip of a row
    private readonly int blockBits;
    private readonly int[] summed; // bits of a vector's place in its block that are not measured, rising
    private readonly int[] summedLanes; // bits of a lane
    private readonly bool isInOrder; // values are rows
    private readonly int[] places; // of each value of the block's measured bits: where its sum is after Fold
    private readonly int[] rows; // their part of a row
    private readonly int[] valueOfLane; // a lane's part of the value

    /// <summary>Probabilities.</summary>
    /// <param name="output">The first output.</param>
    /// <param name="of">The wires' bits, the most significant first.</param>
    /// <param name="bits">n.</param>
    public Marginal(int output, int[] of, int bits)
        : this(output, null, of, [0], bits)
    {
    }

    /// <summary>A density matrix.</summary>
    public Marginal(ReducedDensity density, int bits)
        : this(density.Output, density, BitsOf(density), density.Offsets, bits)
    {
    }

    private Marginal(int output, ReducedDensity? density, int[] of, nint[] flips, int bits)
    {
        (this.output, this.density, this.of, this.flips, blockBits) = (output, density, of, flips, WordSums<V, T>.BlockBits(bits));
        var laneBits = LaneConstants<V, T>.Bits;
        int[] low = [.. of.Where(bit => bit < blockBits).Order()];
        int[] lanes = [.. low.Where(bit => bit < laneBits)];
        summed = [.. Enumerable.Range(laneBits, blockBits - laneBits).Except(low).Select(bit => bit - laneBits)];
        summedLanes = [.. Enumerable.Range(0, laneBits).Except(low)];
        MeasuredBlocks = of.Where(bit => bit >= blockBits).Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << (bit - blockBits)));
        SummedBlocks = (((nint)1 << (bits - blockBits)) - 1) & ~MeasuredBlocks;
        var masks = low.Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << bit));
        nint[] indices = [.. Enumerable.Range(0, 1 << low.Length).Select(value => Spread(value, masks))];
        rows = [.. indices.Select(index => Readout.Local(index, of))];
        isInOrder = rows.Select((row, value) => row == value).All(same => same);
        places = [.. indices.Select((index, value) => ((value >> lanes.Length) * V.Count) | (int)(index & (V.Count - 1)))];
        valueOfLane = [.. Enumerable.Range(0, V.Count).Select(lane => Readout.Local(lane, [.. lanes.Reverse()]))];
    }

    /// <summary>The bits of a block's number that are measured.</summary>
    public nint MeasuredBlocks { get; }

    /// <summary>Its other bits.</summary>
    public nint SummedBlocks { get; }

    /// <summary>How many flips there are.</summary>
    public int Flips => flips.Length;

    /// <summary>How many of them to take in one pass.</summary>
    public int FlipsAtOnce => Math.Max(1, MaxSums / SumsPerFlip);

    /// <summary>Sums of each flip to which a block adds.</summary>
    public int SumsPerFlip => rows.Length * (density is null ? 1 : 2);

    /// <summary>The number whose bits under a mask are those of a value.</summary>
    public static nint Spread(nint value, nint mask)
    {
        nint spread = 0;
        for (; mask != 0; mask &= mask - 1)
        {
            spread |= (value & 1) * (mask & -mask);
            value >>= 1;
        }

        return spread;
    }

    /// <summary>Adds a block's part of the sums of some flips.</summary>
    /// <param name="state">ψ.</param>
    /// <param name="block">The high bits of x.</param>
    /// <param name="firstFlip">The first flip.</param>
    /// <param name="lastFlip">The one after the last.</param>
    /// <param name="numbers">A block of scratch.</param>
    /// <param name="sums"><c>[flips, 1 or 2, values]</c>, real and imaginary parts.</param>
    public void Add(Planes<V> state, nint block, int firstFlip, int lastFlip, V* numbers, Span<double> sums)
    {
        for (var flip = firstFlip; flip < lastFlip; flip++)
        {
            var to = sums.Slice((flip - firstFlip) * SumsPerFlip, SumsPerFlip);
            for (var part = 0; part < Parts(flip, state) && IsBelow(flip, block); part++)
            {
                FlipKernels<V, T>.Products(state, flips[flip], part == 1, blockBits, block, -1, numbers);
                Fold(numbers);
                Add((T*)numbers, to[(part * rows.Length)..]);
            }
        }
    }

    /// <summary>Writes sums as outputs.</summary>
    /// <param name="block">A block that added to them.</param>
    /// <param name="firstFlip">The first flip.</param>
    /// <param name="lastFlip">The one after the last.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="norm">A factor of all.</param>
    /// <param name="results">All outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(nint block, int firstFlip, int lastFlip, ReadOnlySpan<double> sums, double norm, T* results)
    {
        var blockRow = Readout.Local(block << blockBits, of);
        if (density is null)
        {
            WriteProbabilities(sums, norm, results + output + blockRow);
            return;
        }

        for (var flip = firstFlip; flip < lastFlip; flip++)
        {
            var re = sums.Slice((flip - firstFlip) * SumsPerFlip, rows.Length);
            var im = sums.Slice(((flip - firstFlip) * SumsPerFlip) + rows.Length, rows.Length);
            for (var value = 0; value < rows.Length; value++)
            {
                var row = blockRow | rows[value];
                var column = row ^ flip;
                if (column <= row)
                {
                    var (real, imaginary) = (T.CreateTruncating(norm * re[value]), T.CreateTruncating(norm * im[value]));
                    (results[density.At(column, row)], results[density.At(column, row) + 1]) = (real, -imaginary);
                    (results[density.At(row, column)], results[density.At(row, column) + 1]) = (real, imaginary);
                }
            }
        }
    }

    /// <summary>Adds what a block of the adjoint state has from the outputs' cotangents G: 2p ψ, or (G + G†) ψ.</summary>
    /// <param name="adjoint">The adjoint state.</param>
    /// <param name="state">ψ.</param>
    /// <param name="block">The high bits of x.</param>
    /// <param name="cotangents">Of all outputs.</param>
    /// <param name="numbers">Two blocks of scratch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Seed(Planes<V> adjoint, Planes<V> state, nint block, T* cotangents, V* numbers)
    {
        var values = (T*)numbers + ((nint)1 << blockBits);
        var blockRow = Readout.Local(block << blockBits, of);
        for (var flip = 0; flip < flips.Length; flip++)
        {
            for (var part = 0; part < Parts(flip, state); part++)
            {
                for (var value = 0; value < rows.Length; value++)
                {
                    values[value] = Cotangent(cotangents, blockRow | rows[value], flip, part);
                }

                Unfold(values, numbers);
                FlipKernels<V, T>.AddTo(adjoint, state, flips[flip], part == 1, blockBits, block, numbers);
            }
        }
    }

    private static int[] BitsOf(ReducedDensity density)
    {
        var count = BitOperations.Log2((uint)density.Offsets.Length);
        return [.. Enumerable.Range(0, count).Select(k => BitOperations.Log2((nuint)density.Offsets[1 << (count - 1 - k)]))];
    }

    // The diagonal of a density matrix is real.
    private static int Parts(int flip, Planes<V> state) => flip == 0 || state.Im is null ? 1 : 2;

    // Whether a block holds entries on or below the diagonal; the others are their conjugates.
    private bool IsBelow(int flip, nint block)
    {
        var highest = flip == 0 ? 0 : of[of.Length - 1 - BitOperations.Log2((uint)flip)];
        return highest < blockBits || ((block >> (highest - blockBits)) & 1) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Cotangent(T* cotangents, int row, int flip, int part)
    {
        if (density is null)
        {
            var one = cotangents[output + row];
            return one + one;
        }

        var (here, there) = (density.At(row, row ^ flip), density.At(row ^ flip, row));
        return part == 0 ? cotangents[here] + cotangents[there] : cotangents[here + 1] - cotangents[there + 1];
    }

    // Sums over what is not measured, halves together from the highest bit down: what is left moves up to the front.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fold(V* numbers)
    {
        var count = (nint)1 << (blockBits - LaneConstants<V, T>.Bits);
        for (var k = summed.Length - 1; k >= 0; k--)
        {
            var run = (nint)1 << summed[k];
            count >>= 1;
            var from = numbers;
            for (nint to = 0; to < count; from += run)
            {
                for (var end = to + run; to < end; to++, from++)
                {
                    numbers[to] = *from + from[run];
                }
            }
        }

        foreach (var bit in summedLanes)
        {
            var exchange = LaneConstants<V, T>.Exchange(bit);
            for (nint k = 0; k < count; k++)
            {
                numbers[k] += V.Shuffle(numbers[k], exchange);
            }
        }
    }

    // The same number for all that is not measured.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unfold(T* values, V* numbers)
    {
        var count = (nint)1 << (blockBits - LaneConstants<V, T>.Bits - summed.Length);
        var valuesPerVector = V.Count >> summedLanes.Length;
        for (nint k = 0; k < count; k++)
        {
            for (var lane = 0; lane < V.Count; lane++)
            {
                ((T*)(numbers + k))[lane] = values[(k * valuesPerVector) + valueOfLane[lane]];
            }
        }

        foreach (var bit in summed)
        {
            var run = (nint)1 << bit;
            for (var from = count - run; from >= 0; from -= run)
            {
                for (var k = run - 1; k >= 0; k--)
                {
                    numbers[(2 * from) + k] = numbers[(2 * from) + run + k] = numbers[from + k];
                }
            }

            count *= 2;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteProbabilities(ReadOnlySpan<double> sums, double norm, T* results)
    {
        var done = 0;
        for (; done + Vector512<double>.Count <= rows.Length && isInOrder; done += Vector512<double>.Count)
        {
            var numbers = norm * Vector512.Create(sums[done..]);
            if (typeof(T) == typeof(double))
            {
                numbers.Store((double*)results + done);
            }
            else
            {
                Vector256.Narrow(numbers.GetLower(), numbers.GetUpper()).Store((float*)results + done);
            }
        }

        for (; done < rows.Length; done++)
        {
            results[rows[done]] = T.CreateTruncating(norm * sums[done]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(T* numbers, Span<double> to)
    {
        var done = 0;
        for (; done + Vector512<double>.Count <= rows.Length && summedLanes.Length == 0; done += Vector512<double>.Count)
        {
            var more = typeof(T) == typeof(double) ? Vector512.Load((double*)numbers + done)
                : Vector512.Create(Vector256.WidenLower(Vector256.Load((float*)numbers + done)), Vector256.WidenUpper(Vector256.Load((float*)numbers + done)));
            (Vector512.Create<double>(to[done..]) + more).CopyTo(to[done..]);
        }

        for (; done < rows.Length; done++)
        {
            to[done] += double.CreateTruncating(numbers[places[done]]);
        }
    }
}
