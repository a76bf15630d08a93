// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using StateTurns = Qusp.Simulation.StateVectors.TurnKernels<Qusp.Simulation.Lanes.Lanes512<double>, double>;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// Rotations of the six highest wires: 64 tiles of 512 bytes are copied to a buffer, turned there and copied back, one pass
/// over memory, against two rounds of three wires in registers, two passes.
/// </summary>
public unsafe class TilesOfSixWires : TwoDesigns
{
    private const int LaneBits = 3;
    private const int Six = 6;
    private const int TileBits = 3; // vectors of a tile: 64 tiles are 32 KiB
    private AlignedArray<V> buffer = null!;
    private TurnRounds<V, double> high = null!, low = null!;
    private Planes<V> state;

    [Params(20, 24)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        state = NewState(Wires);
        buffer = Keep(new AlignedArray<V>((nint)1 << (Six + TileBits)));
        Turn[] turns = [.. Enumerable.Range(Wires - Six, Six).Select(bit => new Turn(bit, -1, 0.2 + (0.3 * bit)))];
        high = new(turns, LaneBits);
        low = new(turns.Select(turn => turn with { Bit = turn.Bit - (Wires - Six) + TileBits + LaneBits }), LaneBits);
        high.Fill([], [], inverse: false);
        low.Fill([], [], inverse: false);

        var start = Copy(state, Wires);
        ThreeInRegisters();
        var used = Copy(state, Wires);
        Restore(start, state, Wires);
        SixInTiles();
        RequireEqual(used, Copy(state, Wires));
        Restore(start, state, Wires);
    }

    [Benchmark(Baseline = true)]
    public void ThreeInRegisters()
    {
        foreach (ref readonly var round in high.Rounds)
        {
            StateTurns.Round(state.Re, round, 0, (nint)1 << (Wires - LaneBits - round.Count));
            StateTurns.Round(state.Im, round, 0, (nint)1 << (Wires - LaneBits - round.Count));
        }
    }

    [Benchmark]
    public void SixInTiles()
    {
        SixInTiles(state.Re);
        SixInTiles(state.Im);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SixInTiles(V* plane)
    {
        const nint tile = 1 << TileBits;
        var apart = (nint)1 << (Wires - Six - LaneBits);
        for (nint at = 0; at < apart; at += tile)
        {
            for (nint k = 0; k < 1 << Six; k++)
            {
                for (nint i = 0; i < tile; i++)
                {
                    buffer.Start[(k * tile) + i] = plane[(k * apart) + at + i];
                }
            }

            foreach (ref readonly var round in low.Rounds)
            {
                StateTurns.Round(buffer.Start, round, 0, (tile << Six) >> round.Count);
            }

            for (nint k = 0; k < 1 << Six; k++)
            {
                for (nint i = 0; i < tile; i++)
                {
                    plane[(k * apart) + at + i] = buffer.Start[(k * tile) + i];
                }
            }
        }
    }
}
