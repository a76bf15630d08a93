// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// The <c>cpu</c> device's program for circuits with noise, measurements, resets and conditions in their course: exact, by density
/// matrices of every branch that is still told apart. Batches of small ones run with a sample in each lane.
/// </summary>
internal sealed unsafe class DensityMatrixProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double LargestInLanes = 16 << 20; // bytes of one worker's vector with a sample in each lane
    private readonly DensityPlan plan;
    private readonly Crew crew;
    private readonly int vectorBits;
    private readonly int mostLanes;
    private readonly double[] weightSums;
    private readonly IDensityExecutor<T>?[] executors = new IDensityExecutor<T>?[7]; // by log2 of their lanes; made when first needed
    private OneAtATime calls;

    /// <summary>Lowers the circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="differentiation">Adjoint or None.</param>
    /// <param name="threads">The most threads; 0 = one a core.</param>
    /// <param name="vectorBits">512, 256, 128, or 64 for none.</param>
    public DensityMatrixProgram(Circuit circuit, Differentiation differentiation, int threads, int vectorBits)
    {
        (Circuit, Differentiation, this.vectorBits) = (circuit, differentiation, vectorBits);
        weightSums = new double[circuit.Weights];
        plan = DensityLowering.Lower(circuit);
        var lanes = vectorBits >= 128 ? vectorBits / (8 * sizeof(T)) : 1;
        mostLanes = StateBytes * lanes <= LargestInLanes ? lanes : 1;

        // No more threads than have memory for their states.
        var irreversible = plan.Steps.Count(step => !step.IsUnitary);
        var most = StateBytes * mostLanes * (2 + (Differentiates ? DensityLayout.Segments(irreversible, StateBytes * mostLanes).Saved : 0));
        crew = new((int)Math.Clamp(0.8 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / most, 1, threads > 0 ? threads : Environment.ProcessorCount));
    }

    public Circuit Circuit { get; }

    public string Device => CpuDevice.DeviceName;

    public Differentiation Differentiation { get; }

    public bool IsStochastic => false;

    public Cost Cost { get; private set; }

    /// <summary>Why there is no memory for value and gradient in double precision, in one line; null if there is.</summary>
    public static string? Refusal(Circuit circuit)
    {
        const int Most = 15; // 4^15 entries of 16 bytes are 16 GiB
        var bits = (2 * circuit.Wires) + ClassicalBits.MostLive(circuit);
        var irreversible = circuit.Operations.Count(operation => operation.Gate.Kind is GateKind.Channel or GateKind.Measure);
        var bytes = Math.ScaleB(16.0, Math.Min(bits, 1000));
        var needed = bytes * (2 + DensityLayout.Segments(irreversible, bytes).Saved);
        return SimulationCost.Refusal(
            circuit.Wires > Most ? double.PositiveInfinity : needed,
            $"noise and measurements in its course make density matrices of 4^{circuit.Wires} entries{(bits > 2 * circuit.Wires ? $" for {bits - (2 * circuit.Wires)} classical bits" : "")}, which",
            "use trajectories");
    }

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        fixed (T* data = inputs, shared = weights, results = outputs)
        {
            for (var first = 0; first < batch;)
            {
                var (count, executor) = Next(batch - first);
                Cost += executor.Evaluate(count, data + ((nint)first * Circuit.Inputs), shared, results + ((nint)first * Circuit.Outputs));
                Check(executor, first);
                first += count;
            }
        }
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
        Array.Clear(weightSums);
        fixed (T* data = inputs, shared = weights, upstream = cotangents, gradients = inputGradients)
        {
            for (var first = 0; first < batch;)
            {
                var (count, executor) = Next(batch - first);
                var at = (nint)first * Circuit.Inputs;
                Cost += executor.Pullback(
                    count, data + at, shared, upstream + ((nint)first * Circuit.Outputs), gradients is null ? null : gradients + at, weightSums);
                Check(executor, first);
                first += count;
            }
        }

        weightSums.ConvertTo(weightGradients);
    }

    public void Dispose()
    {
        calls.Close();
        foreach (var executor in executors)
        {
            executor?.Dispose();
        }
    }

    private bool Differentiates => Differentiation == Differentiation.Adjoint;

    private double StateBytes => Math.ScaleB(2.0 * sizeof(T), plan.MostBits);

    // All full blocks of lanes, or the rest in the fewest lanes that hold it.
    private (int Count, IDensityExecutor<T> Executor) Next(int left)
    {
        if (left >= mostLanes)
        {
            return (left - (left % mostLanes), With(mostLanes));
        }

        return (left, With(left <= MostAlone ? 1 : Math.Max((int)BitOperations.RoundUpToPowerOf2((uint)left), 16 / sizeof(T))));
    }

    // As many samples one after the other are sooner done than in lanes of which some are empty, as measured.
    private int MostAlone => plan.MostBits switch
    {
        >= 16 => mostLanes - 1, // lanes are beyond the caches
        >= 10 => 2,
        _ => 1,
    };

    private IDensityExecutor<T> With(int lanes) => executors[BitOperations.Log2((uint)lanes)] ??= (8 * sizeof(T) * lanes) switch
    {
        512 => InLanes<Lanes512<T>>(),
        256 => InLanes<Lanes256<T>>(),
        128 => InLanes<Lanes128<T>>(),
        _ => vectorBits switch
        {
            512 => Alone<Lanes512<T>>(),
            256 => Alone<Lanes256<T>>(),
            128 => Alone<Lanes128<T>>(),
            _ => Alone<Lanes1<T>>(),
        },
    };

    private DensityExecutor<V, V, T> InLanes<V>()
        where V : unmanaged, ILanes<V, T> => new(new DensityLayout(plan, Differentiates, V.Count, 0, StateBytes * V.Count), crew, Differentiates);

    // The kernels take several numbers of its vector at a time.
    private DensityExecutor<Lanes1<T>, W, T> Alone<W>()
        where W : unmanaged, ILanes<W, T> =>
        new(new DensityLayout(plan, Differentiates, 1, BitOperations.Log2((uint)W.Count), StateBytes), crew, Differentiates);

    private static void Check(IDensityExecutor<T> executor, int first)
    {
        if (executor.Impossible >= 0)
        {
            throw new InvalidOperationException(
                $"Sample {first + executor.Impossible}: what the circuit post-selects has no probability, so there is nothing to measure.");
        }
    }
}
