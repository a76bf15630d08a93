// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Simulation.Lanes.Code;

/// <summary>Whether blocks run by code made at run time.</summary>
internal enum CodeUse
{
    /// <summary>Once a program has run often enough to pay for it.</summary>
    WhenItPays,

    /// <summary>From the first block.</summary>
    AtOnce,

    /// <summary>Never: the interpreter does all.</summary>
    Never,
}

/// <summary>Methods made for one plan, width and precision.</summary>
internal sealed class LaneCode
{
    private const int MaxWires = 5;
    private const int MaxNodes = 20_000; // beyond, the code does not fit the caches that instructions come through

    [ThreadStatic]
    private static CodeUse use;

    private readonly LaneBlock[]? evaluate;
    private readonly LaneBlock[]? pullback;

    private LaneCode((LaneBlock[] Parts, int KeptBytes)? evaluate, (LaneBlock[] Parts, int KeptBytes)? pullback)
    {
        (this.evaluate, this.pullback) = (evaluate?.Parts, pullback?.Parts);
        KeptBytes = Math.Max(evaluate?.KeptBytes ?? 0, pullback?.KeptBytes ?? 0);
    }

    /// <summary>How programs compiled by this thread use code; the switch <c>Qusp.GeneratedCode = false</c> forbids it in the whole process.</summary>
    public static CodeUse Use
    {
        get => AppContext.TryGetSwitch("Qusp.GeneratedCode", out var allowed) && !allowed ? CodeUse.Never : use;
        set => use = value;
    }

    /// <summary>Scratch that the methods hand to one another.</summary>
    public int KeptBytes { get; }

    /// <summary>From inputs and masks to outputs; false, with nothing written, if the interpreter must do this block.</summary>
    public unsafe bool Evaluate(byte* memory, byte* uniform, byte* kept) => Run(evaluate, memory, uniform, kept);

    /// <summary>From inputs, masks and cotangents to derivatives; false, with nothing written, if the interpreter must do this block.</summary>
    public unsafe bool Pullback(byte* memory, byte* uniform, byte* kept) => Run(pullback, memory, uniform, kept);

    /// <summary>Whether code can be made here for so many lanes and a plan of this size.</summary>
    public static bool IsPossible<T>(Plan plan, int lanes)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        RuntimeFeature.IsDynamicCodeSupported && lanes > 1 && plan.Circuit.Wires <= MaxWires && LaneMath.IsFused<T>();

    /// <summary>Makes and compiles the code; null if it would be too long.</summary>
    public static LaneCode? Make<V, T>(Plan plan, Schedule schedule, Readout readout, bool differentiates)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!RuntimeFeature.IsDynamicCodeSupported || !schedule.KeepsTables || VectorMethods.For<V, T>() is not { } methods)
        {
            return null;
        }

        var evaluate = Record<V, T>(plan, schedule, readout, differentiates, reverse: false, methods);
        if (evaluate is null)
        {
            return null;
        }

        var pullback = differentiates ? Record<V, T>(plan, schedule, readout, differentiates, reverse: true, methods) : null;
        var code = new LaneCode(evaluate, pullback);
        Warm<V, T>(code, plan, schedule, readout, differentiates);
        return code;
    }

    private static unsafe bool Run(LaneBlock[]? parts, byte* memory, byte* uniform, byte* kept)
    {
        if (parts is null)
        {
            return false;
        }

        foreach (var part in parts)
        {
            if (!part(memory, uniform, kept))
            {
                return false; // the first part only
            }
        }

        return true;
    }

    [RequiresDynamicCode("Makes methods at run time.")]
    private static unsafe (LaneBlock[] Parts, int KeptBytes)? Record<V, T>(Plan plan, Schedule schedule, Readout readout, bool differentiates, bool reverse, VectorMethods methods)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var worker = new LaneWorker<Traced<T>, T>(plan, schedule, readout, differentiates);
        var uniform = (T*)4096; // symbols only count from it; not null, which would say that a pass at its start has no table
        var tape = new Tape(uniform, sizeof(T), MaxNodes);
        Tape.Current = tape;
        var results = new List<(int Vector, int Node)>();
        worker.Trace(reverse, new(uniform, null), vector => new(tape.Load(vector)), (vector, value) => results.Add((vector, value.Node)));
        return tape.IsFull ? null : TapeEmitter.Emit(tape, results, methods, sizeof(T), V.Count);
    }

    // The runtime compiles a method when it first runs: here, not under a caller who waits.
    private static unsafe void Warm<V, T>(LaneCode code, Plan plan, Schedule schedule, Readout readout, bool differentiates)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var worker = new LaneWorker<V, T>(plan, schedule, readout, differentiates);
        worker.Use(code);
        var inputs = stackalloc T[1 + plan.Circuit.Inputs];
        var shared = new T[1 + (2 * schedule.Places)];
        var outputs = new T[Math.Max(plan.Circuit.Outputs, plan.Circuit.Inputs) + 1];
        fixed (T* at = outputs, uniform = shared)
        {
            worker.Evaluate(1, 0, inputs, new(uniform, null), at);
            if (differentiates)
            {
                worker.Pullback(1, 0, inputs, new(uniform, null), at, null);
            }
        }
    }
}
