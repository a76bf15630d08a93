// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Plan → passes over one state, for one outcome of the guards: steps that did not fire are not there. Gates of one wire
/// become a real rotation between phases, phases become parity words, and each piece joins the earliest pass that takes it
/// and that it reaches by what it commutes with: of a layer of rotations and a ring of CNOTs two passes remain.
/// </summary>
internal sealed class StateSchedule
{
    private const int MaxWordBits = 4; // a phase of m wires is 2^m words; beyond, its own pass is cheaper
    private const double Negligible = 1e-300;

    private readonly Plan plan;
    private readonly int bits;
    private readonly List<StatePass> passes = [];
    private readonly PassReach<Type> reach;

    public StateSchedule(Plan plan, ReadOnlySpan<bool> fired)
    {
        (this.plan, bits, reach) = (plan, plan.Circuit.Wires, new(plan.Circuit.Wires));
        foreach (var step in plan.Steps)
        {
            if (step.Guard < 0 || fired[step.Guard])
            {
                Add(step);
            }
        }

        Passes = [.. passes];
        FirstVarying = passes.TakeWhile(pass => !pass.Varies).Count();
    }

    public ImmutableArray<StatePass> Passes { get; }

    /// <summary>A reverse sweep need not go further back than this pass.</summary>
    public int FirstVarying { get; }

    private void Add(in Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Swap when IndexMap.OfSwap(step, bits) is { } exchange:
                Place(Support(step), isDiagonal: false, varies: false, () => new MonomialPass(bits)).Add(exchange);
                break;
            case StepKind.RealRotation when step.Bits.Length == 1:
                AddTurn(step.Bits[0], step.Angle, Math.Sign(step.Factor));
                break;
            case StepKind.ImaginaryRotation when step.Bits.Length == 1:
                // [[c, is], [is, c]] is the real rotation between phases −i and i of the upper amplitude.
                AddPhase(step.Bits, (nint)1 << step.Bits[0], -1, -Math.PI / 2);
                AddTurn(step.Bits[0], step.Angle, Math.Sign(step.Factor));
                AddPhase(step.Bits, (nint)1 << step.Bits[0], -1, Math.PI / 2);
                break;
            case StepKind.PhaseRotation when step.Bits.Length <= MaxWordBits:
                AddPhase(step.Bits, step.Offsets[0], step.Angle, Math.Sign(step.Factor));
                break;
            case StepKind.Phase when step.Bits.Length <= MaxWordBits:
                AddPhase(step.Bits, step.Offsets[0], -1, step.Matrix[0].Phase);
                break;
            case StepKind.Dense when step.Bits.Length == 1:
                AddDense(step.Bits, step.Matrix);
                break;
            default:
                var own = step;
                Place(Support(step), isDiagonal: step.Kind is StepKind.Phase or StepKind.PhaseRotation, Varies(step.Angle), () => BlockPass.Of(own));
                break;
        }
    }

    // [[c e^{iα}, −s e^{i(α+δ)}], [s e^{iβ}, c e^{i(β+δ)}]]: phases, a real rotation, phases.
    private void AddDense(int[] wire, Complex[] u)
    {
        var one = (nint)1 << wire[0];
        var (cos, sin) = (Complex.Abs(u[0]), Complex.Abs(u[2]));
        var alpha = cos > Negligible ? u[0].Phase : 0;
        var beta = sin > Negligible ? u[2].Phase : u[3].Phase;
        var delta = sin > cos ? (-u[1]).Phase - alpha : u[3].Phase - beta;
        AddPhase(wire, one, -1, delta);
        AddTurn(wire[0], -1, Math.Atan2(sin, cos));
        AddPhase(wire, 0, -1, alpha);
        AddPhase(wire, one, -1, beta);
    }

    private void AddTurn(int bit, int angle, double factor)
    {
        var turn = (nint)1 << bit;
        Place(turn, isDiagonal: false, Varies(angle), () => new TurnsPass())
            .Turns.Add(new Turn(bit, angle, factor));
    }

    // The projector on a pattern of m bits is Π (1 ± Z)/2: 2^m words.
    private void AddPhase(int[] wires, nint pattern, int angle, double factor)
    {
        if (factor == 0)
        {
            return;
        }

        var support = wires.Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << bit));
        var pass = Place(support, isDiagonal: true, Varies(angle), () => new MonomialPass(bits));
        var share = Math.ScaleB(factor, -wires.Length);
        for (var mask = support; ; mask = (mask - 1) & support)
        {
            pass.Add(new PhaseWord(mask, angle, IndexMap.Parity(mask & pattern) == 0 ? share : -share));
            if (mask == 0)
            {
                return;
            }
        }
    }

    // The earliest pass of its kind that a step reaches; phases and permutations also join the one that stops them. A block takes no further step.
    private TPass Place<TPass>(nint support, bool isDiagonal, bool varies, Func<TPass> create)
        where TPass : StatePass
    {
        var barrier = reach.Barrier(support, isDiagonal);
        var at = typeof(TPass) == typeof(BlockPass) ? -1
            : typeof(TPass) == typeof(MonomialPass) && barrier >= 0 && passes[barrier] is MonomialPass ? barrier
            : reach.FirstBehind(barrier, typeof(TPass));
        if (at < 0)
        {
            at = reach.Add(typeof(TPass));
            passes.Add(create());
        }

        var pass = (TPass)passes[at];
        pass.Support |= support;
        pass.Varies |= varies;
        reach.Join(at, support, isDiagonal && pass is MonomialPass);
        return pass;
    }

    private bool Varies(int angle) => angle >= 0 && !plan.Angles[angle].Angle.IsConstant;

    private static nint Support(in Step step) => step.Bits.Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << bit));
}
