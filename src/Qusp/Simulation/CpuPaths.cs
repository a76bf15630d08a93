// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.Lanes.Code;
using Qusp.Simulation.StateVectors;

namespace Qusp.Simulation;

/// <summary>
/// What a sample costs in each of the <c>cpu</c> device's two ways: the passes of each way's schedule, times constants that were measured
/// (docs/large-circuits.md). It knows the circuit, the batch, the precision and the width of vectors. It does not know the threads, nor what
/// the clock says: the two ways differ in the last bits, and results must not depend on either.
/// </summary>
/// <param name="plan">The circuit.</param>
/// <param name="readout">Its measurements.</param>
/// <param name="numberBytes">4 or 8.</param>
/// <param name="lanes">Samples side by side in a vector, and amplitudes in a vector of one state.</param>
/// <param name="hasCode">Whether lanes run by code made at run time.</param>
internal sealed class CpuPaths(Plan plan, Readout readout, int numberBytes, int lanes, bool hasCode)
{
    private const int MaxLaneWires = 12; // beyond there are no phase tables, and a block of states falls out of the caches
    private const double SecondCache = 1 << 20; // bytes
    private const double ThirdCache = 1 << 25;
    private const int KeptPatterns = 256; // of guards, by the executor of one state
    private const int MaxCodeAngles = 8; // that differ by sample; the code for more is too long to be made, as a rule

    // Nanoseconds: of a whole vector, unless it says otherwise.
    private const double LaneTurns = 0.88; // up to three rotations
    private const double LaneMove = 0.5;
    private const double LanePhases = 0.15;
    private const double LanePhaseSum = 2.5; // back, of a phase of several wires
    private const double LaneStep = 0.5;
    private const double LaneMatrix = 1.55; // a row
    private const double LaneProduct = 0.7;
    private const double LaneReadout = 0.5;
    private const double LanePass = 6; // once, like those that follow
    private const double LaneStepPass = 25;
    private const double LaneStart = 30; // a step of a wire by itself
    private const double LaneBlock = 130;
    private const double LaneTable = 30;
    private const double LaneTableEntry = 1.2; // a basis state
    private const double CodeBlock = 40;
    private const double CodeShare = 0.22; // of the interpreter's time, while what is computed with fits the registers
    private const double Registers = 32;
    private const double StateTurn = 0.5; // within a vector
    private const double StateRound = 0.35; // up to three rotations of whole vectors
    private const double StateMove = 2;
    private const double StatePhases = 1.6;
    private const double StateMatrix = 0.35; // a row of a block
    private const double StateReadout = 2.7;
    private const double StateWord = 1.5; // once, like those that follow
    private const double StatePassOverhead = 24;
    private const double StateStep = 1.4;
    private const double StateCall = 60;
    private const double PatternStep = 900; // of a program for a new pattern of guards
    private const double InThirdCache = 1.7; // as much as in the second
    private const double InMemory = 3.4;

    // How many times a value a pullback takes.
    private const double LaneReverse = 3.2;
    private const double StateReverse = 3.4;
    private const double StateMatrixReverse = 6;

    private Work? work;

    // Of a block of lanes, of the tables of a call and of a sample in one state.
    private readonly record struct Work(double Block, double BlockBack, double Tables, double Sample, double SampleBack);

