// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Lanes;

// Passes of many steps, forward and back.
internal sealed unsafe partial class LaneWorker<V, T>
{
    private void Apply<F>()
        where F : IField
    {
        foreach (var pass in schedule.Passes)
        {
            switch (pass.Kind)
            {
                case PassKind.Turns:
                    Turn<F>(pass, reverse: false);
                    break;
                case PassKind.Monomial:
                    Move<F>(pass);
                    break;
                default:
                    Apply<F>(pass.Steps[0], wires, state, inverse: false);
                    break;
            }
        }
    }

    private void Reverse<F>()
        where F : IField
    {
        for (var i = schedule.Passes.Length - 1; i >= schedule.FirstVarying; i--)
        {
            var pass = schedule.Passes[i];
            switch (pass.Kind)
            {
                case PassKind.Turns:
                    Turn<F>(pass, reverse: true);
                    break;
                case PassKind.Monomial:
                    MoveBack<F>(pass, isLast: i == schedule.FirstVarying);
                    break;
                default:
                    Reverse<F>(pass.Steps[0], wires, state, adjoint);
                    break;
            }
        }
    }

    private void Turn<F>(Pass pass, bool reverse)
        where F : IField
    {
        var at = stackalloc (V Cos, V Sin)[TurnKernels<V, T>.Most];
        var gradients = stackalloc V[TurnKernels<V, T>.Most];
        var steps = pass.Steps;
        for (var first = 0; first < steps.Length; first += TurnKernels<V, T>.Most)
        {
            var count = Math.Min(TurnKernels<V, T>.Most, steps.Length - first);
            for (var k = 0; k < count; k++)
            {
                at[k] = SignedArgument(steps[first + k]);
                gradients[k] = V.Broadcast(T.Zero);
            }

            var kernel = new TurnKernels<V, T>(
                wires, steps[first].Bits[0], steps[Math.Min(first + 1, steps.Length - 1)].Bits[0], steps[Math.Min(first + 2, steps.Length - 1)].Bits[0]);
            if (!reverse)
            {
                kernel.Apply(state.Re, at, count);
                if (!F.IsReal)
                {
                    kernel.Apply(state.Im, at, count);
                }

                continue;
            }

            kernel.Reverse(state.Re, adjoint.Re, at, gradients, count);
            if (!F.IsReal)
            {
                kernel.Reverse(state.Im, adjoint.Im, at, gradients, count);
            }

            for (var k = 0; k < count; k++)
            {
                Collect(steps[first + k], gradients[k]);
            }
        }
    }

    // To another place if amplitudes move, else in place.
    private void Move<F>(Pass pass)
        where F : IField
    {
        var tables = Tables(pass);
        var source = tables.Source;
        var re = tables.Re;
        var im = tables.Im;
        var to = pass.Moves ? spare : state;
        for (nint b = 0; b < size; b++)
        {
            var from = source is null ? b : source[b];
            var x = state.Re[from];
            if (F.IsReal)
            {
                to.Re[b] = re is null ? x : x * V.LoadBroadcast(re + b);
                continue;
            }

            var y = state.Im[from];
            if (re is null)
            {
                (to.Re[b], to.Im[b]) = (x, y);
                continue;
            }

            var (c, s) = (V.LoadBroadcast(re + b), V.LoadBroadcast(im + b));
            to.Re[b] = V.MultiplyAdd(c, x, -(s * y));
            to.Im[b] = V.MultiplyAdd(c, y, s * x);
        }

        if (pass.Moves)
        {
            (state, spare) = (spare, state);
        }
    }

    // Im(λ̄ψ) of a basis state is the derivative by its phase. Phases leave it as it is and the permutation moves it,
    // so one pass finds what all phases on both sides need.
    private void MoveBack<F>(Pass pass, bool isLast)
        where F : IField
    {
        var tables = Tables(pass);
        var (before, after) = pass.VaryingPhases;
        if (before || after)
        {
            for (nint b = 0; b < size; b++)
            {
                var overlap = V.MultiplyAdd(adjoint.Im[b], state.Re[b], -(adjoint.Re[b] * state.Im[b]));
                if (after)
                {
                    diagonal[b] = overlap;
                }

                if (before)
                {
                    overlaps[tables.Source is null ? b : tables.Source[b]] = overlap;
                }
            }

            if (after)
            {
                Differentiate(pass.After, diagonal);
            }

            if (before)
            {
                Differentiate(pass.Steps, overlaps);
            }
        }

        // What is left to differentiate then, the product's steps, knows its state.
        if (!isLast)
        {
            MoveBack<F>(tables, ref state);
        }

        if (!isLast || schedule.StartVaries)
        {
            MoveBack<F>(tables, ref adjoint);
        }
    }

    private void MoveBack<F>(PassTables tables, ref Planes<V> planes)
        where F : IField
    {
        var source = tables.Source;
        var re = tables.Re;
        var im = tables.Im;
        var (from, to) = (planes, source is null ? planes : spare);
        for (nint b = 0; b < size; b++)
        {
            var at = source is null ? b : source[b];
            var x = from.Re[b];
            if (F.IsReal)
            {
                to.Re[at] = re is null ? x : x * V.LoadBroadcast(re + b);
                continue;
            }

            var y = from.Im[b];
            if (re is null)
            {
                (to.Re[at], to.Im[at]) = (x, y);
                continue;
            }

            var (c, s) = (V.LoadBroadcast(re + b), V.LoadBroadcast(im + b));
            to.Re[at] = V.MultiplyAdd(c, x, s * y);
            to.Im[at] = V.MultiplyAdd(c, y, -(s * x));
        }

        if (source is not null)
        {
            (planes, spare) = (spare, planes);
        }
    }

    // Those kept, or computed now.
    private PassTables Tables(Pass pass)
    {
        if (schedule.KeepsTables)
        {
            var kept = pass.Table < 0 ? null : shared.Turns + pass.Table;
            return new PassTables(MonomialTables.At(pass.Source), kept, kept + schedule.Places);
        }

        var source = pass.Moves ? ownSource : null;
        if (pass.Moves)
        {
            MonomialTables.Source(pass, wires, source);
        }

        if (!pass.HasPhases)
        {
            return new PassTables(source, null, null);
        }

        MonomialTables.Phases(pass, schedule, shared, source, ownTable, ownTable + size, ownTable + (2 * size));
        return new PassTables(source, ownTable, ownTable + size);
    }

    // Sums the overlaps over the basis states of each phase, those of single wires by folding one wire after the other.
    private void Differentiate(Step[] steps, V* overlap)
    {
        foreach (var step in steps)
        {
            if (step.Bits.Length > 1 && schedule.Varies(step))
            {
                var sum = V.Broadcast(T.Zero);
                var visit = new GroupStarts(step, wires);
                while (visit.Next(out var start))
                {
                    sum += overlap[start + step.Offsets[0]];
                }

                Collect(step, sum);
            }
        }

        Fold(overlap);
        var half = V.Broadcast(T.CreateChecked(0.5));
        foreach (var step in steps)
        {
            if (step.Bits.Length == 1 && schedule.Varies(step))
            {
                var difference = byWire[wires - 1 - step.Bits[0]];
                Collect(step, half * (step.Offsets[0] == 0 ? overlap[0] + difference : overlap[0] - difference));
            }
        }
    }

    /// <summary>What a monomial pass needs: where amplitudes come from, null if none moves, and phases, null if there are none.</summary>
    private readonly struct PassTables(int* source, T* re, T* im)
    {
        public readonly int* Source = source;
        public readonly T* Re = re;
        public readonly T* Im = im;
    }
}
