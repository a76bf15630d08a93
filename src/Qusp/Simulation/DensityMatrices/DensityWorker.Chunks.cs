// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

// What a thread does with its part of a step.
internal sealed unsafe partial class DensityWorker<V, W, T>
{
    private const int MinSharedBits = 12; // log2 of the numbers; what is shorter is done before another thread has begun
    private const int ChunkBits = 14;
    private const int MaxChunksBits = 6;

    private (Work Work, PlacedStep Step, Planes<V> On) current;
    private (nint From, nint To) copy;

    private enum Work
    {
        Apply,
        ApplyAdjoint,
        Differentiate,
        Copy,
    }

    void IChunkedWork.Run(int chunk, int slot)
    {
        switch (current.Work)
        {
            case Work.Apply or Work.ApplyAdjoint:
                Apply(chunk, scratch + (slot * scratchSize));
                break;
            case Work.Differentiate:
                Differentiate(chunk, scratch + (slot * scratchSize));
                break;
            case Work.Copy:
                var (first, last) = Part(chunk, 2 * size);
                var bytes = (last - first) * sizeof(V);
                Buffer.MemoryCopy((V*)copy.From + first, (V*)copy.To + first, bytes, bytes);
                break;
        }
    }

    private static int Chunks(int bits) => bits < MinSharedBits ? 1 : 1 << Math.Clamp(bits - ChunkBits, 1, MaxChunksBits);

    private (nint First, nint Last) Part(int chunk, nint count) => (chunk * count / chunks, (chunk + 1) * count / chunks);

    private void Share(Work work, in PlacedStep placed, Planes<V> on)
    {
        current = (work, placed, on);
        crew.Run(chunks, this, shared: true);
    }

    private void Apply(in PlacedStep placed, bool adjointly, Planes<V> on) => Share(adjointly ? Work.ApplyAdjoint : Work.Apply, placed, on);

    // Both planes of a state.
    private void Copy(V* from, V* to)
    {
        copy = ((nint)from, (nint)to);
        Share(Work.Copy, default, default);
    }

    private void Apply(int chunk, V* own)
    {
        var on = current.On;
        foreach (var (block, wider, at) in current.Step.Blocks)
        {
            var matrix = new LaneMatrix<V>(matrices.Re + at, matrices.Im + at);
            var square = block.Size * block.Size;
            if (current.Work == Work.ApplyAdjoint)
            {
                matrix = ConjugateTranspose(block.Size, matrix, new(own + turnedAt, own + turnedAt + square));
            }

            if (wider is null)
            {
                BlockKernels.Apply<V, T>(current.Step.Step, Part(chunk, StepGroups.Count(current.Step.Step)), block, matrix, on, own);
            }
            else
            {
                var re = (W*)own;
                var im = re + square;
                for (var e = 0; e < square; e++)
                {
                    (re[e], im[e]) = (W.Broadcast(*(T*)(matrix.Re + e)), W.Broadcast(*(T*)(matrix.Im + e)));
                }

                var wide = current.Step.Wide!;
                BlockKernels.Apply<W, T>(
                    wide, Part(chunk, StepGroups.Count(wide)), wider, new LaneMatrix<W>(re, im), new Planes<W>((W*)on.Re, (W*)on.Im), im + square);
            }
        }
    }

    private static LaneMatrix<V> ConjugateTranspose(int d, LaneMatrix<V> matrix, LaneMatrix<V> to)
    {
        for (var r = 0; r < d; r++)
        {
            for (var c = 0; c < d; c++)
            {
                to.Re[(r * d) + c] = matrix.Re[(c * d) + r];
                to.Im[(r * d) + c] = -matrix.Im[(c * d) + r];
            }
        }

        return to;
    }

    // The sums of a chunk's groups, of all the step's blocks one after the other.
    private void Differentiate(int chunk, V* own)
    {
        var to = new LaneMatrix<V>(sums.Re + (chunk * current.Step.Entries), sums.Im + (chunk * current.Step.Entries));
        foreach (var (block, wider, _) in current.Step.Blocks)
        {
            var count = block.Entries.Length;
            if (wider is null)
            {
                BlockKernels.Outer<V, T>(current.Step.Step, Part(chunk, StepGroups.Count(current.Step.Step)), block, state, adjoint, to);
            }
            else
            {
                var wide = current.Step.Wide!;
                var re = (W*)own;
                var im = re + count;
                BlockKernels.Outer<W, T>(
                    wide, Part(chunk, StepGroups.Count(wide)), wider, new Planes<W>((W*)state.Re, (W*)state.Im), new Planes<W>((W*)adjoint.Re, (W*)adjoint.Im), new LaneMatrix<W>(re, im));
                for (var e = 0; e < count; e++)
                {
                    (to.Re[e], to.Im[e]) = (V.Broadcast(Sum(re + e)), V.Broadcast(Sum(im + e)));
                }
            }

            to = new(to.Re + count, to.Im + count);
        }
    }

    private static T Sum(W* lanes)
    {
        var sum = T.Zero;
        for (var lane = 0; lane < W.Count; lane++)
        {
            sum += ((T*)lanes)[lane];
        }

        return sum;
    }
}
