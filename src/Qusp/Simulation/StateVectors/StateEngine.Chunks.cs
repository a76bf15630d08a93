// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// What a thread does with a chunk of the state, and the way forward.
internal sealed unsafe partial class StateEngine<V, T>
{
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
}
