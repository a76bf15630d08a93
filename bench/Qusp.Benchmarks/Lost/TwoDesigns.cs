// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// A design that lost beside the one that Qusp uses. Both compute the same numbers, which the set-up demands before
/// anything is timed. docs/performance.md has the ratios, of runs with <c>--job short --inProcess</c>.
/// </summary>
public abstract class TwoDesigns
{
    private readonly List<IDisposable> memory = [];

    [GlobalCleanup]
    public void Close()
    {
        foreach (var array in memory)
        {
            array.Dispose();
        }

        memory.Clear();
    }

    private protected T Keep<T>(T part)
        where T : IDisposable
    {
        memory.Add(part);
        return part;
    }

    /// <summary>A state of 2^<paramref name="wires"/> amplitudes, the same every time, not normalised.</summary>
    private protected unsafe Planes<V> NewState(int wires, int seed = 1)
    {
        var random = new Random(seed);
        var vectors = (nint)1 << (wires - LaneConstants<V, double>.Bits);
        const int shift = 8; // the planes do not fall on the same places of the caches
        var array = Keep(new AlignedArray<V>(2 * (vectors + shift)));
        var planes = new Planes<V>(array.Start, array.Start + vectors + shift);
        for (nint k = 0; k < vectors * V.Count; k++)
        {
            ((double*)planes.Re)[k] = random.NextDouble() - 0.5;
            ((double*)planes.Im)[k] = random.NextDouble() - 0.5;
        }

        return planes;
    }

    private protected static unsafe double[] Copy(Planes<V> planes, int wires) =>
        [.. new Span<double>(planes.Re, 1 << wires), .. new Span<double>(planes.Im, 1 << wires)];

    /// <summary>Puts back what <see cref="Copy"/> took.</summary>
    private protected static unsafe void Restore(double[] numbers, Planes<V> planes, int wires)
    {
        numbers.AsSpan(0, 1 << wires).CopyTo(new(planes.Re, 1 << wires));
        numbers.AsSpan(1 << wires).CopyTo(new(planes.Im, 1 << wires));
    }

    private protected static void RequireEqual(ReadOnlySpan<double> used, ReadOnlySpan<double> lost, double tolerance = 1e-12)
    {
        var scale = 1.0;
        foreach (var number in used)
        {
            scale = Math.Max(scale, Math.Abs(number));
        }

        for (var k = 0; k < used.Length || k < lost.Length; k++)
        {
            if (!(Math.Abs(used[k] - lost[k]) <= tolerance * scale))
            {
                throw new InvalidOperationException($"The designs differ at {k}: {used[k]:R} is used, {lost[k]:R} lost.");
            }
        }
    }
}
