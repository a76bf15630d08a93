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

    private readonly IBatchExecutor<T> alone;
    private readonly IBatchExecutor<T> wide;
    private readonly double[] weightSums;
    private OneAtATime calls;

    /// <summary>Lowers the circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="differentiation">Adjoint or None.</param>
    /// <param name="threads">The most threads; 0 = one a core.</param>
    /// <param name="vectorBits">512, 256, 128, or 64 for none.</param>
    public DensityMatrixProgram(Circuit circuit, Differentiation differentiation, int threads, int vectorBits)
    {
        (Circuit, Differentiation) = (circuit, differentiation);
        weightSums = new double[circuit.Weights];
        var plan = DensityLowering.Lower(circuit);
        var differentiates = differentiation == Differentiation.Adjoint;
        var most = threads > 0 ? threads : Environment.ProcessorCount;
        var single = Math.ScaleB(2.0 * sizeof(T), plan.MostBits);
        (alone, var lanes) = vectorBits switch
        {
            512 => Executors<Lanes512<T>>(),
            256 => Executors<Lanes256<T>>(),
            128 => Executors<Lanes128<T>>(),
            _ => Executors<Lanes1<T>>(),
        };
        wide = lanes ?? alone;

        (IBatchExecutor<T> Alone, IBatchExecutor<T>? Wide) Executors<W>()
            where W : unmanaged, ILanes<W, T>
        {
            var shift = BitOperations.Log2((uint)W.Count);
            var one = new DensityLayout(plan, differentiates, shift, single);
            var fits = single * W.Count <= LargestInLanes && W.Count > 1;
            var several = fits ? new DensityLayout(plan, differentiates, 0, single * W.Count) : null;
            return (
                new DensityExecutor<Lanes1<T>, W, T>(one, Threads(single * (2 + one.Saved)), differentiates),
                several is null ? null : new DensityExecutor<W, W, T>(several, Threads(single * W.Count * (2 + several.Saved)), differentiates));
        }

        // No more threads than have memory for their states.
        Crew Threads(double bytes) => new((int)Math.Clamp(0.8 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / bytes, 1, most));
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
        if (batch == 0)
        {
            return;
        }

        fixed (T* data = inputs, shared = weights, results = outputs)
        {
            Cost += For(batch).Evaluate(batch, data, shared, results);
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
        if (batch > 0)
        {
            fixed (T* data = inputs, shared = weights, upstream = cotangents, gradients = inputGradients)
            {
                Cost += For(batch).Pullback(batch, data, shared, upstream, gradients, weightSums);
            }
        }

        weightSums.ConvertTo(weightGradients);
    }

    public void Dispose()
    {
        calls.Close();
        alone.Dispose();
        wide.Dispose();
    }

    private IBatchExecutor<T> For(int batch) => batch > 1 ? wide : alone;
}
