// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using StateTurns = Qusp.Simulation.StateVectors.TurnKernels<Qusp.Simulation.Lanes.Lanes512<double>, double>;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// A real rotation of every wire above the lanes: one wire a pass, with all four products or with the factor left out
/// (<c>ScaledTurn</c>); three wires a pass; and, as Qusp does it, three at a time within a block that stays in the cache.
/// </summary>
public unsafe class RotationsOneByOne : TwoDesigns
{
    private const int LaneBits = 3;
    private const int BlockBits = 12;
    private Planes<V> state;
    private (double Cos, double Sin)[] turns = [];
    private TurnRounds<V, double> inBlocks = null!, threes = null!;
    private TurnRounds<V, double>[] ones = [];

    [Params(12, 20, 24)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        state = NewState(Wires);
        Turn[] all = [.. Enumerable.Range(LaneBits, Wires - LaneBits).Select(bit => new Turn(bit, -1, 0.2 + (0.3 * bit)))];
        turns = [.. all.Select(turn => turn.At([], []))];
        inBlocks = new(all, Math.Min(Wires, BlockBits));
        threes = new(all, LaneBits);
        ones = [.. all.Select(turn => new TurnRounds<V, double>([turn], LaneBits))];
        foreach (var rounds in (TurnRounds<V, double>[])[inBlocks, threes, .. ones])
        {
            rounds.Fill([], [], inverse: false);
        }

        var start = Copy(state, Wires);
        ThreeWiresInABlock();
        var used = Copy(state, Wires).Select(number => inBlocks.Scale * number).ToArray();
        foreach (var (lost, scale) in ((Action, double)[])[(ThreeWiresAPass, threes.Scale), (OneWireAPass, ones.Aggregate(1.0, (scale, rounds) => scale * rounds.Scale)), (OneWireAPassFourProducts, 1)])
        {
            Restore(start, state, Wires);
            lost();
            RequireEqual(used, [.. Copy(state, Wires).Select(number => scale * number)]);
        }

        Restore(start, state, Wires);
    }

    [Benchmark(Baseline = true)]
    public void ThreeWiresInABlock() => Turn(inBlocks);

    [Benchmark]
    public void ThreeWiresAPass() => Turn(threes);

    [Benchmark]
    public void OneWireAPass()
    {
        foreach (var rounds in ones)
        {
            Turn(rounds);
        }
    }

    [Benchmark]
    public void OneWireAPassFourProducts()
    {
        for (var k = 0; k < turns.Length; k++)
        {
            FourProducts(state.Re, k, turns[k].Cos, turns[k].Sin);
            FourProducts(state.Im, k, turns[k].Cos, turns[k].Sin);
        }
    }

    private void Turn(TurnRounds<V, double> rounds)
    {
        Turn(state.Re, rounds);
        Turn(state.Im, rounds);
    }

    private void Turn(V* plane, TurnRounds<V, double> rounds)
    {
        var vectors = (nint)1 << (Wires - LaneBits);
        var count = rounds.InnerRounds > 0 ? (nint)1 << (BlockBits - LaneBits) : vectors;
        for (nint first = 0; first < vectors; first += count)
        {
            foreach (ref readonly var round in rounds.Rounds[..rounds.InnerRounds])
            {
                StateTurns.Round(plane + first, round, 0, count >> round.Count);
            }
        }

        foreach (ref readonly var round in rounds.Rounds[rounds.InnerRounds..])
        {
            StateTurns.Round(plane, round, 0, vectors >> round.Count);
        }
    }

    // Amplitudes keep their scale through any number of turns: c² + s² = 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FourProducts(V* plane, int bit, double cos, double sin)
    {
        var (c, s, half) = (V.Broadcast(cos), V.Broadcast(sin), (nint)1 << bit);
        for (nint i = 0; i < (nint)1 << (Wires - LaneBits - 1); i++)
        {
            var at = plane + StateTurns.Spread(i, bit);
            (at[0], at[half]) = (V.MultiplyAdd(-s, at[half], c * at[0]), V.MultiplyAdd(s, at[0], c * at[half]));
        }
    }
}
