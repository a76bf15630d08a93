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
        var steps = pass.Turns;
        for (var first = 0; first < steps.Length; first += TurnKernels<V, T>.Most)
        {
            var count = Math.Min(TurnKernels<V, T>.Most, steps.Length - first);
            for (var k = 0; k < count; k++)
            {
                ref readonly var step = ref steps[first + k];
                at[k] = (cosines[step.Angle], step.Factor < 0 ? -sines[step.Angle] : sines[step.Angle]);
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
                ref readonly var step = ref steps[first + k];
                turns[step.Angle] = V.MultiplyAdd(V.Broadcast(T.CreateChecked(step.Factor)), gradients[k], turns[step.Angle]);
            }
        }
    }

    // To another place if amplitudes move, else in place.
    private void Move<F>(Pass pass)
        where F : IField
    {
        var to = pass.Source is null ? state : spare;
        Table(pass, out var re, out var im);
        for (nint b = 0; b < size; b++)
        {
            var from = pass.Source is null ? b : pass.Source[b];
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

        if (pass.Source is not null)
        {
            (state, spare) = (spare, state);
        }
    }

    // Im(λ̄ψ) of a basis state is the derivative by its phase. Phases leave it as it is and the permutation moves it,
    // so one pass finds what all phases on both sides need.
    private void MoveBack<F>(Pass pass, bool isLast)
        where F : IField
    {
        if (pass.VaryingPhases.Before || pass.VaryingPhases.After)
        {
            for (nint b = 0; b < size; b++)
            {
                var overlap = V.MultiplyAdd(adjoint.Im[b], state.Re[b], -(adjoint.Re[b] * state.Im[b]));
                if (pass.VaryingPhases.After)
                {
                    diagonal[b] = overlap;
                }

                if (pass.VaryingPhases.Before)
                {
                    overlaps[pass.Source is null ? b : pass.Source[b]] = overlap;
                }
            }

            if (pass.VaryingPhases.After)
            {
                Differentiate(pass.After, diagonal);
            }

            if (pass.VaryingPhases.Before)
            {
                Differentiate(pass.Steps, overlaps);
            }
        }

        // What is left to differentiate then, the product's steps, knows its state.
        if (!isLast)
        {
            MoveBack<F>(pass, ref state);
        }

        if (!isLast || schedule.StartVaries)
        {
            MoveBack<F>(pass, ref adjoint);
        }
    }

    private void MoveBack<F>(Pass pass, ref Planes<V> planes)
        where F : IField
    {
        var (from, to) = (planes, pass.Source is null ? planes : spare);
        Table(pass, out var re, out var im);
        for (nint b = 0; b < size; b++)
        {
            var at = pass.Source is null ? b : pass.Source[b];
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

        if (pass.Source is not null)
        {
            (planes, spare) = (spare, planes);
        }
    }

    private void Table(Pass pass, out T* re, out T* im)
    {
        re = pass.Table < 0 ? null : shared + PhaseTables<T>.At(plan, pass.Table);
        im = re + size;
    }

    // Sums the overlaps over the basis states of each phase, those of single wires by folding one wire after the other.
    private void Differentiate(List<Step> steps, V* overlap)
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

                turns[step.Angle] = V.MultiplyAdd(V.Broadcast(T.CreateChecked(step.Factor)), sum, turns[step.Angle]);
            }
        }

        Fold(overlap);
        var half = V.Broadcast(T.CreateChecked(0.5));
        foreach (var step in steps)
        {
            if (step.Bits.Length == 1 && schedule.Varies(step))
            {
                var difference = byWire[wires - 1 - step.Bits[0]];
                var sum = half * (step.Offsets[0] == 0 ? overlap[0] + difference : overlap[0] - difference);
                turns[step.Angle] = V.MultiplyAdd(V.Broadcast(T.CreateChecked(step.Factor)), sum, turns[step.Angle]);
            }
        }
    }
}
