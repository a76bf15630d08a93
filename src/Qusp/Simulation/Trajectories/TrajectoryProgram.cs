// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.DensityMatrices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.Trajectories;

/// <summary>
/// The device <c>trajectories</c>: means over shots of pure states, for value and gradient. Work is cut by samples and by a fixed
/// number of shots, and its parts are summed in order, so neither the number of threads nor the cut of a batch changes a bit.
/// </summary>
internal sealed unsafe partial class TrajectoryProgram<T> : IShotProgram<T>, IPathProgram<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ShotsPerPart = 64;
    private const int NumbersPerCall = 1 << 20; // of partial sums held at once

    private readonly TrajectoryPlan plan;
    private readonly int shots;
    private readonly Crew crew;
    private readonly TrajectoryWorker<Lanes512<T>, T>?[] workers;
    private readonly (int Saved, int Segment) kept;
    private readonly double[] total; // by weights
    private double[] partial = [];
    private double[] means = []; // [samples, K + 1] of the call at hand: outputs given success, and its probability
    private TrajectoryCall call;
    private OneAtATime calls;

    public TrajectoryProgram(Circuit circuit, Differentiation differentiation, int shots, int threads)
    {
        (Circuit, Differentiation, this.shots) = (circuit, differentiation, shots);
        plan = new TrajectoryPlan(circuit);
        total = new double[circuit.Weights];
        var bytes = StateBytes(circuit.Wires);
        kept = differentiation == Differentiation.Adjoint ? DensityLayout.Segments(plan.Irreversible, bytes) : (0, 1);
        var room = 0.8 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (bytes * (2 + kept.Saved));
        crew = new Crew((int)Math.Clamp(room, 1, threads > 0 ? threads : Environment.ProcessorCount));
        workers = new TrajectoryWorker<Lanes512<T>, T>?[crew.Slots];
    }

    public Circuit Circuit { get; }

    public string Device => TrajectoriesDevice.DeviceName;

    public Differentiation Differentiation { get; }

    public bool IsStochastic => true;

    public Cost Cost { get; private set; }

    /// <summary>Bytes of the states of one block of shots.</summary>
    public static double StateBytes(int wires) => Math.ScaleB(2.0 * 64, Math.Min(wires, 1000)); // a vector of 64 bytes, whatever the precision

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        var k = Circuit.Outputs;
        var samples = SamplesPerCall(k + 1);
        fixed (T* data = inputs, shared = weights)
        {
            for (var first = 0; first < batch; first += samples)
            {
                var count = Math.Min(samples, batch - first);
                Means(new(TrajectoryTask.Means, (nint)data, (nint)shared, first, draw), count);
                for (var j = 0; j < count * k; j++)
                {
                    outputs[(first * k) + j] = T.CreateChecked(means[(j / k * (k + 1)) + (j % k)]);
                }
            }
        }

        Count(batch, inputs);
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
        var (i, stride) = (Circuit.Inputs, Circuit.Inputs + Circuit.Weights);
        var samples = SamplesPerCall(Math.Max(stride, Circuit.Outputs + 1));
        Array.Clear(total);
        fixed (T* data = inputs, shared = weights, upstream = cotangents)
        {
            for (var first = 0; first < batch; first += samples)
            {
                var count = Math.Min(samples, batch - first);
                Slopes(new(TrajectoryTask.Slopes, (nint)data, (nint)shared, first, draw) { Cotangents = (nint)upstream }, count, stride);
                for (var s = 0; s < count; s++)
                {
                    for (var j = 0; j < stride; j++)
                    {
                        var mean = Sum(s, j, stride) / shots;
                        if (j >= i)
                        {
                            total[j - i] += mean;
                        }
                        else if (!inputGradients.IsEmpty)
                        {
                            inputGradients[((first + s) * i) + j] = T.CreateChecked(mean);
                        }
                    }
                }
            }
        }

        total.ConvertTo(weightGradients);
        Count(batch, inputs);
    }

    public void Run(int chunk, int slot)
    {
        var worker = workers[slot] ??= new TrajectoryWorker<Lanes512<T>, T>(plan, Differentiation == Differentiation.Adjoint, kept.Saved) { Segment = kept.Segment };
        var parts = PartsOf(call.Shots);
        var (s, part, i) = (chunk / parts, chunk % parts, Circuit.Inputs);
        var sample = call.First + s;
        var (from, count) = (part * ShotsPerPart, Math.Min(ShotsPerPart, call.Shots - (part * ShotsPerPart)));
        worker.Load(
            new ReadOnlySpan<T>((T*)call.Inputs + ((nint)sample * i), i), new ReadOnlySpan<T>((T*)call.Weights, Circuit.Weights), call.Draw.Seed, call.Draw.Sample(sample));
        switch (call.Task)
        {
            case TrajectoryTask.Means or TrajectoryTask.DefensiveMeans:
                worker.Evaluate(from, count, Sums(chunk), call.Task == TrajectoryTask.DefensiveMeans);
                break;
            case TrajectoryTask.Moments:
                worker.AddMoments(from, count, combinations, shifts, Sums(chunk));
                break;
            case TrajectoryTask.Slopes or TrajectoryTask.SlopeMoments:
                PullBack(worker, s, from, count, Sums(chunk));
                break;
            default:
                worker.Sample(from, count, call.Reading!, new Span<uint>((uint*)call.Outcomes + ((nint)sample * call.Shots) + from, count));
                break;
        }
    }

    public void Dispose()
    {
        calls.Close();
        foreach (var worker in workers)
        {
            worker?.Dispose();
        }

        Array.Clear(workers);
    }

    private static int PartsOf(int shots) => (shots + ShotsPerPart - 1) / ShotsPerPart;

    private int SamplesPerCall(int stride) => Math.Max(1, NumbersPerCall / Math.Max(1, PartsOf(shots) * stride));

    // The means of outputs, and of F: it is 1 or has mean 1, unless something is post-selected: then its mean is the probability of success.
    private void Means(TrajectoryCall of, int count)
    {
        var (k, stride) = (Circuit.Outputs, Circuit.Outputs + 1);
        RunAll(of, count, stride);
        _ = Numbers.Room(ref means, count * stride);
        for (var s = 0; s < count; s++)
        {
            var weight = plan.KeepsTrace ? shots : Sum(s, k, stride);
            if (!(weight > 0))
            {
                throw new InvalidOperationException(
                    $"Sample {of.First + s}: in none of {shots} trajectories what the circuit post-selects came up; take more, or use cpu.");
            }

            for (var j = 0; j < k; j++)
            {
                means[(s * stride) + j] = Sum(s, j, stride) / weight;
            }

            means[(s * stride) + k] = weight / shots;
        }
    }

    // Outputs given success are quotients: their mean comes first.
    private void Slopes(TrajectoryCall of, int count, int stride)
    {
        if (!plan.KeepsTrace)
        {
            Means(of with { Task = TrajectoryTask.DefensiveMeans }, count);
        }

        RunAll(of, count, stride);
    }

    private void PullBack(TrajectoryWorker<Lanes512<T>, T> worker, int s, int from, int count, Span<double> sums)
    {
        var k = Circuit.Outputs;
        Span<double> g = k <= 1024 ? stackalloc double[k] : new double[k];
        var (probability, shift) = (plan.KeepsTrace ? 1 : means[(s * (k + 1)) + k], 0.0);
        for (var j = 0; j < k; j++)
        {
            g[j] = double.CreateTruncating(((T*)call.Cotangents)[((nint)(call.First + s) * k) + j]) / probability;
            shift += plan.KeepsTrace ? 0 : g[j] * means[(s * (k + 1)) + j];
        }

        var numbers = Circuit.Inputs + Circuit.Weights;
        worker.Pullback(from, count, g, shift, sums[..numbers], sums[numbers..]);
    }

    private Span<double> Sums(int chunk) => partial.AsSpan(chunk * call.Stride, call.Stride);

    private double Sum(int s, int j, int stride)
    {
        var (sum, parts) = (0.0, PartsOf(shots));
        for (var part = 0; part < parts; part++)
        {
            sum += partial[((((s * parts) + part) * stride) + j)];
        }

        return sum;
    }

    private void RunAll(TrajectoryCall of, int samples, int stride)
    {
        call = of with { Shots = shots, Stride = stride };
        var chunks = samples * PartsOf(shots);
        Numbers.Room(ref partial, chunks * stride).Clear();
        crew.Run(chunks, this, shared: true);
    }

    private void Count(int batch, ReadOnlySpan<T> inputs) => Count(batch, shots, inputs);

    private void Count(int batch, int each, ReadOnlySpan<T> inputs)
    {
        var cost = new Cost(batch, 0, 0, 0, (long)batch * each);
        foreach (var operation in Circuit.Operations)
        {
            var fired = batch;
            if (operation.Guard is { } guard)
            {
                fired = 0;
                for (var s = 0; s < batch; s++)
                {
                    fired += guard.Fires(inputs.Slice(s * Circuit.Inputs, Circuit.Inputs)) ? 1 : 0;
                }
            }

            cost += new Cost(0, operation.IsGate ? fired : 0, operation.IsTwoQubitGate ? fired : 0, operation.IsGate ? batch - fired : 0, 0);
        }

        Cost += cost;
    }
}
