// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.Lanes.Code;
using Qusp.Simulation.StateVectors;

namespace Qusp.Simulation;

/// <summary>
/// The <c>cpu</c> device's program: each batch runs with a sample in each lane of a vector or one state after the other, whichever <see cref="CpuPaths"/>
/// expects to be faster.
/// </summary>
internal sealed unsafe class CpuProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Plan plan;
    private readonly Readout readout;
    private readonly Crew crew;
    private readonly int vectorBits;
    private readonly CpuPath path;
    private readonly CpuPaths paths;
    private readonly CodeUse use = LaneCode.Use;
    private readonly double[] weightSums;
    private IBatchExecutor<T>? lanes;
    private IBatchExecutor<T>? oneState;
    private OneAtATime calls;
    private (int Batch, IBatchExecutor<T>? Executor) values; // the last call's
    private (int Batch, IBatchExecutor<T>? Executor) pullbacks;

    public CpuProgram(Circuit circuit, Differentiation differentiation, Crew crew, int vectorBits, CpuPath path)
    {
        (Circuit, Differentiation, this.crew, this.vectorBits, this.path) = (circuit, differentiation, crew, vectorBits, path);
        plan = Lowering.Lower(circuit);
        readout = new Readout(circuit);
        paths = CpuPaths.Of<T>(plan, readout, vectorBits, use);
        weightSums = new double[circuit.Weights];
    }

    public Circuit Circuit { get; }

    public string Device => CpuDevice.DeviceName;

    public Differentiation Differentiation { get; }

    public bool IsStochastic => false;

    public Cost Cost { get; private set; }

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
            Cost += Whole(For(batch, reverse: false).Evaluate(batch, data, shared, results));
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
                Cost += Whole(For(batch, reverse: true).Pullback(batch, data, shared, upstream, gradients, weightSums));
            }
        }

        new ReadOnlySpan<double>(weightSums).ConvertTo(weightGradients);
    }

    public void Dispose()
    {
        calls.Close();
        lanes?.Dispose();
        oneState?.Dispose();
    }

    private Cost Whole(Cost counted) => counted with { SimulatedWires = counted.Circuits * Circuit.Wires, LargestState = Circuit.Wires };

    private IBatchExecutor<T> For(int batch, bool reverse)
    {
        ref var last = ref reverse ? ref pullbacks : ref values;
        if (last.Executor is null || last.Batch != batch)
        {
            var way = path == CpuPath.Auto ? paths.Best(batch, reverse) : path;
            last = (batch, way == CpuPath.Lanes ? lanes ??= InLanes() : oneState ??= AsOneState());
        }

        return last.Executor;
    }

    private IBatchExecutor<T> InLanes() => vectorBits switch
    {
        512 => new LaneExecutor<Lanes512<T>, T>(plan, readout, crew, Differentiates, use),
        256 => new LaneExecutor<Lanes256<T>, T>(plan, readout, crew, Differentiates, use),
        128 => new LaneExecutor<Lanes128<T>, T>(plan, readout, crew, Differentiates, use),
        _ => new LaneExecutor<Lanes1<T>, T>(plan, readout, crew, Differentiates, use),
    };

    // No wider than the state.
    private IBatchExecutor<T> AsOneState() => Math.Min((long)vectorBits, (8L * sizeof(T)) << Math.Min(Circuit.Wires, 9)) switch
    {
        512 => new StateExecutor<Lanes512<T>, T>(plan, readout, crew, Differentiates),
        256 => new StateExecutor<Lanes256<T>, T>(plan, readout, crew, Differentiates),
        >= 128 => new StateExecutor<Lanes128<T>, T>(plan, readout, crew, Differentiates),
        _ => new StateExecutor<Lanes1<T>, T>(plan, readout, crew, Differentiates),
    };

    private bool Differentiates => Differentiation == Differentiation.Adjoint;
}
