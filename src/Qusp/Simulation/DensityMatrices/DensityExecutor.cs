// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>Runs batches as density matrices.</summary>
internal interface IDensityExecutor<T> : IBatchExecutor<T>
    where T : unmanaged
{
    /// <summary>The first sample of the last call whose post-selection had no probability to succeed; −1 if none.</summary>
    int Impossible { get; }
}

/// <summary>
/// Cuts a batch into blocks of one sample a lane and blocks into chunks. The cut depends on the batch alone, and chunks are
/// summed in order, so results do not depend on the number of threads.
/// </summary>
internal sealed unsafe class DensityExecutor<V, W, T>(DensityLayout layout, Crew crew, bool differentiates) : IDensityExecutor<T>, IChunkedWork
    where V : unmanaged, ILanes<V, T>
    where W : unmanaged, ILanes<W, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxChunks = 64;
    private const long WorthSharing = 12_000; // vector operations; below, waking a thread costs more than it saves
    private const int Matrices = 32; // what a step costs before its first number, in numbers

    private readonly DensityWorker<V, W, T>?[] workers = new DensityWorker<V, W, T>?[crew.Slots];
    private double[] partial = [];
    private (int Batch, int Blocks, int Chunks, nint Inputs, nint Weights, nint Results, nint InputGradients, bool Reverse) call;

    public int Impossible { get; private set; } = -1;

    public Cost Evaluate(int batch, T* inputs, T* uniform, T* outputs)
    {
        Cut(batch);
        call = call with { Inputs = (nint)inputs, Weights = (nint)uniform, Results = (nint)outputs };
        return Run();
    }

    public Cost Pullback(int batch, T* inputs, T* uniform, T* cotangents, T* inputGradients, Span<double> weightGradients)
    {
        Cut(batch);
        var weights = layout.Plan.Circuit.Weights;
        if (partial.Length < call.Chunks * weights)
        {
            partial = new double[call.Chunks * weights];
        }

        Array.Clear(partial, 0, call.Chunks * weights);
        call = call with { Inputs = (nint)inputs, Weights = (nint)uniform, Results = (nint)cotangents, InputGradients = (nint)inputGradients, Reverse = true };
        var cost = Run();
        for (var chunk = 0; chunk < call.Chunks; chunk++)
        {
            for (var k = 0; k < weightGradients.Length; k++)
            {
                weightGradients[k] += partial[(chunk * weights) + k];
            }
        }

        return cost;
    }

    public void Run(int chunk, int slot)
    {
        var worker = WorkerOf(slot);
        var (first, last) = ((long)chunk * call.Blocks / call.Chunks, (chunk + 1L) * call.Blocks / call.Chunks);
        for (var block = (int)first; block < (int)last; block++)
        {
            if (call.Reverse)
            {
                worker.Pullback(call.Batch, block * V.Count, (T*)call.Inputs, (T*)call.Weights, (T*)call.Results, (T*)call.InputGradients);
            }
            else
            {
                worker.Evaluate(call.Batch, block * V.Count, (T*)call.Inputs, (T*)call.Weights, (T*)call.Results);
            }
        }

        if (call.Reverse)
        {
            worker.TakeWeightGradients(partial.AsSpan(chunk * layout.Plan.Circuit.Weights, layout.Plan.Circuit.Weights));
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

    private DensityWorker<V, W, T> WorkerOf(int slot) => workers[slot] ??= new DensityWorker<V, W, T>(layout, crew, differentiates);

    private void Cut(int batch)
    {
        var blocks = (int)((batch + (long)V.Count - 1) / V.Count);
        call = (batch, blocks, Math.Min(blocks, MaxChunks), 0, 0, 0, 0, false);
        Impossible = -1;
        foreach (var worker in workers)
        {
            worker?.Begin();
        }
    }

    private Cost Run()
    {
        var perBlock = (layout.Plan.Steps.Length + 2.0) * (Math.ScaleB(1, layout.Plan.MostBits) + Matrices);
        var isWorth = call.Blocks * perBlock * (call.Reverse ? 3 : 1) > WorthSharing;

        // What is left when all threads have had the same number of chunks, they share.
        var whole = isWorth ? call.Chunks - (call.Chunks % crew.Slots) : 0;
        for (var slot = 0; slot < Math.Min(whole, workers.Length); slot++)
        {
            _ = WorkerOf(slot); // whichever threads will help in this call
        }

        crew.Run(whole, this, shared: true);
        for (var chunk = whole; chunk < call.Chunks; chunk++)
        {
            Run(chunk, 0);
        }

        var cost = default(Cost);
        foreach (var worker in workers)
        {
            cost += worker?.TakeCost() ?? default;
            Impossible = worker is { Impossible: >= 0 and var sample } && (Impossible < 0 || sample < Impossible) ? sample : Impossible;
        }

        return cost;
    }
}
