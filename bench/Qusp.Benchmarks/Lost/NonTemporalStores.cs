// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.StateVectors;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// Amplitudes moved to another place, as a permutation does (here bit 12 of the index exchanged), with stores that go past
/// the caches against ordinary ones.
/// </summary>
public unsafe class NonTemporalStores : TwoDesigns
{
    private const nint Moved = 1 << 9; // in vectors
    private AlignedArray<Vector512<double>> from = null!, to = null!;

    [Params(16, 20, 24)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        var vectors = (nint)2 << (Wires - 3);
        (from, to) = (Keep(new AlignedArray<Vector512<double>>(vectors)), Keep(new AlignedArray<Vector512<double>>(vectors)));
        for (nint i = 0; i < vectors; i++)
        {
            from.Start[i] = Vector512.Create((double)i);
        }

        double[] Numbers() => [.. new Span<double>(to.Start, 2 << Wires)];
        OrdinaryStores();
        var used = Numbers();
        StoresPastTheCaches();
        RequireEqual(used, Numbers());
    }

    [Benchmark(Baseline = true)]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OrdinaryStores()
    {
        var (source, target, count) = ((nint)from.Start, (nint)to.Start, from.Length);
        for (nint i = 0; i < count; i++)
        {
            ((Vector512<double>*)target)[i] = ((Vector512<double>*)source)[i ^ Moved];
        }
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void StoresPastTheCaches()
    {
        var (source, target, count) = ((nint)from.Start, (nint)to.Start, from.Length);
        for (nint i = 0; i < count; i++)
        {
            ((Vector512<double>*)source)[i ^ Moved].StoreAlignedNonTemporal((double*)((Vector512<double>*)target + i));
        }
    }
}
