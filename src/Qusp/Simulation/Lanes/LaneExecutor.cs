// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes.Code;

namespace Qusp.Simulation.Lanes;

/// <summary>Runs batches of a plan, whatever the width of its lanes.</summary>
internal unsafe interface IBatchExecutor<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Runs the circuit for inputs <c>[B, I]</c> and weights <c>[W]</c>; writes <c>[B, K]</c>.</summary>
    Cost Evaluate(int batch, T* inputs, T* weights, T* outputs);

    /// <summary>Writes <c>[B, I]</c> if wanted and adds to <c>[W]</c>.</summary>
    Cost Pullback(int batch, T* inputs, T* weights, T* cotangents, T* inputGradients, Span<double> weightGradients);
}

/// <summary>
/// Cuts a batch into blocks of one sample a lane and blocks into chunks. The cut depends on the batch alone, and chunks
/// are summed in order, so results do not depend on the number of threads.
/// </summary>
internal sealed unsafe class LaneExecutor<V, T> : IBatchExecutor<T>, IChunkedWork, IThreadPoolWorkItem
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxChunks = 64;
    private const long WorthSharing = 30_000; // vector operations; below, waking a thread costs more than it saves

    // Code is made once the interpreter has run for about as long as making it takes: blocks of one amplitude and step.
    private const long WorthCode = 1_000_000;

    private readonly Plan plan;
    private readonly Schedule schedule;
    private readonly SharedPhases<T> phases;
    private readonly Readout readout;
    private readonly Crew crew;
    private readonly LaneWorker<V, T>?[] workers;
    private readonly bool differentiates;
    private double[] partial = [];
    private LaneCode? code;
    private Exception? failure; // of making the code
    private long blocksUntilCode;
    private (int Batch, int Blocks, int Chunks, nint Inputs, Shared<T> Uniform, nint Results, nint InputGradients, bool Reverse) call;

    public LaneExecutor(Plan plan, Readout readout, Crew crew, bool differentiates, CodeUse use)
    {
        (this.plan, this.readout, this.crew, this.differentiates) = (plan, readout, crew, differentiates);
        schedule = new Schedule(plan, readout);
        phases = new SharedPhases<T>(plan, schedule);
        workers = new LaneWorker<V, T>?[crew.Slots];
        use = LaneCode.IsPossible<T>(plan, V.Count) ? use : CodeUse.Never;
        blocksUntilCode = use == CodeUse.WhenItPays ? WorthCode / ((plan.Steps.Length + 1) << plan.Circuit.Wires) : long.MaxValue;
        code = use == CodeUse.AtOnce ? LaneCode.Make<V, T>(plan, schedule, readout, differentiates) : null;
    }

    public Cost Evaluate(int batch, T* inputs, T* weights, T* outputs)
    {
        Cut(batch);
        call = call with { Inputs = (nint)inputs, Uniform = phases.Fill(new(weights, plan.Circuit.Weights)), Results = (nint)outputs, Reverse = false };
        return Run();
    }

    public Cost Pullback(int batch, T* inputs, T* weights, T* cotangents, T* inputGradients, Span<double> weightGradients)
    {
        Cut(batch);
        var count = plan.Circuit.Weights;
        if (partial.Length < call.Chunks * count)
        {
            partial = new double[call.Chunks * count];
        }

        Array.Clear(partial, 0, call.Chunks * count);
        call = call with
        {
            Inputs = (nint)inputs,
            Uniform = phases.Fill(new(weights, plan.Circuit.Weights)),
            Results = (nint)cotangents,
            InputGradients = (nint)inputGradients,
            Reverse = true,
        };
        var cost = Run();
        for (var chunk = 0; chunk < call.Chunks; chunk++)
        {
            for (var k = 0; k < weightGradients.Length; k++)
            {
                weightGradients[k] += partial[(chunk * count) + k];
            }
        }

        return cost;
    }

    public void Run(int chunk, int slot)
    {
        var worker = workers[slot] ??= new LaneWorker<V, T>(plan, schedule, readout, differentiates);
        worker.Use(code);
        var (first, last) = ((long)chunk * call.Blocks / call.Chunks, (chunk + 1L) * call.Blocks / call.Chunks);
        for (var block = (int)first; block < (int)last; block++)
        {
            if (call.Reverse)
            {
                worker.Pullback(
                    call.Batch, block * V.Count, (T*)call.Inputs, call.Uniform, (T*)call.Results, (T*)call.InputGradients);
            }
            else
            {
                worker.Evaluate(call.Batch, block * V.Count, (T*)call.Inputs, call.Uniform, (T*)call.Results);
            }
        }

        if (call.Reverse)
        {
            worker.TakeWeightGradients(partial.AsSpan(chunk * plan.Circuit.Weights, plan.Circuit.Weights));
        }
    }

    /// <summary>Makes the code on a thread of the pool, while calls go on: when it is ready changes no result.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            Volatile.Write(ref code, LaneCode.Make<V, T>(plan, schedule, readout, differentiates));
        }
#pragma warning disable CA1031 // handed to the next caller, who gets it as an exception; here it would end the process
        catch (Exception error)
#pragma warning restore CA1031
        {
            Volatile.Write(ref failure, error);
        }
    }

    public void Dispose()
    {
        foreach (var worker in workers)
        {
            worker?.Dispose();
        }

        Array.Clear(workers);
    }

    private void Cut(int batch)
    {
        var blocks = (int)((batch + (long)V.Count - 1) / V.Count);
        call = (batch, blocks, Math.Min(blocks, MaxChunks), 0, default, 0, 0, false);
    }

    private Cost Run()
    {
        if (Volatile.Read(ref failure) is { } error)
        {
            throw new InvalidOperationException(
                $"Making code for a circuit failed: {error.Message}; set the AppContext switch Qusp.GeneratedCode to false, and tell us.", error);
        }

        if (blocksUntilCode != long.MaxValue && (blocksUntilCode -= call.Blocks) < 0)
        {
            blocksUntilCode = long.MaxValue;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        var perBlock = ((plan.Steps.Length + 2L) << Math.Max(0, plan.Circuit.Wires - 1)) + (16L * plan.Angles.Length);
        crew.Run(call.Chunks, this, shared: call.Blocks * perBlock * (call.Reverse ? 4 : 1) > WorthSharing);
        var cost = default(Cost);
        foreach (var worker in workers)
        {
            cost += worker?.TakeCost() ?? default;
        }

        return cost;
    }
}
