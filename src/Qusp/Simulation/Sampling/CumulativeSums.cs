// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// Cumulative sums of a distribution over basis states and a guide into them (Chen and Asau 1974). Threads share blocks of states: each sums its own from 0, the
/// blocks' totals are added up, and each block adds what stands before it and writes its part of the guide. Sums depend on the number of states alone.
/// </summary>
internal sealed unsafe class CumulativeSums(Crew crew) : IChunkedWork
{
    private const int Block = 1 << 12; // states, whose sums fill most of a first cache
    private const int WorthSharing = 1 << 15; // states
    private const int StatesPerGuide = 4; // a vector of eight sums mostly holds the one sought

    private double[] sums = []; // [size + 8], the last eight beyond all
    private double[] before = []; // [blocks + 1]: the sum of what stands before a block; the last is the total
    private int[] guide = []; // [2^guideBits + 1]
    private int guideBits;
    private double total;
    private (nint Real, nint Imaginary, int Count) source;
    private delegate*<CumulativeSums, int, void> step; // of a block

    /// <summary>How many basis states there are; 0 as long as no distribution was loaded.</summary>
    public int Size { get; private set; }

    /// <summary>Takes a distribution.</summary>
    /// <param name="real">Probabilities, or amplitudes' real parts.</param>
    /// <param name="imaginary">Amplitudes' imaginary parts, or empty.</param>
    /// <param name="areAmplitudes">Whether they are to be squared.</param>
    /// <param name="shots">How many shots will about be drawn: few need no fine guide.</param>
    public void Load<T>(ReadOnlySpan<T> real, ReadOnlySpan<T> imaginary, bool areAmplitudes, int shots)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Size = 0; // until all is well
        var (count, blocks) = (real.Length, (real.Length + Block - 1) / Block);
        if (count == 0)
        {
            throw new ArgumentException("A distribution has at least one basis state.");
        }

        var places = Numbers.Room(ref sums, count + Vector512<double>.Count);
        places[count..].Fill(double.PositiveInfinity);
        _ = Numbers.Room(ref before, blocks + 1);
        fixed (T* re = real, im = imaginary)
        {
            source = ((nint)re, (nint)im, count);
            step = !areAmplitudes ? &AddProbabilities<T> : imaginary.IsEmpty ? &AddSquares<T> : &AddAbsoluteSquares<T>;
            Share(blocks);
        }

        for (var block = 0; block < blocks; block++)
        {
            before[block + 1] = before[block] + sums[Math.Min(count, (block + 1) * Block) - 1];
        }

        total = before[blocks];
        if (!(total > 0 && double.IsFinite(total)))
        {
            throw new ArgumentException($"The probabilities sum to {total}: this is no state.");
        }

