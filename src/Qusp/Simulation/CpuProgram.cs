// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;

namespace Qusp.Simulation;

/// <summary>
/// The <c>cpu</c> device's program. Batches of small circuits run with a sample in each lane; a sample alone and larger
/// circuits run one state at a time, vectors across its amplitudes.
/// </summary>
internal sealed unsafe class CpuProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxLaneWires = 10; // larger batches are faster one state after the other, as measured

    private readonly IBatchExecutor<T> lanes;
    private readonly IBatchExecutor<T> alone;
    private readonly double[] weightSums;

    public CpuProgram(Circuit circuit, Differentiation differentiation, Crew crew, int vectorBits, CpuPath path)
    {
        (Circuit, Differentiation) = (circuit, differentiation);
        var plan = Lowering.Lower(circuit);
        var readout = new Readout(circuit);
        var differentiates = differentiation == Differentiation.Adjoint;
        lanes = path switch
        {
            CpuPath.Lanes => InLanes(),
            CpuPath.OneState => AsOneState(),
            _ => circuit.Wires > MaxLaneWires ? AsOneState() : InLanes(),
        };
        alone = path == CpuPath.Auto && circuit.Wires <= MaxLaneWires ? AsOneState() : lanes;
        weightSums = new double[circuit.Weights];

        IBatchExecutor<T> InLanes() => vectorBits switch
        {
            512 => new LaneExecutor<Lanes512<T>, T>(plan, readout, crew, differentiates),
            256 => new LaneExecutor<Lanes256<T>, T>(plan, readout, crew, differentiates),
            128 => new LaneExecutor<Lanes128<T>, T>(plan, readout, crew, differentiates),
            _ => new LaneExecutor<Lanes1<T>, T>(plan, readout, crew, differentiates),
        };

        // No wider than the state.
        IBatchExecutor<T> AsOneState() => Math.Min((long)vectorBits, (8L * sizeof(T)) << Math.Min(circuit.Wires, 9)) switch
        {
            512 => new StateExecutor<Lanes512<T>, T>(plan, readout, crew, differentiates),
            256 => new StateExecutor<Lanes256<T>, T>(plan, readout, crew, differentiates),
            >= 128 => new StateExecutor<Lanes128<T>, T>(plan, readout, crew, differentiates),
            _ => new StateExecutor<Lanes1<T>, T>(plan, readout, crew, differentiates),
        };
    }

    public Circuit Circuit { get; }

    public string Device => CpuDevice.DeviceName;

    public Differentiation Differentiation { get; }

    public bool IsStochastic => false;

    public Cost Cost { get; private set; }

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        if (batch == 0)
        {
            return;
        }

        fixed (T* data = inputs, shared = weights, results = outputs)
        {
            Cost += Whole(For(batch).Evaluate(batch, data, shared, results));
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

        Array.Clear(weightSums);
        if (batch > 0)
        {
            fixed (T* data = inputs, shared = weights, upstream = cotangents, gradients = inputGradients)
            {
                Cost += Whole(For(batch).Pullback(batch, data, shared, upstream, gradients, weightSums));
            }
        }

        for (var k = 0; k < weightGradients.Length; k++)
        {
            weightGradients[k] = T.CreateChecked(weightSums[k]);
        }
    }

    public void Dispose()
    {
        lanes.Dispose();
        alone.Dispose();
    }

    private Cost Whole(Cost counted) => counted with { SimulatedWires = counted.Circuits * Circuit.Wires, LargestState = Circuit.Wires };

    private IBatchExecutor<T> For(int batch) => batch > 1 || lanes.TakesOne ? lanes : alone;
}
