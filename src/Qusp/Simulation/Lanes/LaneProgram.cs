// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// The <c>cpu</c> device's program. Batches of small circuits run with a sample in each lane; a sample alone, and
/// circuits whose lanes would not fit the cache, run one state at a time by the same kernels.
/// </summary>
internal sealed unsafe class LaneProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxLaneWires = 12; // 8 states of 2^12 complex numbers are half a megabyte

    private readonly LaneExecutor<Lanes1<T>, T> alone;
    private readonly IBatchExecutor<T> wide;
    private readonly SharedAngles<T> angles;
    private readonly double[] weightSums;

    public LaneProgram(Circuit circuit, Differentiation differentiation, int threads, int vectorBits)
    {
        (Circuit, Differentiation) = (circuit, differentiation);
        var plan = Lowering.Lower(circuit);
        var schedule = new Schedule(plan);
        var tables = new PhaseTables<T>(plan, schedule);
        var readout = new Readout(circuit);
        var crew = new Crew(threads > 0 ? threads : Environment.ProcessorCount);
        var differentiates = differentiation == Differentiation.Adjoint;
        alone = new LaneExecutor<Lanes1<T>, T>(plan, schedule, tables, readout, crew, differentiates);
        wide = circuit.Wires > MaxLaneWires ? alone : vectorBits switch
        {
            512 => new LaneExecutor<Lanes512<T>, T>(plan, schedule, tables, readout, crew, differentiates),
            256 => new LaneExecutor<Lanes256<T>, T>(plan, schedule, tables, readout, crew, differentiates),
            128 => new LaneExecutor<Lanes128<T>, T>(plan, schedule, tables, readout, crew, differentiates),
            _ => alone,
        };
        angles = new SharedAngles<T>(plan);
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
        if (batch == 0)
        {
            return;
        }

        fixed (T* data = inputs, shared = angles.Fill(weights), results = outputs)
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
            fixed (T* data = inputs, shared = angles.Fill(weights), upstream = cotangents, gradients = inputGradients)
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
        alone.Dispose();
        wide.Dispose();
    }

    private Cost Whole(Cost counted) => counted with { SimulatedWires = counted.Circuits * Circuit.Wires, LargestState = Circuit.Wires };

    private IBatchExecutor<T> For(int batch) => batch > 1 || wide.TakesOne ? wide : alone;
}
