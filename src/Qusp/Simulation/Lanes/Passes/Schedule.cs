// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// Plan → passes. Each step joins the earliest pass that takes its kind and that it reaches by steps it commutes with:
/// of a layer RZ·RY·RZ on every wire and a ring of CNOTs remain one pass of turns and one monomial.
/// </summary>
internal sealed class Schedule
{
    private const int MaxTableWires = 12; // a table has a number for every basis state
    private readonly Plan plan;

    public Schedule(Plan plan)
    {
        this.plan = plan;
        var passes = new List<Pass>();
        foreach (var step in plan.Steps)
        {
            Add(passes, step);
        }

        Passes = [.. passes.SelectMany(Settle)];
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

        FirstVarying = Passes.TakeWhile(pass => !pass.Varies).Count();
    }

    public ImmutableArray<Pass> Passes { get; }

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
