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
    private const long BlockStart = 100; // of them, whatever the circuit: samples into lanes, results out

    // Code is made once the interpreter has run for about as long as making it takes: blocks of one amplitude and step.
    private const long WorthCode = 1_000_000;

    private readonly Plan plan;
    private readonly Schedule schedule;
    private readonly SharedPhases<T> phases;
    private readonly Readout readout;
    private readonly Crew crew;
    private readonly LaneWorker<V, T>?[] workers;
    private readonly bool differentiates;
    private readonly long blockWork; // vector operations
    private double[] partial = [];
    private LaneCode? code;
    private Exception? failure; // of making the code
    private long blocksUntilCode;
    private Call call;

    public LaneExecutor(Plan plan, Readout readout, Crew crew, bool differentiates, CodeUse use)
    {
        (this.plan, this.readout, this.crew, this.differentiates) = (plan, readout, crew, differentiates);
        schedule = new Schedule(plan, readout);
        phases = new SharedPhases<T>(plan, schedule);
        blockWork = BlockStart + ((plan.Steps.Length + 2L) << Math.Max(0, plan.Circuit.Wires - 1)) + (16L * plan.Angles.Length);
        workers = new LaneWorker<V, T>?[crew.Slots];
        use = LaneCode.IsPossible<T>(plan, V.Count) ? use : CodeUse.Never;
        blocksUntilCode = use == CodeUse.WhenItPays ? WorthCode / ((plan.Steps.Length + 1) << plan.Circuit.Wires) : long.MaxValue;
        code = use == CodeUse.AtOnce ? LaneCode.Make<V, T>(plan, schedule, readout, differentiates) : null;
    }

    public Cost Evaluate(int batch, T* inputs, T* weights, T* outputs)
    {
        Cut(batch, reverse: false);
        call.Inputs = inputs;
        call.Results = outputs;
        call.Uniform = phases.Fill(new(weights, plan.Circuit.Weights));
        return Run();
    }

    public Cost Pullback(int batch, T* inputs, T* weights, T* cotangents, T* inputGradients, Span<double> weightGradients)
    {
        Cut(batch, reverse: true);
        call.Inputs = inputs;
        call.Results = cotangents;
        call.InputGradients = inputGradients;
        call.Uniform = phases.Fill(new(weights, plan.Circuit.Weights));
        var count = plan.Circuit.Weights;
        var sums = Numbers.Room(ref partial, call.Chunks * count);
        sums.Clear();
        var cost = Run();
        for (; !sums.IsEmpty; sums = sums[count..])
        {
            for (var k = 0; k < weightGradients.Length; k++)
            {
                weightGradients[k] += sums[k];
            }
        }

        return cost;
    }

    public void Run(int chunk, int slot)
    {
        var worker = workers[slot] ??= new LaneWorker<V, T>(plan, schedule, readout, differentiates);
        worker.Use(code);
        var first = (chunk * call.BlocksAChunk) + Math.Min(chunk, call.LongerChunks);
        var last = first + call.BlocksAChunk + (chunk < call.LongerChunks ? 1 : 0);
        for (var block = first; block < last; block++)
        {
            if (call.Reverse)
            {
                worker.Pullback(call.Batch, block * V.Count, call.Inputs, call.Uniform, call.Results, call.InputGradients);
            }
            else
            {
                worker.Evaluate(call.Batch, block * V.Count, call.Inputs, call.Uniform, call.Results);
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

    // Work for one thread is one chunk: each has its price.
    private void Cut(int batch, bool reverse)
    {
        var blocks = (int)((batch + (long)V.Count - 1) / V.Count);
        var isShared = blocks * blockWork * (reverse ? 4 : 1) > WorthSharing;
        var chunks = isShared ? Math.Min(blocks, MaxChunks) : 1;
        (call.Batch, call.Blocks, call.Chunks, call.Reverse) = (batch, blocks, chunks, reverse);
        (call.BlocksAChunk, call.LongerChunks) = isShared ? Math.DivRem(blocks, chunks) : (blocks, 0);
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

        crew.Run(call.Chunks, this, shared: call.Chunks > 1);
        var cost = default(Cost);
        foreach (var worker in workers)
        {
            cost = worker is null ? cost : cost + worker.TakeCost();
        }

        return cost;
    }

    private struct Call
    {
        public int Batch, Blocks, Chunks;
        public int BlocksAChunk, LongerChunks; // the first chunks have one block more
        public bool Reverse;
        public T* Inputs, Results, InputGradients;
        public Shared<T> Uniform;
    }
}
