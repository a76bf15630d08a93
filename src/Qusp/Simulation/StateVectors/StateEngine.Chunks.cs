// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// What a thread does with a chunk of the state.
internal sealed unsafe partial class StateEngine<V, T>
{
    private const int WordBits = 12; // blocks in which parity words are summed: 2^12 numbers stay in the first cache
    private const int FlushGroups = 128; // vectors that are summed in the state's precision before they are added in double

    private Work work;
    private (TurnRounds<V, T> Rounds, int Round, Gather<V, T> Gather, Planes<V> From, Planes<V> To, nint[] Masks, int Pass, int LastPass, bool StateStays) current;
    private double[] sums = []; // [chunks, width]
    private int width;

    private enum Work
    {
        Clear,
        Product,
        InnerTurns,
        OuterTurns,
        Move,
        MoveAndInnerTurns,
        Blocks,
        Rescale,
        Words,
        Marginal,
        Amplitudes,
        Seed,
        Overlaps,
        ReverseInnerTurns,
        ReverseOuterTurns,
        ReverseBlock,
        ProductSums,
    }

    void IChunkedWork.Run(int chunk, int slot)
    {
        switch (work)
        {
            case Work.Clear:
                Clear(chunk);
                break;
            case Work.Product:
                var (firstBlock, lastBlock) = Part(chunk, (nint)1 << (bits - program.Product!.LowBits));
                program.Product.Write(state.Re, firstBlock, lastBlock);
                if (state.Im is not null)
                {
                    Clear(state.Im, chunk);
                }

                break;
            case Work.InnerTurns:
                InnerTurns(chunk, state);
                break;
            case Work.OuterTurns:
                var round = current.Rounds.Rounds[current.Round];
                var (first, last) = Part(chunk, vectors >> round.Count);
                TurnKernels<V, T>.Round(state.Re, round, first, last);
                if (state.Im is not null)
                {
                    TurnKernels<V, T>.Round(state.Im, round, first, last);
                }

                break;
            case Work.Move:
                Move(chunk, slot);
                break;
            case Work.MoveAndInnerTurns:
                MoveAndInnerTurns(chunk, slot);
                break;
            case Work.Blocks:
                Blocks(chunk, slot);
                break;
            case Work.Rescale:
                Rescale(chunk);
                break;
            case Work.Words:
                Words(chunk, slot);
                break;
            case Work.Marginal:
                ReadMarginal(chunk, slot);
                break;
            case Work.Amplitudes:
                Amplitudes(chunk);
                break;
            case Work.Seed:
                Seed(chunk, slot);
                break;
            case Work.Overlaps:
                Overlaps(chunk, slot);
                break;
            case Work.ReverseInnerTurns:
                ReverseInnerTurns(chunk, slot);
                break;
            case Work.ReverseOuterTurns:
                ReverseOuterTurns(chunk, slot);
                break;
            case Work.ReverseBlock:
                ReverseBlock(chunk, slot);
                break;
            case Work.ProductSums:
                ProductSums(chunk, slot);
                break;
        }
    }

    private void Each(Work what)
    {
        work = what;
        crew.Run(chunks, this, isShared);
    }

    /// <summary>The same, with sums: <paramref name="totals"/> receives those of all chunks, added in order.</summary>
    private void Sum(Work what, Span<double> totals)
    {
        ClearSums(totals.Length);
        Each(what);
        totals.Clear();
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            for (var k = 0; k < width; k++)
            {
                totals[k] += sums[(chunk * width) + k];
            }
        }
    }

    private void ClearSums(int count)
    {
        width = count;
        if (sums.Length < chunks * width)
        {
            sums = new double[chunks * width];
        }

        Array.Clear(sums, 0, chunks * width);
    }

    private Span<double> SumsOf(int chunk) => sums.AsSpan(chunk * width, width);

    private (nint First, nint Last) Part(int chunk, nint count) => (chunk * count / chunks, (chunk + 1) * count / chunks);

    private void Clear(int chunk)
    {
        Clear(state.Re, chunk);
        if (state.Im is not null)
        {
            Clear(state.Im, chunk);
        }
    }

    private void Clear(V* plane, int chunk)
    {
        var (first, last) = Part(chunk, vectors);
        NativeMemory.Clear(plane + first, (nuint)(last - first) * (nuint)sizeof(V));
    }

    private void Rescale(int chunk)
    {
        var factor = V.Broadcast(T.CreateTruncating(scale));
        var (first, last) = Part(chunk, vectors);
        for (var k = first; k < last; k++)
        {
            current.To.Re[k] *= factor;
            if (current.To.Im is not null)
            {
                current.To.Im[k] *= factor;
            }
        }
    }

    private void InnerTurns(int chunk, Planes<V> planes)
    {
        var (first, last) = Part(chunk, (nint)1 << (bits - BlockBits(bits)));
        for (var block = first; block < last; block++)
        {
            InnerTurns(planes, block);
        }
    }

    private void Move(int chunk, int slot)
    {
        var lowBits = current.Gather.Table.LowBits;
        var (first, last) = Part(chunk, (nint)1 << (bits - lowBits));
        for (var k = first; k < last; k++)
        {
            var block = current.Gather.BlockAt(k, lowBits);
            Move(block, block + 1, slot);
        }
    }

    private void MoveAndInnerTurns(int chunk, int slot)
    {
        var (first, last) = Part(chunk, (nint)1 << (bits - BlockBits(bits)));
        var lows = (nint)1 << (BlockBits(bits) - current.Gather.Table.LowBits);
        for (var k = first; k < last; k++)
        {
            var block = current.Gather.BlockAt(k, BlockBits(bits));
            Move(block * lows, (block + 1) * lows, slot);
            InnerTurns(current.To, block);
        }
    }

    private void InnerTurns(Planes<V> planes, nint block)
    {
        var count = (nint)1 << (BlockBits(bits) - LaneConstants<V, T>.Bits);
        InnerTurns(planes.Re + (block * count), count);
        if (planes.Im is not null)
        {
            InnerTurns(planes.Im + (block * count), count);
        }
    }

    private void InnerTurns(V* plane, nint count)
    {
        var rounds = current.Rounds;
        if (!rounds.Lanes.IsEmpty)
        {
            TurnKernels<V, T>.Lanes(plane, count, rounds.Lanes, rounds.LaneCotangents);
        }

        foreach (ref readonly var round in rounds.Rounds[..rounds.InnerRounds])
        {
            TurnKernels<V, T>.Round(plane, round, 0, count >> round.Count);
        }
    }

    private void Move(nint first, nint last, int slot)
    {
        var factor = T.CreateTruncating(scale);
        if (plan.IsReal)
        {
            current.Gather.Run<RealField>(current.To, current.From, first, last, factor, scratch[slot].Start);
        }
        else
        {
            current.Gather.Run<ComplexField>(current.To, current.From, first, last, factor, scratch[slot].Start);
        }
    }

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