    /// <summary>The costs of a plan at a precision and width of vectors.</summary>
    /// <param name="plan">The circuit.</param>
    /// <param name="readout">Its measurements.</param>
    /// <param name="vectorBits">512, 256, 128, or 64 for none.</param>
    /// <param name="use">Whether lanes may run by code.</param>
    public static CpuPaths Of<T>(Plan plan, Readout readout, int vectorBits, CodeUse use)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var bytes = Unsafe.SizeOf<T>();
        var lanes = vectorBits == 64 ? 1 : vectorBits / 8 / bytes;
        var varying = plan.Angles.Count(angle => angle.Angle.Source == AngleSource.Input);
        return new CpuPaths(plan, readout, bytes, lanes, hasCode: use != CodeUse.Never && LaneCode.IsPossible<T>(plan, lanes) && varying <= MaxCodeAngles);
    }

    // Passes over the state to read it: one for all that is diagonal, one for each word that flips bits.
    private int Readouts => 1 + readout.General.Length;

    /// <summary>How many samples, or amplitudes of one state, are in a vector.</summary>
    public int Lanes => lanes;

    /// <summary>Whether lanes are thought of at all.</summary>
    public bool TakesLanes => plan.Circuit.Wires <= MaxLaneWires;

    /// <summary>The way that a batch is expected to run fastest.</summary>
    /// <param name="batch">B.</param>
    /// <param name="reverse">Whether it is a pullback.</param>
    public CpuPath Best(int batch, bool reverse) =>
        TakesLanes && Seconds(CpuPath.Lanes, batch, reverse) < Seconds(CpuPath.OneState, batch, reverse) ? CpuPath.Lanes : CpuPath.OneState;

    /// <summary>A sample's expected seconds on one thread: values as if the weights were those of the call before, pullbacks as if they were new.</summary>
    /// <param name="path"><see cref="CpuPath.Lanes"/> or <see cref="CpuPath.OneState"/>.</param>
    /// <param name="batch">B.</param>
    /// <param name="reverse">Whether it is a pullback.</param>
    public double Seconds(CpuPath path, int batch, bool reverse)
    {
        var costs = work ??= Count();
        if (path == CpuPath.OneState)
        {
            return 1e-9 * (reverse ? costs.SampleBack : costs.Sample);
        }

        var blocks = ((batch - 1) / lanes) + 1;
        return 1e-9 * ((blocks * (reverse ? costs.BlockBack : costs.Block)) + (reverse ? costs.Tables : 0)) / batch;
    }

    private Work Count()
    {
        var (sample, sampleBack) = (OneState(reverse: false), OneState(reverse: true));
        if (!TakesLanes)
        {
            return new Work(0, 0, 0, sample, sampleBack);
        }

        var schedule = new Schedule(plan, readout);
        var vectors = Math.ScaleB(1, plan.Circuit.Wires);
        var planes = plan.IsReal ? 1 : 2;
        var table = LaneTable + (LaneTableEntry * vectors);
        var block = LaneBlock + (LaneStart * schedule.Starts.Sum(steps => steps.Count)) + (vectors * ((LaneReadout * Readouts) + (planes * LaneProduct)))
            + schedule.Passes.Sum(pass => (pass.Kind == PassKind.Step ? LaneStepPass : LanePass) + (planes * vectors * Cost(pass)) + (pass.HasPhases && !schedule.KeepsTables ? table : 0));
        var back = (LaneReverse * block) + (vectors * LanePhaseSum * schedule.Passes.Where(pass => pass.Kind == PassKind.Monomial)
            .SelectMany(pass => pass.Steps.Concat(pass.After)).Where(step => step.Bits.Length > 1 && schedule.Varies(step)).Sum(step => Touched(step.Offsets, step.Bits)));
        return new Work(InCode(block, 1), InCode(back, 2), schedule.Tables * table, sample, sampleBack);

        // Of one state, or of two with the adjoint state.
        double InCode(double time, int states) => hasCode ? CodeBlock + (CodeShare * time * Math.Max(1, states * planes * vectors / Registers)) : time;
    }

    private static double Cost(Pass pass) => pass.Kind switch
    {
        PassKind.Turns => LaneTurns * ((pass.Steps.Length + 2) / 3),
        PassKind.Monomial => pass.Moves ? LaneMove : LanePhases,
        _ => pass.Steps.Sum(step => Touched(step.Offsets, step.Bits) * (step.Kind is StepKind.Dense or StepKind.DenseRotation ? LaneMatrix * step.Offsets.Length : LaneStep)),
    };

    private double OneState(bool reverse)
    {
        var fired = new bool[plan.Guards.Length];
        Array.Fill(fired, true);
        var passes = new StateSchedule(plan, fired).Passes;
        var width = Math.Min(lanes, 1 << plan.Circuit.Wires);
        var vectors = Math.ScaleB(plan.IsReal ? 1 : 2, plan.Circuit.Wires) / width;

        // The first permutation and rotations are a product state and the last permutation is left to the observables.
        var first = passes.TakeWhile((pass, k) => pass is TurnsPass ? k == 0 || (k == 1 && passes[0] is MonomialPass) : k == 0 && pass is MonomialPass).Count();
        var last = first < passes.Length && passes[^1] is MonomialPass ? passes.Length - 1 : passes.Length;
        var bytes = Math.ScaleB(2 * numberBytes, plan.Circuit.Wires);
        var memory = bytes <= SecondCache ? 1 : bytes <= ThirdCache ? InThirdCache : InMemory;
        var once = StateCall + (plan.Steps.Length * StateStep) + (memory * StateReadout * Readouts * Math.ScaleB(1, plan.Circuit.Wires) / width);
        var all = (once * (reverse ? StateReverse : 1)) + BlockFusion.Fuse(passes[first..last], plan.Circuit.Wires).Sum(pass =>
            (StatePassOverhead + Cost(pass, memory * vectors, width)) * (!reverse ? 1 : pass is BlockPass ? StateMatrixReverse : StateReverse));

        // With guards a sample has half of the steps, and a pattern that has not been met lately needs a program of its own.
        var patterns = Math.ScaleB(1, Math.Min(plan.Guards.Length, 30));
        var news = Math.Max(0, 1 - (KeptPatterns / patterns));
        return plan.Guards.IsEmpty ? all : (0.5 * (all + StateCall)) + (reverse ? 0 : PatternStep * 0.5 * plan.Steps.Length * news);
    }

    private static double Cost(StatePass pass, double vectors, int width)
    {
        switch (pass)
        {
            case TurnsPass turns:
                var within = turns.Turns.Count(turn => 1 << turn.Bit < width);
                return vectors * ((StateTurn * within) + (StateRound * ((turns.Turns.Count - within + 2) / 3)));
            case MonomialPass monomial:
                return (StateWord * monomial.Words.Count) + (vectors * (monomial.Map.IsIdentity ? StatePhases : StateMove));
            case BlockPass block:
                return vectors * StateMatrix * block.Offsets.Length * Touched(block.Offsets, block.Bits);
            default:
                throw new InvalidOperationException($"No cost for a pass of type {pass.GetType()}.");
        }
    }

    // The share of the amplitudes that a matrix mixes.
    private static double Touched(nint[] offsets, int[] bits) => Math.ScaleB(offsets.Length, -bits.Length);
}
