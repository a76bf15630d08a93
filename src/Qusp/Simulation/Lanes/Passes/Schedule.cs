// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// Plan → passes. Each step joins the earliest pass that takes its kind and that it reaches by steps it commutes with:
/// of a layer RZ·RY·RZ on every wire and a ring of CNOTs remain one pass of turns and one monomial. What comes before
/// anything joins its wire to another is no pass: the state is a product until then. What comes last and is diagonal or
/// moves amplitudes is none either if only probabilities are read.
/// </summary>
internal sealed class Schedule
{
    private const int MaxTableWires = 12; // a table has a number for every basis state
    private readonly Plan plan;

    public Schedule(Plan plan, Readout readout)
    {
        this.plan = plan;
        var passes = new List<Pass>();
        foreach (var step in Split(readout))
        {
            Add(passes, step);
        }

        var settled = passes.SelectMany(Settle).ToList();
        if (readout.General.IsEmpty && readout.Densities.IsEmpty && readout.States.IsEmpty)
        {
            LeaveOut(settled);
        }

        Passes = [.. settled];
        foreach (var pass in Passes.Where(pass => pass.Kind == PassKind.Monomial))
        {
            pass.Source = pass.Swaps.Count > 0 ? Source(pass.Swaps) : null;
            pass.VaryingPhases = (pass.Steps.Any(Varies), pass.After.Any(Varies));
            pass.Table = pass.Steps.Count + pass.After.Count > 0 ? Tables++ : -1;
        }

        foreach (var pass in Passes.Where(pass => pass.Kind == PassKind.Turns))
        {
            pass.Turns = [.. pass.Steps.OrderBy(step => step.Bits[0])];
        }

        StartVaries = Starts.Any(steps => steps.Exists(Varies));
        FirstVarying = StartVaries ? 0 : Passes.TakeWhile(pass => !pass.Varies).Count();
    }

    /// <summary>For each bit what happens to its wire while it is by itself, as steps of a state of one wire.</summary>
    public ImmutableArray<List<Step>> Starts { get; private set; }

    /// <summary>Whether the state before the first pass is real.</summary>
    public bool StartIsReal => Starts.All(steps => steps.TrueForAll(Lowering.IsReal));

    /// <summary>Whether one of them turns with an input or a weight.</summary>
    public bool StartVaries { get; }

    public ImmutableArray<Pass> Passes { get; }

    /// <summary>Where the probability of each basis state is found after the last pass, <c>[2^n]</c>; null if in its own place.</summary>
    public int[]? Last { get; private set; }

    /// <summary>A reverse sweep need not go further back than this pass.</summary>
    public int FirstVarying { get; }

    /// <summary>How many phase tables there are, of 2^n complex numbers each.</summary>
    public int Tables { get; }

    /// <summary>Whether amplitudes move to another place, which must be there.</summary>
    public bool Moves => Passes.Any(pass => pass.Source is not null);

    /// <summary>Whether phases before a permutation are differentiated.</summary>
    public bool DifferentiatesBefore => Passes.Any(pass => pass.VaryingPhases.Before);

    /// <summary>Whether a step turns with an input or a weight.</summary>
    public bool Varies(Step step) => step.Angle >= 0 && !plan.Angles[step.Angle].Angle.IsConstant;

    private static bool IsDiagonal(Step step) => step.Kind is StepKind.Phase or StepKind.PhaseRotation;

    private static nint Bits(Step step) => step.Bits.Aggregate((nint)0, (bits, bit) => bits | ((nint)1 << bit));

