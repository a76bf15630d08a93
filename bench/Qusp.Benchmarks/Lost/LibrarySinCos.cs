// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;

namespace Qusp.Benchmarks.Lost;

/// <summary>Sine and cosine of 4096 angles: .NET's <c>Vector512.SinCos</c> and <c>Math.SinCos</c> against <see cref="LaneMath"/>.</summary>
public unsafe class LibrarySinCos : TwoDesigns
{
    private const int Count = 4096;
    private AlignedArray<double> angles = null!, sines = null!, cosines = null!;
    private AlignedArray<float> singles = null!, singleSines = null!, singleCosines = null!;

    [GlobalSetup]
    public void Check()
    {
        (angles, sines, cosines) = (Keep(new AlignedArray<double>(Count)), Keep(new AlignedArray<double>(Count)), Keep(new AlignedArray<double>(Count)));
        (singles, singleSines, singleCosines) = (Keep(new AlignedArray<float>(Count)), Keep(new AlignedArray<float>(Count)), Keep(new AlignedArray<float>(Count)));
        for (var k = 0; k < Count; k++)
        {
            angles.Start[k] = (0.2 + (0.53 * k)) % (2 * Math.PI);
            singles.Start[k] = (float)angles.Start[k];
        }

        double[] Numbers() => [.. new Span<double>(sines.Start, Count), .. new Span<double>(cosines.Start, Count)];
        double[] Singles() => [.. new Span<float>(singleSines.Start, Count).ToArray(), .. new Span<float>(singleCosines.Start, Count).ToArray()];
        Used();
        var used = Numbers();
        foreach (var lost in (Action[])[Library, OneByOne])
        {
            lost();
            RequireEqual(used, Numbers(), 1e-15);
        }

        UsedSingle();
        used = Singles();
        LibrarySingle();
        RequireEqual(used, Singles(), 2e-7);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Used()
    {
        for (var k = 0; k < Count; k += Vector512<double>.Count)
        {
            var angle = *(Lanes512<double>*)(angles.Start + k);
            (*(Lanes512<double>*)(sines.Start + k), *(Lanes512<double>*)(cosines.Start + k)) = LaneMath.SinCos<Lanes512<double>, double>(angle);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Library()
    {
        for (var k = 0; k < Count; k += Vector512<double>.Count)
        {
            var (sin, cos) = Vector512.SinCos(Vector512.Load(angles.Start + k));
            sin.Store(sines.Start + k);
            cos.Store(cosines.Start + k);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OneByOne()
    {
        for (var k = 0; k < Count; k++)
        {
            (sines.Start[k], cosines.Start[k]) = Math.SinCos(angles.Start[k]);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void UsedSingle()
    {
        for (var k = 0; k < Count; k += Vector512<float>.Count)
        {
            var angle = *(Lanes512<float>*)(singles.Start + k);
            (*(Lanes512<float>*)(singleSines.Start + k), *(Lanes512<float>*)(singleCosines.Start + k)) = LaneMath.SinCos<Lanes512<float>, float>(angle);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void LibrarySingle()
    {
        for (var k = 0; k < Count; k += Vector512<float>.Count)
        {
            var (sin, cos) = Vector512.SinCos(Vector512.Load(singles.Start + k));
            sin.Store(singleSines.Start + k);
            cos.Store(singleCosines.Start + k);
        }
    }
}
