// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Runs batches with one state a sample and vectors across its amplitudes. Threads share the samples of a batch of small
/// states, or each state where it is large; which, depends on the number of wires alone.
/// </summary>
internal sealed unsafe class StateExecutor<V, T> : IBatchExecutor<T>, IChunkedWork
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxShared = 14; // wires up to which threads share samples
    private const int MaxChunks = 64;
    private const int MaxPrograms = 256; // outcomes of the guards that are kept ready

    private readonly Plan plan;
    private readonly Readout readout;
    private readonly Crew crew;
    private readonly Worker?[] workers;
    private readonly bool differentiates;
    private readonly bool sharesSamples;
    private double[] partial = [];
    private (int Batch, int Chunks, nint Inputs, nint Weights, nint Results, nint InputGradients, bool Reverse) call;

    public StateExecutor(Plan plan, Readout readout, Crew crew, bool differentiates)
    {
        (this.plan, this.readout, this.crew, this.differentiates) = (plan, readout, crew, differentiates);
        sharesSamples = plan.Circuit.Wires <= MaxShared;
        workers = new Worker?[sharesSamples ? crew.Slots : 1];
    }

    public Cost Evaluate(int batch, T* inputs, T* weights, T* outputs)
    {
        call = (batch, Math.Min(batch, MaxChunks), (nint)inputs, (nint)weights, (nint)outputs, 0, false);
        return Run();
    }

    public Cost Pullback(int batch, T* inputs, T* weights, T* cotangents, T* inputGradients, Span<double> weightGradients)
    {
        call = (batch, Math.Min(batch, MaxChunks), (nint)inputs, (nint)weights, (nint)cotangents, (nint)inputGradients, true);
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
        var worker = workers[slot] ??= new Worker(plan, readout, sharesSamples ? new Crew(1) : crew, differentiates);
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
        crew.Run(call.Chunks, this, shared: sharesSamples && call.Batch > 1 && plan.Circuit.Wires > 4);
        var cost = default(Cost);
        foreach (var worker in workers)
        {
            cost += worker?.TakeCost() ?? default;
        }

        return cost;
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