    // Takes the starts away; what remains goes to passes. The last phases of a wire's start do so too if a permutation
    // comes next, whose pass has a place for them. A phase of a wire that is still |0⟩ is one of the whole state.
    private List<Step> Split(Readout readout)
    {
        Starts = [.. Enumerable.Range(0, plan.Circuit.Wires).Select(_ => new List<Step>())];
        var (first, rest) = (new List<Step>(), new List<Step>());
        nint joined = 0;
        foreach (var step in plan.Steps)
        {
            var bits = Bits(step);
            if (step.Bits.Length > 1 || (joined & bits) != 0)
            {
                foreach (var bit in step.Bits.Where(bit => (joined & ((nint)1 << bit)) == 0 && KindOf(step) == PassKind.Monomial))
                {
                    var phases = Starts[bit].Count - 1 - Starts[bit].FindLastIndex(before => KindOf(before) != PassKind.Monomial || !IsDiagonal(before));
                    first.AddRange(Starts[bit][^phases..]);
                    Starts[bit].RemoveRange(Starts[bit].Count - phases, phases);
                }

                joined |= bits;
                rest.Add(step);
            }
            else if (Starts[step.Bits[0]].Count > 0 || !IsDiagonal(step) || !readout.States.IsEmpty)
            {
                Starts[step.Bits[0]].Add(step);
            }
        }

        foreach (var steps in Starts)
        {
            for (var k = 0; k < steps.Count; k++)
            {
                steps[k] = steps[k] with { Bits = [0], Offsets = [.. steps[k].Offsets.Select(offset => offset >> steps[k].Bits[0])] };
            }
        }

        return [.. first, .. rest];
    }

    private PassKind KindOf(Step step)
    {
        if (step.Kind == StepKind.RealRotation && step.Bits.Length == 1)
        {
            return PassKind.Turns;
        }

        var tabled = step.Guard < 0 && plan.Circuit.Wires <= MaxTableWires && step.Kind switch
        {
            StepKind.Swap or StepKind.Phase => true,
            StepKind.PhaseRotation => plan.Angles[step.Angle].Angle.Source != AngleSource.Input,
            _ => false,
        };
        return tabled ? PassKind.Monomial : PassKind.Step;
    }

    private void Add(List<Pass> passes, Step step)
    {
        var (kind, bits) = (KindOf(step), Bits(step));
        Pass? target = null;
        for (var k = passes.Count - 1; k >= 0; k--)
        {
            var pass = passes[k];
            var disjoint = (pass.Support & bits) == 0;
            var joins = pass.Kind == kind && kind switch
            {
                PassKind.Turns => disjoint,
                PassKind.Monomial => IsDiagonal(step) || pass.After.All(phase => (Bits(phase) & bits) == 0),
                _ => false,
            };
            target = joins ? pass : target;
            var diagonal = IsDiagonal(step) && pass.Swaps.Count == 0 && pass.Steps.All(IsDiagonal);
            if (!disjoint && !diagonal)
            {
                break;
            }
        }

        if (target is null)
        {
            target = new Pass(kind);
            passes.Add(target);
        }

        target.Support |= bits;
        target.Varies |= Varies(step);
        var list = kind != PassKind.Monomial ? target.Steps : !IsDiagonal(step) ? target.Swaps : target.Swaps.Count > 0 ? target.After : target.Steps;
        list.Add(step);
    }

    // A pass over the whole state to another place does not pay for a CNOT or an RZ alone, nor a pass of turns for one.
    private IEnumerable<Pass> Settle(Pass pass)
    {
        var touched = pass.All.Sum(step => step.Offsets.Length * Math.ScaleB(1, -step.Bits.Length));
        if (pass.Kind == PassKind.Step || (pass.Kind == PassKind.Turns ? pass.Steps.Count > 1 : touched > 1.5))
        {
            return [pass];
        }

        return pass.All.Select(step =>
        {
            var alone = new Pass(PassKind.Step) { Support = Bits(step), Varies = Varies(step) };
            alone.Steps.Add(step);
            return alone;
        });
    }

    // Probabilities see no phase, so that its derivative is 0, and find what a permutation moves in its old place.
    private void LeaveOut(List<Pass> passes)
    {
        while (passes is [.., var last] && (last.Kind == PassKind.Monomial || (last.Kind == PassKind.Step && IsDiagonal(last.Steps[0]))))
        {
            if (last.Swaps.Count > 0)
            {
                if (Last is not null)
                {
                    return;
                }

                Last = Source(last.Swaps);
            }

            passes.RemoveAt(passes.Count - 1);
        }
    }

    private int[] Source(List<Step> swaps)
    {
        int[] source = [.. Enumerable.Range(0, 1 << plan.Circuit.Wires)];
        foreach (var swap in swaps)
        {
            var visit = new GroupStarts(swap, plan.Circuit.Wires);
            while (visit.Next(out var start))
            {
                var (i, j) = (start + swap.Offsets[0], start + swap.Offsets[1]);
                (source[i], source[j]) = (source[j], source[i]);
            }
        }

        return source;
    }
}