        guideBits = BitOperations.Log2((uint)Math.Max(1, Math.Min(count / StatesPerGuide, shots)));
        _ = Numbers.Room(ref guide, (1 << guideBits) + 1);
        step = &Finish;
        Share(blocks);
        EndAtLast();
        Size = count;
    }

    /// <summary>For each uniform number the first state whose sum exceeds that share of the total.</summary>
    /// <param name="uniforms">In [0, 1).</param>
    /// <param name="starts">Scratch of the same length: reads of several shots overlap.</param>
    /// <param name="outcomes">Receives the states.</param>
    public void Find(ReadOnlySpan<double> uniforms, Span<int> starts, Span<uint> outcomes)
    {
        var cells = 1 << guideBits;
        for (var k = 0; k < outcomes.Length; k++)
        {
            starts[k] = guide[(int)(uniforms[k] * cells)]; // exact: a power of 2
        }

        ref var first = ref MemoryMarshal.GetArrayDataReference(sums);
        for (var k = 0; k < outcomes.Length; k++)
        {
            var (target, low) = (total * uniforms[k], starts[k]);
            var passed = Passed(ref first, low, Vector512.Create(target));
            if (passed == Vector512<double>.Count)
            {
                low = Bisect(low + passed, guide[(int)(uniforms[k] * cells) + 1], target);
                passed = 0;
            }

            outcomes[k] = (uint)(low + passed);
        }
    }

    public void Run(int chunk, int slot) => step(this, chunk);

    // How many of the eight sums from a place on do not exceed the target; they rise, so the next is the one sought.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Passed(ref double sums, int from, Vector512<double> targets)
    {
        var below = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref sums, (nuint)from), targets);
        return BitOperations.PopCount(below.ExtractMostSignificantBits());
    }

    private static void AddProbabilities<T>(CumulativeSums to, int block)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var places = to.Places(block);
        var p = (T*)to.source.Real + (block * Block);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Math.Max(0, double.CreateTruncating(p[i])); // NaN stays
        }

        Accumulate(places);
    }

    private static void AddSquares<T>(CumulativeSums to, int block)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var places = to.Places(block);
        var real = (T*)to.source.Real + (block * Block);
        for (var i = 0; i < places.Length; i++)
        {
            var re = double.CreateTruncating(real[i]);
            places[i] = re * re;
        }

        Accumulate(places);
    }

    private static void AddAbsoluteSquares<T>(CumulativeSums to, int block)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var places = to.Places(block);
        var real = (T*)to.source.Real + (block * Block);
        var imaginary = (T*)to.source.Imaginary + (block * Block);
        for (var i = 0; i < places.Length; i++)
        {
            var (re, im) = (double.CreateTruncating(real[i]), double.CreateTruncating(imaginary[i]));
            places[i] = (re * re) + (im * im);
        }

        Accumulate(places);
    }

    // Four at a time, so that additions overlap. Rounding is monotonic: the sums never fall.
    private static void Accumulate(Span<double> places)
    {
        var (sum, i) = (0.0, 0);
        for (; i + 4 <= places.Length; i += 4)
        {
            var four = places.Slice(i, 4);
            var two = four[0] + four[1];
            var three = two + four[2];
            var all = three + four[3];
            (four[0], four[1], four[2], four[3]) = (sum + four[0], sum + two, sum + three, sum + all);
            sum += all;
        }

        for (; i < places.Length; i++)
        {
            sum += places[i];
            places[i] = sum;
        }
    }

    private static void Finish(CumulativeSums of, int block)
    {
        var places = of.Places(block);
        var (begin, end) = (of.before[block], of.before[block + 1]);
        var i = 0;
        for (; i + Vector<double>.Count <= places.Length; i += Vector<double>.Count)
        {
            (new Vector<double>(places[i..]) + new Vector<double>(begin)).CopyTo(places[i..]);
        }

        for (; i < places.Length; i++)
        {
            places[i] += begin;
        }

        of.Guide(block * Block, begin, end);
    }

    // Guides the cells that begin in a block: the first state whose sum exceeds a cell's beginning.
    private void Guide(int state, double begin, double end)
    {
        var cells = 1 << guideBits;
        var cell = (int)Math.Min(cells, begin / total * cells);
        while (cell > 0 && Target(cell - 1) >= begin)
        {
            cell--;
        }

        while (cell < cells && Target(cell) < begin)
        {
            cell++;
        }

        ref var sum = ref MemoryMarshal.GetArrayDataReference(sums);
        for (; cell < cells && Target(cell) is var target && target < end; cell++)
        {
            while (Unsafe.Add(ref sum, state) <= target)
            {
                state++;
            }

            guide[cell] = state;
        }
    }

    // Scaled as a shot's uniform number is: rounding is monotonic, so a cell's shots lie between its ends.
    private double Target(int cell) => total * ((double)cell / (1 << guideBits));

    // Nothing passes the last state that has a probability, whatever rounding does to a target.
    private void EndAtLast()
    {
        var last = source.Count - 1;
        while (last > 0 && sums[last - 1] == total)
        {
            last--;
        }

        sums.AsSpan(last, source.Count - last).Fill(double.PositiveInfinity);
        for (var cell = 1 << guideBits; cell >= 0 && Target(cell) >= total; cell--)
        {
            guide[cell] = last;
        }
    }

    private Span<double> Places(int block) => sums.AsSpan(block * Block, Math.Min(Block, source.Count - (block * Block)));

    private void Share(int blocks) => crew.Run(blocks, this, shared: source.Count > WorthSharing);

    // The first state from low to high whose sum exceeds the target; high if none before it does.
    private int Bisect(int low, int high, double target)
    {
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = sums[middle] > target ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
