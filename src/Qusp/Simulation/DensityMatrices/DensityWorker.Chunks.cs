// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

// What a thread does with its chunk of the vector: all steps of a run.
internal sealed unsafe partial class DensityWorker<V, W, T>
{
    private (Work Work, int Run) current;

    private enum Work
    {
        Forward,
        ForwardKeepingStarts, // of segments
        ForwardKeepingAll, // states before irreversible steps too
        Backward,
    }

    void IChunkedWork.Run(int chunk, int slot)
    {
        var run = layout.Runs[current.Run];
        var own = scratch + (slot * scratchSize);
        var at = rooms + (slot * 4 * room);
        if (current.Work == Work.Backward)
        {
            Backward(run, chunk, new(at, at + room), new(at + (2 * room), at + (3 * room)), own);
        }
        else
        {
            Forward(run, chunk, new(at, at + room), own);
        }
    }

    private void Forward(int from, int to, Work work)
    {
        for (var i = from; i < to; i++)
        {
            Share(i, work);
        }
    }

    private void Share(int run, Work work)
    {
        current = (work, run);
        crew.Run(layout.Runs[run].Chunks, this, shared: true);
    }

    private Planes<V> Saved(int place) => At(new(saved, saved + size), 2 * place * size);

    private static Planes<V> At(Planes<V> on, nint index) => new(on.Re + index, on.Im + index);

    private void Forward(PlacedRun run, int chunk, Planes<V> room, V* own)
    {
        var on = current.Run == 0 ? Zero(run, chunk, room) : Take(run, chunk, state, room);
        if (run.Start >= 0 && current.Work != Work.Forward)
        {
            Put(run, chunk, on, Saved(run.Start));
        }

        foreach (ref readonly var placed in run.Steps.AsSpan())
        {
            if (placed.Place >= 0 && current.Work == Work.ForwardKeepingAll)
            {
                Copy(on, At(Saved(placed.Place), chunk * run.Size), run.Size);
            }

            Apply(placed, adjointly: false, on, own);
        }

        Put(run, chunk, on, state);
        if (current.Work == Work.ForwardKeepingAll && current.Run == layout.Runs.Length - 1)
        {
            Clear(At(adjoint, chunk * run.Size), run.Size);
        }
    }

    // The adjoint observable goes back through the chunk's steps; the state is undone, or taken up where it was kept.
    private void Backward(PlacedRun run, int chunk, Planes<V> room, Planes<V> adjointRoom, V* own)
    {
        var (on, back) = (Take(run, chunk, state, room), Take(run, chunk, adjoint, adjointRoom));
        var chunkTurns = turns + ((nint)chunk * run.Turns);
        for (var i = run.Steps.Length - 1; i >= 0; i--)
        {
            ref readonly var placed = ref run.Steps.AsSpan()[i];
            if (placed.Place >= 0)
            {
                on = At(Saved(placed.Place), chunk * run.Size);
            }
            else
            {
                Apply(placed, adjointly: true, on, own);
            }

            if (placed.Turns >= 0)
            {
                Differentiate(placed, on, back, chunkTurns + placed.Turns, own);
            }

            Apply(placed, adjointly: true, back, own);
        }

        if (current.Run > 0)
        {
            Put(run, chunk, on, state);
            Put(run, chunk, back, adjoint);
        }
    }

    // A chunk by itself: where its stretches lie between another thread's, each fetches the other's lines ahead of its own.
    private static Planes<V> Take(PlacedRun run, int chunk, Planes<V> from, Planes<V> room)
    {
        if (run.IsInPlace)
        {
            return At(from, chunk * run.Size);
        }

        var at = IndexBits.Setting(chunk, run.Cut);
        for (nint to = 0; to < run.Size; to += run.Stretch, at = Next(run, at))
        {
            Copy(At(from, at), At(room, to), run.Stretch);
        }

        return room;
    }

    private static void Put(PlacedRun run, int chunk, Planes<V> from, Planes<V> to)
    {
        var at = IndexBits.Setting(chunk, run.Cut);
        for (nint next = 0; next < run.Size; next += run.Stretch, at = Next(run, at))
        {
            Copy(At(from, next), At(to, at), run.Stretch);
        }
    }

