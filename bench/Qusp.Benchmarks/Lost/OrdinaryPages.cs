// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using StateTurns = Qusp.Simulation.StateVectors.TurnKernels<Qusp.Simulation.Lanes.Lanes512<double>, double>;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// Rotations of all wires above the lanes, three a pass, on pages of 4 KiB against those of 2 MiB that <see cref="AlignedArray{T}"/>
/// asks for (Linux; where the system gives large pages to all, or to none, there is no difference to see).
/// </summary>
public unsafe class OrdinaryPages : TwoDesigns
{
    private const int LaneBits = 3;
    private Unadvised small = null!;
    private AlignedArray<V> large = null!;
    private TurnRounds<V, double> turns = null!;

    [Params(20, 24)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        var vectors = (nint)1 << (Wires - LaneBits);
        large = Keep(new AlignedArray<V>(vectors));
        small = Keep(new Unadvised((nuint)vectors * (nuint)sizeof(V)));
        new Span<double>(large.Start, 1 << Wires).Fill(1);
        new Span<double>(small.Start, 1 << Wires).Fill(1);
        turns = new(Enumerable.Range(LaneBits, Wires - LaneBits).Select(bit => new Turn(bit, -1, 0.2 + (0.3 * bit))), LaneBits);
        turns.Fill([], [], inverse: false);
        LargePages();
        SmallPages();
        RequireEqual([.. new Span<double>(large.Start, 1 << Wires)], [.. new Span<double>(small.Start, 1 << Wires)]);
        new Span<double>(large.Start, 1 << Wires).Clear();
        new Span<double>(small.Start, 1 << Wires).Clear();
    }

    [Benchmark(Baseline = true)]
    public void LargePages() => Turn(large.Start);

    [Benchmark]
    public void SmallPages() => Turn(small.Start);

    private void Turn(V* plane)
    {
        foreach (ref readonly var round in turns.Rounds)
        {
            StateTurns.Round(plane, round, 0, (nint)1 << (Wires - LaneBits - round.Count));
        }
    }

    private sealed class Unadvised(nuint bytes) : IDisposable
    {
        public V* Start { get; } = (V*)NativeMemory.AlignedAlloc(bytes, 64);

        public void Dispose() => NativeMemory.AlignedFree(Start);
    }
}
