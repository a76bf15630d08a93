// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Runs batches with one state a sample and vectors across its amplitudes. Threads share the samples of a batch, and each
/// state where it is large or samples are too few. Either way a state's passes are cut into the same chunks, so results do
/// not depend on the number of threads.
/// </summary>
internal sealed unsafe class StateExecutor<V, T> : IBatchExecutor<T>, IChunkedWork
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MinBySample = 5; // wires; smaller states are done before a thread is awake
    private const int MaxBySample = 16; // wires; the states of larger ones would be in each other's way in the cache
    private const int MaxChunks = 64;
    private const int MaxPrograms = 256; // outcomes of the guards that are kept ready

    private readonly Plan plan;
    private readonly Readout readout;
    private readonly Crew crew;
    private readonly Worker?[] workers;
    private readonly bool differentiates;
    private readonly bool bySample;
    private double[] partial = [];
    private (int Batch, int Chunks, int BySample, nint Inputs, nint Weights, nint Results, nint InputGradients, bool Reverse) call;

    public StateExecutor(Plan plan, Readout readout, Crew crew, bool differentiates)
    {
        (this.plan, this.readout, this.crew, this.differentiates) = (plan, readout, crew, differentiates);
        bySample = plan.Circuit.Wires is >= MinBySample and <= MaxBySample;
        workers = new Worker?[bySample ? crew.Slots : 1];
    }

    public Cost Evaluate(int batch, T* inputs, T* weights, T* outputs)
    {
        var parts = Math.Min(batch, MaxChunks);
        call = (batch, parts, BySample(parts), (nint)inputs, (nint)weights, (nint)outputs, 0, false);
        return Run();
    }

    public Cost Pullback(int batch, T* inputs, T* weights, T* cotangents, T* inputGradients, Span<double> weightGradients)
    {
        var parts = Math.Min(batch, MaxChunks);
        call = (batch, parts, BySample(parts), (nint)inputs, (nint)weights, (nint)cotangents, (nint)inputGradients, true);
        var count = plan.Circuit.Weights;
        if (partial.Length < call.Chunks * count)
        {
            partial = new double[call.Chunks * count];
        }

        Array.Clear(partial, 0, call.Chunks * count);
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
        var worker = WorkerOf(slot);
        var (first, last) = ((int)((long)chunk * call.Batch / call.Chunks), (int)((chunk + 1L) * call.Batch / call.Chunks));
        for (var sample = first; sample < last; sample++)
        {
            var inputs = (T*)call.Inputs + ((nint)sample * plan.Circuit.Inputs);
            if (call.Reverse)
            {
                worker.Pullback(
                    inputs,
                    (T*)call.Weights,
                    new ReadOnlySpan<T>((T*)call.Results + ((nint)sample * plan.Circuit.Outputs), plan.Circuit.Outputs),
                    call.InputGradients == 0 ? default : new Span<T>((T*)call.InputGradients + ((nint)sample * plan.Circuit.Inputs), plan.Circuit.Inputs),
                    partial.AsSpan(chunk * plan.Circuit.Weights, plan.Circuit.Weights));
            }
            else
            {
                worker.Evaluate(inputs, (T*)call.Weights, (T*)call.Results + ((nint)sample * plan.Circuit.Outputs));
            }
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

    private Cost Run()
    {
        for (var slot = 0; slot < Math.Min(call.BySample, workers.Length); slot++)
        {
            _ = WorkerOf(slot); // whichever threads will help in this call
        }

        crew.Run(call.BySample, this, shared: true);
        for (var chunk = call.BySample; chunk < call.Chunks; chunk++)
        {
            Run(chunk, 0);
        }

        var cost = default(Cost);
        foreach (var worker in workers)
        {
            cost += worker?.TakeCost() ?? default;
        }

        return cost;
    }

    private Worker WorkerOf(int slot) => workers[slot] ??= new Worker(plan, readout, crew, differentiates);

    // How many of the chunks, the first, threads run one each: what is left when all have had the same number, they share.
    private int BySample(int samples)
    {
        var rest = samples % crew.Slots;
        return !bySample ? 0 : rest < StateEngine<V, T>.Chunks(plan.Circuit.Wires) ? samples - rest : samples;
    }

    // One thread's engine, and what is ready for the guards' outcomes it has met.
    private sealed class Worker(Plan plan, Readout readout, Crew crew, bool differentiates) : IDisposable
    {
        private readonly StateEngine<V, T> engine = new(plan, readout, crew);
        private readonly List<StateProgram<V, T>> programs = [];
        private readonly bool[] fired = new bool[plan.Guards.Length];
        private readonly double[] inputSums = new double[plan.Circuit.Inputs];
        private Cost cost;

        public void Evaluate(T* inputs, T* weights, T* outputs) => engine.Evaluate(Select(inputs), inputs, weights, outputs);

        public void Pullback(T* inputs, T* weights, ReadOnlySpan<T> cotangents, Span<T> inputGradients, Span<double> weightGradients)
        {
            var turns = engine.Pullback(Select(inputs), inputs, weights, cotangents);
            Array.Clear(inputSums);
            for (var a = 0; a < plan.Angles.Length; a++)
            {
                var (angle, _, guard) = plan.Angles[a];
                if (guard >= 0 && !fired[guard])
                {
                    continue;
                }

                if (angle.Source == AngleSource.Weight)
                {
                    weightGradients[angle.Index] += angle.Scale * turns[a];
                }
                else if (angle.Source == AngleSource.Input)
                {
                    inputSums[angle.Index] += angle.Scale * turns[a];
                }
            }

            for (var k = 0; k < inputGradients.Length; k++)
            {
                inputGradients[k] = T.CreateTruncating(inputSums[k]);
            }
        }

        public Cost TakeCost()
        {
            var taken = cost;
            cost = default;
            return taken;
        }

        public void Dispose()
        {
            engine.Dispose();
            foreach (var program in programs)
            {
                program.Dispose();
            }
        }

        private StateProgram<V, T> Select(T* inputs)
        {
            var data = new ReadOnlySpan<T>(inputs, plan.Circuit.Inputs);
            for (var g = 0; g < fired.Length; g++)
            {
                fired[g] = plan.Guards[g].Fires(data);
            }

            Count();
            for (var k = 0; k < programs.Count; k++)
            {
                if (programs[k].Fired.AsSpan().SequenceEqual(fired))
                {
                    return programs[k];
                }
            }

            if (programs.Count == MaxPrograms)
            {
                programs[0].Dispose();
                programs.RemoveAt(0);
            }

            var made = new StateProgram<V, T>(plan, readout, fired, StateEngine<V, T>.BlockBits(plan.Circuit.Wires), differentiates);
            programs.Add(made);
            return made;
        }

        private void Count()
        {
            var free = plan.Counts[^1];
            cost += new Cost(1, free.Gates, free.TwoQubitGates, 0, 0);
            for (var g = 0; g < fired.Length; g++)
            {
                var (gates, two) = plan.Counts[g];
                cost += fired[g] ? new Cost(0, gates, two, 0, 0) : new Cost(0, 0, 0, gates, 0);
            }
        }
    }
}