    // The next stretch of the same chunk.
    private static nint Next(PlacedRun run, nint at) => (((at | run.Cut) + run.Stretch) & ~run.Cut) | (at & run.Cut);

    // A chunk of |0…0⟩⟨0…0|.
    private Planes<V> Zero(PlacedRun run, int chunk, Planes<V> room)
    {
        var on = run.IsInPlace ? At(state, chunk * run.Size) : room;
        Clear(on, run.Size);
        on.Re[0] = chunk == 0 ? V.Broadcast(T.One) : default;
        return on;
    }

    private static void Clear(Planes<V> on, nint count)
    {
        NativeMemory.Clear(on.Re, (nuint)count * (nuint)sizeof(V));
        NativeMemory.Clear(on.Im, (nuint)count * (nuint)sizeof(V));
    }

    private static void Copy(Planes<V> from, Planes<V> to, nint count)
    {
        if (from.Re != to.Re)
        {
            var bytes = count * sizeof(V);
            Buffer.MemoryCopy(from.Re, to.Re, bytes, bytes);
            Buffer.MemoryCopy(from.Im, to.Im, bytes, bytes);
        }
    }

    private static Planes<W> Wider(Planes<V> on) => new((W*)on.Re, (W*)on.Im);

    private void Apply(in PlacedStep placed, bool adjointly, Planes<V> on, V* own)
    {
        foreach (ref readonly var piece in placed.Blocks.AsSpan())
        {
            var (d, square) = (piece.Block.Size, piece.Block.Size * piece.Block.Size);
            var matrix = new LaneMatrix<V>(matrices.Re + piece.Matrix, matrices.Im + piece.Matrix);
            if (adjointly)
            {
                matrix = ConjugateTranspose(d, matrix, new(own + turnedAt, own + turnedAt + square));
            }

            if (placed.Wide is { } wide)
            {
                var re = (W*)own;
                var im = re + square;
                for (var e = 0; e < square; e++)
                {
                    (re[e], im[e]) = (W.Broadcast(*(T*)(matrix.Re + e)), W.Broadcast(*(T*)(matrix.Im + e)));
                }

                BlockKernels.Apply<W, T>(wide, piece.Wide!, new LaneMatrix<W>(re, im), Wider(on), im + square);
            }
            else
            {
                BlockKernels.Apply<V, T>(placed.Step.Groups, piece.Block, matrix, on, own);
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

    // From the sums of the pieces' entries over the chunk to the factors.
    private void Differentiate(in PlacedStep placed, Planes<V> on, Planes<V> back, V* to, V* own)
    {
        for (var m = 0; m < plan.Sources[placed.Step.Source].Factors; m++)
        {
            to[m] = default;
        }

        foreach (ref readonly var piece in placed.Blocks.AsSpan())
        {
            var count = piece.Block.Entries.Length;
            var sums = new LaneMatrix<V>(own, own + count);
            if (placed.Wide is { } wide)
            {
                var re = (W*)own;
                var im = re + count;
                BlockKernels.Outer<W, T>(wide, piece.Wide!, Wider(on), Wider(back), new LaneMatrix<W>(re, im));
                for (var e = 0; e < 2 * count; e++)
                {
                    own[e] = V.Broadcast(Sum(re + e)); // of numbers that are behind it
                }
            }
            else
            {
                BlockKernels.Outer<V, T>(placed.Step.Groups, piece.Block, on, back, sums);
            }

            var (at, last) = (-1, -1);
            foreach (var (entry, m, value) in piece.Block.Terms)
            {
                if (m == 0)
                {
                    continue; // that factor is 1
                }

                (at, last) = (entry == last ? at : at + 1, entry);
                var turn = V.MultiplyAdd(sums.Re[at], V.Broadcast(T.CreateTruncating(value.Real)), to[m]);
                to[m] = V.MultiplyAdd(sums.Im[at], V.Broadcast(T.CreateTruncating(-value.Imaginary)), turn);
            }
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
