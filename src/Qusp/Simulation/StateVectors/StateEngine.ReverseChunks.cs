// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// What a thread does with a chunk of the state and of the adjoint state on the way back.
internal sealed unsafe partial class StateEngine<V, T>
{
    private const int WordBits = 12; // blocks in which parity words are summed: 2^12 numbers stay in the first cache
    private const int FlushGroups = 128; // vectors that are summed in the state's precision before they are added in double

    // Σ λ_im ψ_re − λ_re ψ_im by parity words: the derivatives by phases.
    private void Overlaps(int chunk, int slot)
    {
        var wordBits = Math.Min(bits, WordBits);
        var count = (nint)1 << (wordBits - LaneConstants<V, T>.Bits);
        var numbers = (V*)scratch[slot].Start;
        var (first, last) = Part(chunk, (nint)1 << (bits - wordBits));
        for (var block = first; block < last; block++)
        {
            var re = state.Re + (block * count);
            var im = state.Im + (block * count);
            var dualRe = adjoint.Re + (block * count);
            var dualIm = adjoint.Im + (block * count);
            for (nint k = 0; k < count; k++)
            {
                numbers[k] = V.MultiplyAdd(dualIm[k], re[k], -(dualRe[k] * im[k]));
            }

            WordSums<V, T>.Add((T*)numbers, wordBits, block, current.Masks, SumsOf(chunk));
        }
    }

    private void ReverseInnerTurns(int chunk, int slot)
    {
        var blockBits = BlockBits(bits) - LaneConstants<V, T>.Bits;
        var (first, last) = Part(chunk, vectors >> blockBits);
        for (var block = first; block < last; block++)
        {
            var start = block << blockBits;
            ReverseInnerTurns(state.Re + start, adjoint.Re + start, (nint)1 << blockBits, (V*)scratch[slot].Start, SumsOf(chunk));
            if (state.Im is not null)
            {
                ReverseInnerTurns(state.Im + start, adjoint.Im + start, (nint)1 << blockBits, (V*)scratch[slot].Start, SumsOf(chunk));
            }
        }
    }

    private void ReverseInnerTurns(V* plane, V* dual, nint count, V* lanes, Span<double> to)
    {
        var rounds = current.Rounds;
        if (!rounds.Lanes.IsEmpty)
        {
            NativeMemory.Clear(lanes, (nuint)(rounds.Lanes.Length * sizeof(V)));
            ReverseTurnKernels<V, T>.Lanes(plane, dual, count, rounds.Lanes, rounds.LaneCotangents, lanes);
            for (var k = 0; k < rounds.Lanes.Length; k++)
            {
                ref readonly var lane = ref rounds.Lanes[k];
                to[lane.Turn] -= lane.Scale * lane.Scale * LaneConstants<V, T>.Sum(lanes[k], LaneConstants<V, T>.Sign(rounds.Turns[lane.Turn].Bit));
            }
        }

        foreach (ref readonly var round in rounds.Rounds[..rounds.InnerRounds])
        {
            ReverseRound(plane, dual, round, 0, count >> round.Count, lanes, to);
        }
    }

    private void ReverseOuterTurns(int chunk, int slot)
    {
        var round = current.Rounds.Rounds[current.Round];
        var (first, last) = Part(chunk, vectors >> round.Count);
        for (var from = first; from < last; from += FlushGroups)
        {
            var until = Math.Min(last, from + FlushGroups);
            ReverseRound(state.Re, adjoint.Re, round, from, until, (V*)scratch[slot].Start, SumsOf(chunk));
            if (state.Im is not null)
            {
                ReverseRound(state.Im, adjoint.Im, round, from, until, (V*)scratch[slot].Start, SumsOf(chunk));
            }
        }
    }

    private static void ReverseRound(V* plane, V* dual, in TurnRound<T> round, nint first, nint last, V* lanes, Span<double> to)
    {
        NativeMemory.Clear(lanes, (nuint)(3 * sizeof(V)));
        ReverseTurnKernels<V, T>.Round(plane, dual, round, first, last, lanes);
        var factor = round.Scale * round.Scale;
        to[round.Turns.First] += factor * LaneConstants<V, T>.Sum(lanes[0]);
        if (round.Count > 1)
        {
            to[round.Turns.Second] += factor * LaneConstants<V, T>.Sum(lanes[1]);
        }

        if (round.Count > 2)
        {
            to[round.Turns.Third] += factor * LaneConstants<V, T>.Sum(lanes[2]);
        }
    }

    private void ProductSums(int chunk, int slot)
    {
        var product = program.Product!;
        var lowSums = scratch[slot].Start;
        new Span<T>(lowSums, 1 << product.LowBits).Clear();
        var (first, last) = Part(chunk, (nint)1 << (bits - product.LowBits));
        product.Sum(adjoint.Re, first, last, (V*)lowSums);
        for (var k = 0; k < product.Turns.Length; k++)
        {
            var bit = product.Turns[k].Bit;
            SumsOf(chunk)[k] += bit < product.LowBits ? product.LowDerivative(bit, lowSums) : 0;
        }
    }
}
