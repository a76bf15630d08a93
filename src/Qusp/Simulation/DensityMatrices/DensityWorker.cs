// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// The density matrices of one block of samples, one a lane, and what is done to them. Owned by one thread, with which others share
/// each step where it is long; nothing is allocated after the constructor. Where a sample is alone, V is one number and W takes
/// several neighbours of its vector at a time.
/// </summary>
internal sealed unsafe partial class DensityWorker<V, W, T> : IChunkedWork, IDisposable
    where V : unmanaged, ILanes<V, T>
    where W : unmanaged, ILanes<W, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Alignment = 16; // numbers: 64 bytes at least

    private readonly DensityLayout layout;
    private readonly DensityPlan plan;
    private readonly Crew crew;
    private readonly nint size;
    private readonly T[] thresholds;
    private readonly double[] angles; // of one source
    private readonly double[] factorValues;
    private readonly double[] slopeValues;
    private V* memory;
    private Planes<V> home;
    private Planes<V> state; // there, or where a segment's start was kept
    private Planes<V> adjoint;
    private V* saved; // [S] states
    private LaneMatrix<V> matrices;
    private V* turns; // ∂/∂factor of one run's steps, [chunks, turns]
    private readonly nint scratchSize;
    private readonly nint turnedAt;
    private readonly nint room;
    private V* rooms; // of each slot: a chunk's state and its adjoint
    private V* scratch; // of each slot: one block's matrix and what its kernel gathers, several numbers wide; its conjugate transpose
    private V* inputs; // [I]
    private V* masks; // [G]
    private V* factors;
    private V* slopes;
    private V* factorTurns; // ∂/∂factor
    private V* outputs; // [K]
    private V* cotangents; // [K]
    private V* inputTurns; // [I]
    private V* weightTurns; // [W], summed over the chunk's blocks
    private V trace;
    private bool isNewCall = true;
    private long circuits; // executed since TakeCost
    private long gates;
    private long twoQubitGates;
    private long skipped;

    public DensityWorker(DensityLayout layout, Crew crew, bool differentiates)
    {
        (this.layout, plan, this.crew) = (layout, layout.Plan, crew);
        size = (nint)1 << plan.MostBits;
        thresholds = [.. plan.Circuit.Guards.Select(guard => T.CreateChecked(guard.Threshold))];
        var most = plan.Sources.IsEmpty ? 0 : plan.Sources.Max(source => source.Factors);
        var mostAngles = plan.Sources.IsEmpty ? 0 : plan.Sources.Max(source => source.Angles.Length);
        (angles, factorValues, slopeValues) = (new double[mostAngles], new double[most], new double[most * mostAngles]);

        var largest = plan.LargestBlock;
        var square = largest * largest;
        var widening = Math.Max(1, sizeof(W) / sizeof(V));
        turnedAt = widening * ((2 * square) + (2 * largest));
        scratchSize = (turnedAt + (2 * square) + Alignment - 1) / Alignment * Alignment;
        room = layout.Room;
        var mostTurns = layout.Runs.Select(run => (nint)run.Chunks * run.Turns).DefaultIfEmpty().Max();
        var total = (2 * size * ((differentiates ? 2 : 1) + layout.Saved)) + (2 * layout.Matrices) + mostTurns
            + (crew.Slots * (scratchSize + (4 * room)))
            + (2 * plan.Circuit.Inputs) + plan.Circuit.Weights + thresholds.Length + (2 * layout.Factors) + layout.Slopes + (2 * plan.Circuit.Outputs);
        memory = (V*)NativeMemory.AlignedAlloc(checked((nuint)total * (nuint)sizeof(V)), 64);
        NativeMemory.Clear(memory, (nuint)total * (nuint)sizeof(V));
        var next = memory;
        V* Take(nint count)
        {
            var start = next;
            next += count;
            return start;
        }

        home = new(Take(size), Take(size));
        adjoint = differentiates ? new(Take(size), Take(size)) : default;
        saved = Take(2 * size * layout.Saved);
        rooms = Take(crew.Slots * 4 * room);
        scratch = Take(crew.Slots * scratchSize);
        matrices = new(Take(layout.Matrices), Take(layout.Matrices));
        turns = Take(mostTurns);
        inputs = Take(plan.Circuit.Inputs);
        inputTurns = Take(plan.Circuit.Inputs);
        weightTurns = Take(plan.Circuit.Weights);
        masks = Take(thresholds.Length);
        factors = Take(layout.Factors);
        factorTurns = Take(layout.Factors);
        slopes = Take(layout.Slopes);
        outputs = Take(plan.Circuit.Outputs);
        cotangents = Take(plan.Circuit.Outputs);
        foreach (var step in layout.Runs.SelectMany(run => run.Steps).Where(step => step.IsConstant))
        {
            FillMatrices(step);
        }
    }

    ~DensityWorker() => Dispose();

    /// <summary>The first sample of the last call whose post-selection had no probability to succeed; −1 if none.</summary>
    public int Impossible { get; private set; } = -1;

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>What has been executed since the last call.</summary>
    public Cost TakeCost()
    {
        var cost = new Cost(circuits, gates, twoQubitGates, skipped, 0);
        (circuits, gates, twoQubitGates, skipped) = (0, 0, 0, 0);
        return cost;
    }

    /// <summary>Forgets the last call: its weights, and what it found impossible.</summary>
    public void Begin() => (Impossible, isNewCall) = (-1, true);

    /// <summary>Runs samples <paramref name="first"/>… of a batch, as many as there are lanes or samples left.</summary>
    /// <param name="batch">B.</param>
    /// <param name="first">The block's first sample.</param>
    /// <param name="data"><c>[B, I]</c>.</param>
    /// <param name="weights"><c>[W]</c>.</param>
    /// <param name="results"><c>[B, K]</c>.</param>
    public void Evaluate(int batch, int first, T* data, T* weights, T* results)
    {
        var lanes = Math.Min(V.Count, batch - first);
        Load(lanes, data + ((nint)first * plan.Circuit.Inputs), weights);
        state = home;
        Forward(0, layout.Runs.Length, Work.Forward);
        Read(lanes, first);
        LaneRows<V, T>.Store(outputs, plan.Circuit.Outputs, lanes, results + ((nint)first * plan.Circuit.Outputs));
    }

    private void Read(int lanes, int first)
    {
        for (var k = 0; k < plan.Circuit.Outputs; k++)
        {
            outputs[k] = default;
        }

        foreach (ref readonly var term in layout.Terms.AsSpan())
        {
            var part = term.IsImaginary ? state.Im[term.Index] : state.Re[term.Index];
            outputs[term.Output] = V.MultiplyAdd(part, V.Broadcast(T.CreateTruncating(term.Coefficient)), outputs[term.Output]);
        }

        if (plan.KeepsTrace)
        {
            return;
        }

        trace = default;
        foreach (var index in layout.Trace)
        {
            trace += state.Re[index];
        }

        fixed (V* total = &trace)
        {
            var least = typeof(T) == typeof(float) ? 1e-6 : 1e-14;
            for (var lane = 0; lane < lanes; lane++)
            {
                var probability = ((T*)total)[lane];
                if (!(double.CreateTruncating(probability) > least) && (Impossible < 0 || first + lane < Impossible)) // blocks come in any order
                {
                    Impossible = first + lane;
                }

                for (var k = 0; k < plan.Circuit.Outputs; k++)
                {
                    ((T*)(outputs + k))[lane] /= probability;
                }

                ((T*)total)[lane] = T.One / probability; // the reverse sweep multiplies by it
            }
        }
    }
}
