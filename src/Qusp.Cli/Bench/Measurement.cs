// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Cli.Bench;

/// <summary>Seconds of one call: the median and the minimum of a number of timed runs.</summary>
internal readonly record struct Timing(double Median, double Minimum, int Runs)
{
    public Timing DividedBy(double count) => new(Median / count, Minimum / count, Runs);
}

/// <summary>Times a piece of work on a noisy machine.</summary>
internal static class Stopclock
{
    private const double RunSeconds = 0.02; // a run repeats the work until the clock's own error does not matter
    private const double TotalSeconds = 0.6;
    private const double WarmSeconds = 1.5; // the compiler's tiers settle in about a second
    private const double PassWarmSeconds = 0.2; // compiled at once
    private const int MinimumRuns = 5;
    private const int AllocationCalls = 3;

    /// <summary>Warms up (compilation has tiers), then times runs for about half a second.</summary>
    public static Timing Measure(Action work) => Measure(work, WarmSeconds);

    /// <summary>Managed bytes that one call allocates.</summary>
    public static long Allocated(Action work)
    {
        // The least of several: other threads of the process, such as the compiler's, may allocate meanwhile.
        var least = long.MaxValue;
        for (var call = 0; call < AllocationCalls; call++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            work();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    private static Timing Measure(Action work, double warmSeconds)
    {
        var started = Stopwatch.GetTimestamp();
        var warm = 0;
        while (warm < 2 || (Stopwatch.GetElapsedTime(started).TotalSeconds < warmSeconds))
        {
            work();
            warm++;
        }

        var times = new List<double>();
        started = Stopwatch.GetTimestamp();
        while (times.Count < MinimumRuns || Stopwatch.GetElapsedTime(started).TotalSeconds < TotalSeconds)
        {
            var run = Stopwatch.GetTimestamp();
            var count = 0;
            do
            {
                work();
                count++;
            }
            while (Stopwatch.GetElapsedTime(run).TotalSeconds < RunSeconds);
            times.Add(Stopwatch.GetElapsedTime(run).TotalSeconds / count);
        }

        times.Sort();
        return new Timing(times[times.Count / 2], times[0], times.Count);
    }

    /// <summary>
    /// Seconds of one in-place pass, read and write, over a state of 2^<paramref name="wires"/> complex numbers: the unit
    /// that makes figures of different machines comparable.
    /// </summary>
    public static unsafe Timing Pass(int wires, int bytesPerNumber, int threads)
    {
        var bytes = (nuint)2 * (nuint)bytesPerNumber << wires;
        var memory = (double*)NativeMemory.AlignedAlloc(bytes, 64);
        try
        {
            NativeMemory.Clear(memory, bytes);
            var count = (long)(bytes / sizeof(double));
            var parts = bytes >= 1 << 18 ? threads : 1;
            return Measure(() =>
            {
                if (parts == 1)
                {
                    Touch(memory, 0, count);
                }
                else
                {
                    Parallel.For(0, parts, part => Touch(memory, count * part / parts, count * (part + 1) / parts));
                }
            }, PassWarmSeconds);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Touch(double* memory, long first, long last)
    {
        var span = first;
        var width = System.Numerics.Vector<double>.Count;
        var factor = new System.Numerics.Vector<double>(1.0000001);
        for (; span + (4 * width) <= last; span += 4 * width)
        {
            for (var k = 0; k < 4; k++)
            {
                var at = memory + span + (k * width);
                System.Numerics.Vector.StoreUnsafe(System.Numerics.Vector.LoadUnsafe(ref *at) * factor, ref *at);
            }
        }

        for (; span < last; span++)
        {
            memory[span] *= 1.0000001;
        }
    }
}
