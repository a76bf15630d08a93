// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>
/// A program that runs sample by sample in double, whatever T is, samples shared among threads. How the batch is cut depends on the batch alone, so
/// results do not depend on the number of threads.
/// </summary>
internal abstract class SampleWiseProgram<T> : IProgram<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxChunks = 64;

    private readonly GuardLedger<T> ledger;
    private double[] data = [];
    private double[] shared = [];
    private double[] results = [];
    private double[] cotangents = [];
    private double[] gradients = [];
    private double[] partial = [];
    private double[] errors = [];
    private (int Batch, int Chunks, bool Reverse) call;
    private OneAtATime calls;

    protected SampleWiseProgram(Circuit circuit, string device, Differentiation differentiation, int threads)
    {
        (Circuit, Device, Differentiation) = (circuit, device, differentiation);
        ledger = new GuardLedger<T>(circuit);
        Crew = new Crew(threads);
    }

    public Circuit Circuit { get; }

    public string Device { get; }

    public Differentiation Differentiation { get; }

    public bool IsStochastic => false;

    public Cost Cost { get; private set; }

    /// <summary>The threads: each has a slot for scratch of its own.</summary>
    protected Crew Crew { get; }

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        Numbers.Room(ref results, outputs.Length).Clear();
        Run(batch, inputs, weights, reverse: false);
        new ReadOnlySpan<double>(results).ConvertTo(outputs);
    }

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default)
    {
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, cotangents.Length, inputGradients.Length, weightGradients.Length);
        Call.RequireAdjoint(Differentiation);
        using var running = calls.Take();
        _ = cotangents.ToDouble(ref this.cotangents);
        Numbers.Room(ref gradients, batch * Circuit.Inputs).Clear();
        Numbers.Room(ref partial, Math.Min(batch, MaxChunks) * Circuit.Weights).Clear();
        Run(batch, inputs, weights, reverse: true);
        new ReadOnlySpan<double>(gradients).ConvertTo(inputGradients);
        for (var k = 0; k < weightGradients.Length; k++)
        {
            var sum = 0.0;
            for (var chunk = 0; chunk < call.Chunks; chunk++)
            {
                sum += partial[(chunk * Circuit.Weights) + k];
            }

            weightGradients[k] = T.CreateChecked(sum);
        }
    }

    public void Run(int chunk, int slot)
    {
        var (first, last) = ((int)((long)chunk * call.Batch / call.Chunks), (int)((chunk + 1L) * call.Batch / call.Chunks));
        var (inputs, outputs) = (Circuit.Inputs, Circuit.Outputs);
        for (var sample = first; sample < last; sample++)
        {
            Run(new SamplePlace(sample, slot), chunk, inputs, outputs);
        }
    }

    private void Run(SamplePlace at, int chunk, int inputs, int outputs)
    {
        var row = data.AsSpan(at.Sample * inputs, inputs);
        errors[at.Sample] = call.Reverse
            ? Reverse(
                at, row, shared, cotangents.AsSpan(at.Sample * outputs, outputs),
                gradients.AsSpan(at.Sample * inputs, inputs), partial.AsSpan(chunk * Circuit.Weights, Circuit.Weights))
            : Forward(at, row, shared, results.AsSpan(at.Sample * outputs, outputs));
    }

    public void Dispose() => calls.Close();

    /// <summary>Called before the samples of a batch are run.</summary>
    protected virtual void Prepare(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<double> data, ReadOnlySpan<double> weights)
    {
    }

    /// <summary>Adds a sample's outputs to zeros.</summary>
    /// <returns>The error that was made by cutting off.</returns>
    protected abstract double Forward(SamplePlace at, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, Span<double> outputs);

    /// <summary>Adds a sample's gradients.</summary>
    /// <returns>The error that was made by cutting off.</returns>
    protected abstract double Reverse(
        SamplePlace at,
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> cotangents,
        Span<double> inputGradient,
        Span<double> weightGradient);

    private void Run(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, bool reverse)
    {
        _ = inputs.ToDouble(ref data);
        _ = weights.ToDouble(ref shared);
        _ = Numbers.Room(ref errors, batch);
        for (var sample = 0; sample < batch; sample++)
        {
            Cost += ledger.Cost(ledger.Fires(inputs.Slice(sample * Circuit.Inputs, Circuit.Inputs)));
        }

        call = (batch, Math.Min(batch, MaxChunks), reverse);
        Prepare(batch, inputs, data, shared);
        Crew.Run(call.Chunks, this, shared: true);
        foreach (var error in errors.AsSpan(0, batch))
        {
            Cost = Cost with { TruncationError = Math.Max(Cost.TruncationError, error) };
        }
    }
}

/// <summary>Which sample of the batch is run, and by which thread's slot.</summary>
internal readonly record struct SamplePlace(int Sample, int Slot);
