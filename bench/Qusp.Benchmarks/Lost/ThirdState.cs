// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using StateTurns = Qusp.Simulation.StateVectors.TurnKernels<Qusp.Simulation.Lanes.Lanes512<double>, double>;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// The reverse sweep through a rotation of every wire above the lanes. Lost: for each gate its generator's image in a third
/// state, an overlap, then both states back, each a pass. Used: the overlaps of three wires are taken and both states turned
/// back while their amplitudes are in registers.
/// </summary>
public unsafe class ThirdState : TwoDesigns
{
    private const int LaneBits = 3;
    private Planes<V> state, dual, third;
    private TurnRounds<V, double> rounds = null!;
    private TurnRounds<V, double>[] ones = [];
    private double[] overlaps = [];

    [Params(12, 20)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        (state, dual, third) = (NewState(Wires), NewState(Wires, seed: 2), NewState(Wires));
        Turn[] turns = [.. Enumerable.Range(LaneBits, Wires - LaneBits).Select(bit => new Turn(bit, -1, 0.2 + (0.3 * bit)))];
        rounds = new(turns, LaneBits);
        rounds.Fill([], [], inverse: true);
        ones = [.. turns.Select(turn => new TurnRounds<V, double>([turn], LaneBits))];
        foreach (var one in ones)
        {
            one.Fill([], [], inverse: true);
        }

        overlaps = new double[turns.Length];
        var (first, second) = (Copy(state, Wires), Copy(dual, Wires));
        InRegisters();
        var used = overlaps.ToArray();
        Restore(first, state, Wires);
        Restore(second, dual, Wires);
        ByThirdState();
        RequireEqual(used, overlaps);
        Restore(first, state, Wires);
        Restore(second, dual, Wires);
    }

    [Benchmark(Baseline = true)]
    public void InRegisters()
    {
        Array.Clear(overlaps);
        V* sums = stackalloc V[3];
        foreach (ref readonly var round in rounds.Rounds)
        {
            var last = (nint)1 << (Wires - LaneBits - round.Count);
            (sums[0], sums[1], sums[2]) = (default, default, default);
            ReverseTurnKernels<V, double>.Round(state.Re, dual.Re, round, 0, last, sums);
            Add(round.Turns.First, sums[0], round.Scale);
            Add(round.Turns.Second, sums[1], round.Scale);
            Add(round.Turns.Third, sums[2], round.Scale);
            (sums[0], sums[1], sums[2]) = (default, default, default);
            ReverseTurnKernels<V, double>.Round(state.Im, dual.Im, round, 0, last, sums);
            Add(round.Turns.First, sums[0], round.Scale);
            Add(round.Turns.Second, sums[1], round.Scale);
            Add(round.Turns.Third, sums[2], round.Scale);
        }
    }

    [Benchmark]
    public void ByThirdState()
    {
        var (last, scale) = ((nint)1 << (Wires - LaneBits - 1), 1.0);
        for (var k = 0; k < ones.Length; k++)
        {
            overlaps[k] = 0;
            ref readonly var round = ref ones[k].Rounds[0];
            Generate(state.Re, third.Re, k);
            Generate(state.Im, third.Im, k);
            Add(k, Overlap(dual.Re, third.Re), scale);
            Add(k, Overlap(dual.Im, third.Im), scale);
            StateTurns.Round(state.Re, round, 0, last);
            StateTurns.Round(state.Im, round, 0, last);
            StateTurns.Round(dual.Re, round, 0, last);
            StateTurns.Round(dual.Im, round, 0, last);
            scale *= ones[k].Scale;
        }
    }

    private void Add(int turn, V sum, double scale) => overlaps[turn] += scale * scale * LaneConstants<V, double>.Sum(sum);

    // (a, b) → (−b, a), what a rotation's derivative is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Generate(V* from, V* to, int bit)
    {
        var half = (nint)1 << bit;
        for (nint i = 0; i < (nint)1 << (Wires - LaneBits - 1); i++)
        {
            var at = StateTurns.Spread(i, bit);
            (to[at], to[at + half]) = (-from[at + half], from[at]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Overlap(V* a, V* b)
    {
        V sum = default;
        for (nint i = 0; i < (nint)1 << (Wires - LaneBits); i++)
        {
            sum = V.MultiplyAdd(a[i], b[i], sum);
        }

        return sum;
    }
}
