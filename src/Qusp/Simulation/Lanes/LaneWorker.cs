// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes.Code;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// The states of one block of samples, one a lane, and what is done to them. Amplitude-major, lane-minor: an amplitude
/// of all the block's samples is one vector. Owned by one thread; nothing is allocated after the constructor.
/// </summary>
internal sealed unsafe partial class LaneWorker<V, T> : IDisposable
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Planes begin in different sets of the cache: what is used together does not crowd out itself.
    private const int Shift = 8;

    private readonly Plan plan;
    private readonly Schedule schedule;
    private readonly Readout readout;
    private readonly int wires;
    private readonly nint size;
    private readonly bool readsInputs;
    private readonly (int Input, bool Absolute, GuardCount Count)[] guards;
    private readonly GuardCount free;
    private readonly T[] thresholds;
    private readonly int[] inputAngles; // the arguments that differ by sample
    private readonly int[] slots; // [A]: a place in inputAngles, or −1
    private readonly int* last; // [2^n]: Schedule.Last
    private V* memory;
    private Planes<V> state;
    private Planes<V> adjoint;
    private Planes<V> spare; // where amplitudes move to
    private V* overlaps; // [2^n]
    private Shared<T> shared; // the call's
    private V* diagonal; // [2^n]: probabilities, or a diagonal observable
    private V* inputs; // [I]
    private V* masks; // [G]
    private V* cosines; // of the arguments that differ by sample, as inputAngles
    private V* sines;
    private V* columns; // [K]: outputs, or their cotangents
    private V* inputTurns; // [I]: derivative by each input
    private V* weightTurns; // [W]: derivative by each weight, summed over the chunk's blocks
    private V* byWire; // [n]: ⟨Z⟩ of each wire, or its cotangent
    private V* scratch; // dense kernels
    private int* ownSource; // [2^n]: tables of a pass that are not kept
    private T* ownTable; // [2, 2, 2^n]: the same, and as much for the way there
    private Factor product; // the state before the first pass
    private LaneCode? code; // null until there is some
    private byte* kept; // its scratch
    private long circuits; // executed since TakeCost
    private long gates;
    private long twoQubitGates;
    private long skipped;

    public LaneWorker(Plan plan, Schedule schedule, Readout readout, bool differentiates)
    {
        (this.plan, this.schedule, this.readout, wires) = (plan, schedule, readout, plan.Circuit.Wires);
        size = (nint)1 << wires;
        thresholds = [.. plan.Guards.Select(guard => T.CreateChecked(guard.Threshold))];
        guards = [.. plan.Guards.Select((guard, g) => (guard.Input, guard.Absolute, plan.Counts[g]))];
        free = plan.Counts[^1];
        inputAngles = [.. Enumerable.Range(0, plan.Angles.Length).Where(a => plan.Angles[a].Angle.Source == AngleSource.Input)];
        slots = new int[plan.Angles.Length];
        Array.Fill(slots, -1);
        for (var slot = 0; slot < inputAngles.Length; slot++)
        {
            slots[inputAngles[slot]] = slot;
        }

        last = MonomialTables.At(schedule.Last);
        readsInputs = guards.Length > 0 || inputAngles.Length > 0;

        var count = Lay(null, differentiates) - (V*)null;
        memory = (V*)NativeMemory.AlignedAlloc(checked((nuint)count * (nuint)sizeof(V)), 64);
        NativeMemory.Clear(memory, (nuint)count * (nuint)sizeof(V));
        Lay(memory, differentiates);
    }

    ~LaneWorker() => Dispose();

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        NativeMemory.AlignedFree(kept);
        memory = null;
        kept = null;
        GC.SuppressFinalize(this);
    }

    // Gives everything its place from an address on; returns the end.
    [MemberNotNull(nameof(product))]
    private V* Lay(V* next, bool differentiates)
    {
        V* Take(nint count)
        {
            var start = next;
            next += count;
            return start;
        }

        Planes<V> TakePlanes(nint count) => new(Take(count), plan.IsReal ? null : Take(count));
        Planes<V> TakeFactor(nint count) => schedule.StartIsReal ? new(Take(count), null) : TakePlanes(count);

        var stride = size + Shift;
        state = TakePlanes(stride);
        adjoint = differentiates ? TakePlanes(stride) : default;
        spare = schedule.Moves ? TakePlanes(stride) : default;
        diagonal = Take(stride);
        overlaps = differentiates && schedule.DifferentiatesBefore ? Take(stride) : null;
        inputs = Take(plan.Circuit.Inputs);
        masks = Take(plan.Guards.Length);
        cosines = Take(inputAngles.Length);
        sines = Take(inputAngles.Length);
        columns = Take(plan.Circuit.Outputs);
        inputTurns = Take(plan.Circuit.Inputs);
        weightTurns = Take(differentiates ? plan.Circuit.Weights : 0);
        byWire = Take(wires);
        scratch = Take(DenseKernel<V, T>.Scratch(plan.LargestStep));
        if (!schedule.KeepsTables)
        {
            ownSource = (int*)Take(Vectors(size, sizeof(int)));
            ownTable = (T*)Take(Vectors(4 * size, sizeof(T)));
        }

        product = new Factor(0, wires, schedule, differentiates, TakeFactor);
        return next;
    }

    /// <summary>What has been executed since the last call.</summary>
    public Cost TakeCost()
    {
        var cost = new Cost(circuits, gates, twoQubitGates, skipped, 0);
        (circuits, gates, twoQubitGates, skipped) = (0, 0, 0, 0);
        return cost;
    }

    /// <summary>From the next block on, runs by generated code where it holds; the results are the same, but for the sign of a zero.</summary>
    public void Use(LaneCode? made)
    {
        if (made != code)
        {
            code = made;
            NativeMemory.AlignedFree(kept);
            kept = made is { KeptBytes: > 0 } ? (byte*)NativeMemory.AlignedAlloc((nuint)made.KeptBytes, 64) : null;
        }
    }

    /// <summary>Runs samples <paramref name="first"/>… of a batch, as many as there are lanes or samples left.</summary>
    /// <param name="batch">B.</param>
    /// <param name="first">The block's first sample.</param>
    /// <param name="data"><c>[B, I]</c>.</param>
    /// <param name="uniform">What all samples share.</param>
    /// <param name="outputs"><c>[B, K]</c>.</param>
    public void Evaluate(int batch, int first, T* data, Shared<T> uniform, T* outputs)
    {
        var lanes = Math.Min(V.Count, batch - first);
        Load(lanes, data + ((nint)first * plan.Circuit.Inputs));
        if (code is null || !code.Evaluate((byte*)memory, (byte*)uniform.Turns, kept))
        {
            Evaluate(uniform);
        }

        LaneRows<V, T>.Store(columns, plan.Circuit.Outputs, lanes, outputs + ((nint)first * plan.Circuit.Outputs));
    }

    /// <summary>From <see cref="inputs"/> and <see cref="masks"/> to <see cref="columns"/>.</summary>
    private void Evaluate(Shared<T> uniform)
    {
        Forward(uniform);
        if (plan.IsReal)
        {
            Read<RealField>();
        }
        else
        {
            Read<ComplexField>();
        }
    }

    private void Forward(Shared<T> uniform)
    {
        shared = uniform;
        LoadAngles();
        if (plan.IsReal)
        {
            Compose<RealField>(product, state);
            Apply<RealField>();
            return;
        }

        if (schedule.StartIsReal)
        {
            Compose<RealField>(product, state.Real);
            NativeMemory.Clear(state.Im, (nuint)size * (nuint)sizeof(V));
        }
        else
        {
            Compose<ComplexField>(product, state);
        }

        Apply<ComplexField>();
    }

    // Lanes without a sample are zero: they fire nothing that matters and are never read.
    private void Load(int lanes, T* rows)
    {
        if (readsInputs)
        {
            LaneRows<V, T>.Load(rows, plan.Circuit.Inputs, lanes, inputs);
        }

        LoadMasks(lanes);
    }

    private void LoadMasks(int lanes)
    {
        circuits += lanes;
        gates += (long)free.Gates * lanes;
        twoQubitGates += (long)free.TwoQubitGates * lanes;
        for (var g = 0; g < thresholds.Length; g++)
        {
            var (input, absolute, count) = guards[g];
            var value = inputs[input];
            masks[g] = V.Exceeds(absolute ? V.Abs(value) : value, V.Broadcast(thresholds[g]));
            var fired = V.CountSet(masks[g], lanes);
            gates += (long)count.Gates * fired;
            twoQubitGates += (long)count.TwoQubitGates * fired;
            skipped += (long)count.Gates * (lanes - fired);
        }
    }

    private static nint Vectors(nint count, int bytes) => ((count * bytes) + sizeof(V) - 1) / sizeof(V);

    private void LoadAngles()
    {
        for (var slot = 0; slot < inputAngles.Length; slot++)
        {
            var (angle, scale, _) = plan.Angles[inputAngles[slot]];
            var argument = V.MultiplyAdd(
                inputs[angle.Index], V.Broadcast(T.CreateChecked(scale * angle.Scale)), V.Broadcast(T.CreateChecked(scale * angle.Offset)));
            (sines[slot], cosines[slot]) = LaneMath.SinCos<V, T>(argument);
        }
    }

    // Cosine and sine of a step's argument. Where a guard is off the argument is 0, by its cosine and sine:
    // a NaN input that does not fire does no harm.
    private (V Cos, V Sin) Argument(Step step)
    {
        var slot = slots[step.Angle];
        var (cos, sin) = slot >= 0
            ? (cosines[slot], sines[slot])
            : (V.LoadBroadcast(shared.Turns + schedule.PlaceOf(step)), V.LoadBroadcast(shared.Turns + schedule.Places + schedule.PlaceOf(step)));
        if (step.Guard >= 0)
        {
            cos = V.Select(masks[step.Guard], cos, V.Broadcast(T.One));
            sin = V.Select(masks[step.Guard], sin, V.Broadcast(T.Zero));
        }

        return (cos, sin);
    }

    // The same with the step's sign.
    private (V Cos, V Sin) SignedArgument(Step step)
    {
        var (cos, sin) = Argument(step);
        return (cos, step.Factor < 0 ? -sin : sin);
    }

    private void Apply<F>(Step step, int of, Planes<V> on, bool inverse)
        where F : IField
    {
        var guarded = step.Guard >= 0;
        var (cos, sin) = step.Angle >= 0 ? Argument(step) : default;
        new StepKernels<V, T>(of, scratch).Apply<F>(step, on, cos, sin, inverse, guarded, guarded ? masks[step.Guard] : default);
    }
}
