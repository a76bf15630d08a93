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
    private const long MaxTableBytes = 8 << 20; // of all passes: beyond the caches, computing them again is as fast as reading them
    private readonly Plan plan;
    private readonly int[] placeOf; // [A]

    public Schedule(Plan plan, Readout readout)
    {
        this.plan = plan;
        Starts = [.. Enumerable.Range(0, plan.Circuit.Wires).Select(_ => new List<Step>())];
        var passes = new PassOrder(plan.Circuit.Wires);
        foreach (var step in Split(readout))
        {
            passes.Add(step, KindOf(step));
        }

        var settled = passes.Drafts.SelectMany(draft => draft.Settle(Varies)).ToList();
        if (readout.General.IsEmpty && readout.Densities.IsEmpty && readout.States.IsEmpty)
        {
            LeaveOut(settled);
        }

        Passes = [.. settled];
        StartVaries = Starts.Any(steps => steps.Exists(Varies));
        FirstVarying = StartVaries ? 0 : Passes.TakeWhile(pass => !pass.Varies).Count();
        KeepsTables = Passes.Sum(pass => (pass.HasPhases ? 16L : 0) + (pass.Moves ? sizeof(int) : 0)) << plan.Circuit.Wires <= MaxTableBytes;
        foreach (var pass in KeepsTables ? Passes : [])
        {
            pass.IsByRows = pass.HasPhases && PhaseRows.Take(pass, Wires);
            pass.Source = pass.Moves ? MonomialTables.Source(pass, Wires) : null;
        }

        Placed = [.. Starts.SelectMany(steps => steps).Concat(Passes.SelectMany(TurnedBy)).Where(IsShared).Select(step => step.Angle).Distinct()];
        placeOf = new int[plan.Angles.Length];
        for (var place = 0; place < Placed.Length; place++)
        {
            placeOf[Placed[place]] = place;
        }

        Turned = LaneMath.Whole(Placed.Length);
        foreach (var pass in Passes.Where(pass => pass.IsByRows))
        {
            (pass.Table, Turned) = (Turned, Turned + LaneMath.Whole(1 << Wires));
        }

        Places = Turned;
        foreach (var pass in Passes.Where(pass => KeepsTables && pass.HasPhases && !pass.IsByRows))
        {
            (pass.Table, Places) = (Places, Places + LaneMath.Whole(1 << Wires));
        }
    }

    /// <summary>n.</summary>
    public int Wires => plan.Circuit.Wires;

    /// <summary>For each bit what happens to its wire while it is by itself, as steps of a state of one wire.</summary>
    public ImmutableArray<List<Step>> Starts { get; }

    /// <summary>Whether the state before the first pass is real.</summary>
    public bool StartIsReal => Starts.All(steps => steps.TrueForAll(Lowering.IsReal));

    /// <summary>Whether one of the starts turns with an input or a weight.</summary>
    public bool StartVaries { get; }

    public ImmutableArray<Pass> Passes { get; }

    /// <summary>Where the probability of each basis state is found after the last pass, <c>[2^n]</c>, pinned; null if in its own place.</summary>
    public int[]? Last { get; private set; }

    /// <summary>A reverse sweep need not go further back than this pass.</summary>
    public int FirstVarying { get; }

    /// <summary>Whether the passes' tables are kept; those of a long circuit are computed when a pass runs.</summary>
    public bool KeepsTables { get; }

    /// <summary>How many phase tables are kept, of 2^n complex numbers each.</summary>
    public int Tables => Passes.Count(pass => pass.Table >= 0);

    /// <summary>
    /// How many phases all samples share: of the angles <see cref="Placed"/>, then of the tables that are kept, whose places are in <see cref="Pass.Table"/>. A call has the
    /// cosines of all places, then the sines.
    /// </summary>
    public int Places { get; }

    /// <summary>How many of the places, the first, are sines and cosines of known angles; tables of products follow.</summary>
    public int Turned { get; }

    /// <summary>The angles that steps turn by and that do not differ by sample, each at its place.</summary>
    public ImmutableArray<int> Placed { get; }

    /// <summary>Whether amplitudes move to another place, which must be there.</summary>
    public bool Moves => Passes.Any(pass => pass.Moves);

    /// <summary>Whether phases before a permutation are differentiated.</summary>
    public bool DifferentiatesBefore => Passes.Any(pass => pass.VaryingPhases.Before);

    /// <summary>Whether a step turns with an input or a weight.</summary>
    public bool Varies(Step step) => step.Angle >= 0 && !plan.Angles[step.Angle].Angle.IsConstant;

    /// <summary>Where the cosine of a step's angle is that does not differ by sample; the sine is <see cref="Places"/> further.</summary>
    public int PlaceOf(Step step) => placeOf[step.Angle];

    // The steps whose own phase is read. The others of a monomial are known by the sums of their angles alone.
    private static IEnumerable<Step> TurnedBy(Pass pass) =>
        pass.Kind != PassKind.Monomial ? pass.Steps : pass.IsByRows ? [] : pass.Steps.Concat(pass.After).Where(step => step.Bits.Length > 1);

    private bool IsShared(Step step) => step.Angle >= 0 && plan.Angles[step.Angle].Angle.Source != AngleSource.Input;

    // Takes the starts away; what remains goes to passes. The last phases of a wire's start do so too if a permutation
    // comes next, whose pass has a place for them. A phase of a wire that is still |0⟩ is one of the whole state.
    private List<Step> Split(Readout readout)
    {
        var (first, rest) = (new List<Step>(), new List<Step>());
        nint joined = 0;
        foreach (var step in plan.Steps)
        {
            if (step.Bits.Length > 1 || (joined & step.Mask) != 0)
            {
                foreach (var bit in step.Bits.Where(bit => (joined & ((nint)1 << bit)) == 0 && KindOf(step) == PassKind.Monomial))
                {
                    var phases = Starts[bit].Count - 1 - Starts[bit].FindLastIndex(before => KindOf(before) != PassKind.Monomial || !before.IsDiagonal);
                    first.AddRange(Starts[bit][^phases..]);
                    Starts[bit].RemoveRange(Starts[bit].Count - phases, phases);
                }

                joined |= step.Mask;
                rest.Add(step);
            }
            else if (Starts[step.Bits[0]].Count > 0 || !step.IsDiagonal || !readout.States.IsEmpty)
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

        first.AddRange(rest);
        return first;
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

    // Probabilities see no phase, so that its derivative is 0, and find what a permutation moves in its old place.
    private void LeaveOut(List<Pass> passes)
    {
        while (passes is [.., var last] && (last.Kind == PassKind.Monomial || (last.Kind == PassKind.Step && last.Steps[0].IsDiagonal)))
        {
            if (last.Moves)
            {
                if (Last is not null)
                {
                    return;
                }

                Last = MonomialTables.Source(last, plan.Circuit.Wires);
            }

            passes.RemoveAt(passes.Count - 1);
        }
    }
}
