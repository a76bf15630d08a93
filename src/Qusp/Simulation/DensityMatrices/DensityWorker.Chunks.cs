// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

// What a thread does with its chunk of the vector: all steps of a run.
internal sealed unsafe partial class DensityWorker<V, W, T>
{
    private (Work Work, PlacedRun Run) current;

    private enum Work
    {
        Clear, // chunks as of the run that comes next: they lie in the caches of the same threads
        ClearAdjoint,
        Forward,
        ForwardKeepingStarts, // of segments
        ForwardKeepingAll, // states before irreversible steps too
        Backward,
    }

    void IChunkedWork.Run(int chunk, int slot)
    {
        var (run, origin) = (current.Run, current.Run.Origin(chunk));
        var own = scratch + (slot * scratchSize);
        switch (current.Work)
        {
            case Work.Clear:
                Clear(run, origin, state);
                break;
            case Work.ClearAdjoint:
                Clear(run, origin, adjoint);
                break;
            case Work.Backward:
                Backward(run, origin, turns + ((nint)chunk * run.Turns), own);
                break;
            default:
                Forward(run, origin, own);
                break;
        }
    }

    private void Forward(int from, int to, Work work)
    {
        for (var i = from; i < to; i++)
        {
            Share(layout.Runs[i], work);
        }
    }

    private void Share(PlacedRun run, Work work)
    {
        current = (work, run);
        crew.Run(run.Chunks, this, shared: true);
    }

    private Planes<V> Saved(int place) => new(saved + (2 * place * size), saved + (((2 * place) + 1) * size));

    private void Forward(PlacedRun run, nint origin, V* own)
    {
        if (run.Start >= 0 && current.Work != Work.Forward)
        {
            Copy(run, origin, Saved(run.Start));
        }

        foreach (ref readonly var placed in run.Steps.AsSpan())
        {
            if (placed.Place >= 0 && current.Work == Work.ForwardKeepingAll)
            {
                Copy(run, origin, Saved(placed.Place));
            }

            Apply(placed, origin, adjointly: false, state, own);
        }
    }

    // The adjoint observable goes back through the chunk's steps; the state is undone, or taken up where it was kept.
    private void Backward(PlacedRun run, nint origin, V* chunkTurns, V* own)
    {
        var on = state;
        for (var i = run.Steps.Length - 1; i >= 0; i--)
        {
            ref readonly var placed = ref run.Steps.AsSpan()[i];
            if (placed.Place >= 0)
            {
                on = Saved(placed.Place);
            }
            else
            {
                Apply(placed, origin, adjointly: true, on, own);
            }

            if (placed.Turns >= 0)
            {
                Differentiate(placed, origin, on, chunkTurns + placed.Turns, own);
            }

            Apply(placed, origin, adjointly: true, adjoint, own);
        }
    }

    private void Clear(PlacedRun run, nint origin, Planes<V> on)
    {
        if (run.Wide is { } wide)
        {
            var clear = new ClearKernel<W>(Wider(on));
            StepGroups.ForEach(wide, origin >> layout.Shift, ref clear);
        }
        else
        {
            var clear = new ClearKernel<V>(on);
            StepGroups.ForEach(run.Whole, origin, ref clear);
        }
    }

    private void Copy(PlacedRun run, nint origin, Planes<V> to)
    {
        if (to.Re == state.Re)
        {
            return; // a segment computed once more begins where it was kept
        }

        if (run.Wide is { } wide)
        {
            var copy = new CopyKernel<W>(Wider(state), Wider(to));
            StepGroups.ForEach(wide, origin >> layout.Shift, ref copy);
        }
        else
        {
            var copy = new CopyKernel<V>(state, to);
            StepGroups.ForEach(run.Whole, origin, ref copy);
        }
    }

    private static Planes<W> Wider(Planes<V> on) => new((W*)on.Re, (W*)on.Im);

    private void Apply(in PlacedStep placed, nint origin, bool adjointly, Planes<V> on, V* own)
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

                BlockKernels.Apply<W, T>(wide, origin >> layout.Shift, piece.Wide!, new LaneMatrix<W>(re, im), Wider(on), im + square);
            }
            else
            {
                BlockKernels.Apply<V, T>(placed.Groups, origin, piece.Block, matrix, on, own);
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
    private void Differentiate(in PlacedStep placed, nint origin, Planes<V> on, V* to, V* own)
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
                BlockKernels.Outer<W, T>(wide, origin >> layout.Shift, piece.Wide!, Wider(on), Wider(adjoint), new LaneMatrix<W>(re, im));
                for (var e = 0; e < 2 * count; e++)
                {
                    own[e] = V.Broadcast(Sum(re + e)); // of numbers that are behind it
                }
            }
            else
            {
                BlockKernels.Outer<V, T>(placed.Groups, origin, piece.Block, on, adjoint, sums);
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
