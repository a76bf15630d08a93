// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// From the final state to outputs, and from cotangents of the outputs to the adjoint state.
internal sealed unsafe partial class StateEngine<V, T>
{
    private (Marginal<V, T> Marginal, int FirstFlip, int LastFlip, int First, nint Results, double Scale) reading; // or cotangents, to read from

    private void Read(T* results)
    {
        if (!program.Words.Sums.IsEmpty)
        {
            Sum(Work.Words, program.Words.Sums);
        }

        program.Words.Write(results, scale * scale);
        (reading.Results, reading.Scale) = ((nint)results, scale);
        foreach (var marginal in marginals)
        {
            for (var flip = 0; flip < marginal.Flips; flip += marginal.FlipsAtOnce)
            {
                (reading.Marginal, reading.FirstFlip, reading.LastFlip) = (marginal, flip, Math.Min(marginal.Flips, flip + marginal.FlipsAtOnce));
                ReadMarginal();
            }
        }

        foreach (var first in readout.States)
        {
            reading.First = first;
            Each(Work.Amplitudes);
        }
    }

    /// <summary>λ from the cotangents, with d(Σ_k g_k·output_k) = Re⟨λ|dψ⟩.</summary>
    private void Seed(ReadOnlySpan<T> cotangents)
    {
        program.Words.TakeFrom(cotangents);
        fixed (T* from = cotangents)
        {
            (reading.Results, reading.Scale) = ((nint)from, scale);
            Each(Work.Seed);
        }
    }

    private void Words(int chunk, int slot)
    {
        var (first, last) = Part(chunk, (nint)1 << (bits - WordSums<V, T>.BlockBits(bits)));
        for (var block = first; block < last; block++)
        {
            program.Words.Add(state, block, (V*)scratch[slot].Start, SumsOf(chunk));
        }
    }

    // Chunks are cut by what is measured where that is enough, and write what they sum; else several have sums in common.
    private void ReadMarginal()
    {
        var (of, firstFlip, lastFlip, _, results, norm) = reading;
        ClearSums((lastFlip - firstFlip) * of.SumsPerFlip);
        Each(Work.Marginal);
        var sharing = Sharing(of);
        for (var chunk = 0; chunk < chunks && sharing > 1; chunk += sharing)
        {
            var total = SumsOf(chunk);
            for (var other = chunk + 1; other < chunk + sharing; other++)
            {
                var more = SumsOf(other);
                for (var k = 0; k < total.Length; k++)
                {
                    total[k] += more[k];
                }
            }

            of.Write(Marginal<V, T>.Spread(chunk / sharing, of.MeasuredBlocks), firstFlip, lastFlip, total, norm * norm, (T*)results);
        }
    }

    private int Sharing(Marginal<V, T> of) => Math.Max(1, chunks >> BitOperations.PopCount((nuint)of.MeasuredBlocks));

    private void ReadMarginal(int chunk, int slot)
    {
        var (of, firstFlip, lastFlip, _, results, norm) = reading;
        var sharing = Sharing(of);
        var groups = chunks / sharing;
        var (measured, summed) = ((nint)1 << BitOperations.PopCount((nuint)of.MeasuredBlocks), (nint)1 << BitOperations.PopCount((nuint)of.SummedBlocks));
        var (group, part) = (chunk / sharing, chunk % sharing);
        var sums = SumsOf(chunk);
        for (var k = group * measured / groups; k < (group + 1) * measured / groups; k++)
        {
            sums.Clear();
            var row = Marginal<V, T>.Spread(k, of.MeasuredBlocks);
            for (var e = part * summed / sharing; e < (part + 1) * summed / sharing; e++)
            {
                of.Add(state, row | Marginal<V, T>.Spread(e, of.SummedBlocks), firstFlip, lastFlip, (V*)scratch[slot].Start, sums);
            }

            if (sharing == 1)
            {
                of.Write(row, firstFlip, lastFlip, sums, norm * norm, (T*)results);
            }
        }
    }

    private void Amplitudes(int chunk)
    {
        var (first, last) = Part(chunk, vectors);
        Interleaved<V, T>.Write(state, first, last, T.CreateTruncating(reading.Scale), (T*)reading.Results + reading.First);
    }

    private void Seed(int chunk, int slot)
    {
        var blockBits = WordSums<V, T>.BlockBits(bits);
        var count = (nint)1 << (blockBits - LaneConstants<V, T>.Bits);
        var (first, last) = Part(chunk, (nint)1 << (bits - blockBits));
        var cotangents = (T*)reading.Results;
        var numbers = (V*)scratch[slot].Start;
        for (var block = first; block < last; block++)
        {
            var (start, end) = (block * count, (block + 1) * count);
            Clear(adjoint, start, end);
            program.Words.Seed(adjoint, state, block, numbers);
            foreach (var marginal in marginals)
            {
                marginal.Seed(adjoint, state, block, cotangents, numbers);
            }

            foreach (var output in readout.States)
            {
                Interleaved<V, T>.AddTo(adjoint, start, end, T.CreateTruncating(1 / reading.Scale), cotangents + output);
            }
        }
    }

    private static void Clear(Planes<V> planes, nint first, nint last)
    {
        NativeMemory.Clear(planes.Re + first, (nuint)(last - first) * (nuint)sizeof(V));
        if (planes.Im is not null)
        {
            NativeMemory.Clear(planes.Im + first, (nuint)(last - first) * (nuint)sizeof(V));
        }
    }
}
