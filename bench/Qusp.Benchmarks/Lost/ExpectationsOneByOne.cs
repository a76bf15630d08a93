// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>⟨Z⟩ of every wire by one pass a wire, against a Walsh–Hadamard transform of each block in one pass for all.</summary>
public unsafe class ExpectationsOneByOne : TwoDesigns
{
    private const int BlockBits = 12;
    private readonly AlignedArray<V> numbers = new((nint)1 << (BlockBits - 3));
    private Planes<V> state;
    private double[] sums = [];

    [Params(12, 16, 20, 24)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        state = NewState(Wires);
        sums = new double[Wires];
        OnePassForAll();
        var used = sums.ToArray();
        OnePassAWire();
        RequireEqual(used, sums, 1e-9); // sums of up to 2^24 numbers in another order
    }

    [Benchmark(Baseline = true)]
    public void OnePassForAll()
    {
        Array.Clear(sums);
        var count = (nint)1 << (BlockBits - LaneConstants<V, double>.Bits);
        for (nint block = 0; block < (nint)1 << (Wires - BlockBits); block++)
        {
            Squares(block * count, count);
            Walsh<V, double>.Transform((double*)numbers.Start, BlockBits);
            for (var bit = 0; bit < Wires; bit++)
            {
                // The word's bit within the block, or 0 and a sign that is the block's.
                var sum = ((double*)numbers.Start)[bit < BlockBits ? 1 << bit : 0];
                sums[bit] += bit < BlockBits || ((block >> (bit - BlockBits)) & 1) == 0 ? sum : -sum;
            }
        }
    }

    [Benchmark]
    public void OnePassAWire()
    {
        var vectors = (nint)1 << (Wires - LaneConstants<V, double>.Bits);
        for (var bit = 0; bit < Wires; bit++)
        {
            sums[bit] = bit < LaneConstants<V, double>.Bits
                ? LaneConstants<V, double>.Sum(Sum(0, vectors), LaneConstants<V, double>.Sign(bit))
                : Differences(vectors, (nint)1 << (bit - LaneConstants<V, double>.Bits));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Squares(nint first, nint count)
    {
        var to = numbers.Start;
        var re = state.Re + first;
        var im = state.Im + first;
        for (nint k = 0; k < count; k++)
        {
            to[k] = V.MultiplyAdd(im[k], im[k], re[k] * re[k]);
        }
    }

    private double Differences(nint vectors, nint half)
    {
        var sum = 0.0;
        for (nint start = 0; start < vectors; start += 2 * half)
        {
            sum += LaneConstants<V, double>.Sum(Sum(start, half) - Sum(start + half, half));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Sum(nint first, nint count)
    {
        var re = state.Re + first;
        var im = state.Im + first;
        V a = default, b = default;
        for (nint k = 0; k < count; k++)
        {
            a = V.MultiplyAdd(re[k], re[k], a);
            b = V.MultiplyAdd(im[k], im[k], b);
        }

        return a + b;
    }
}
