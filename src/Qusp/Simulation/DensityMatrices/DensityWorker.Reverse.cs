// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// The reverse sweep. The adjoint observable Λ, with <c>df = Re Σ conj(Λ) dρ</c>, goes back through each map by its conjugate
/// transpose; a varying map adds <c>Re Σ conj(Λ_r) ρ_c ∂M_rc</c> to its angles' derivatives. Unitary maps are undone on ρ; the
/// state before any other is kept, or computed once more from one that was.
/// </summary>
internal sealed unsafe partial class DensityWorker<V, W, T>
{
    /// <summary>Derivatives of one block of samples; those by weights stay until <see cref="TakeWeightGradients"/>.</summary>
    /// <param name="batch">B.</param>
    /// <param name="first">The block's first sample.</param>
    /// <param name="data"><c>[B, I]</c>.</param>
    /// <param name="weights"><c>[W]</c>.</param>
    /// <param name="upstream"><c>[B, K]</c>.</param>
    /// <param name="inputGradients">Receives <c>[B, I]</c>; null if not wanted.</param>
    public void Pullback(int batch, int first, T* data, T* weights, T* upstream, T* inputGradients)
    {
        var lanes = Math.Min(V.Count, batch - first);
        Load(lanes, data + ((nint)first * plan.Circuit.Inputs), weights);
        LaneRows<V, T>.Load(upstream + ((nint)first * plan.Circuit.Outputs), plan.Circuit.Outputs, lanes, cotangents);
        for (var k = 0; k < layout.Factors; k++)
        {
            factorTurns[k] = default;
        }

        state = home;
        var last = layout.SegmentRuns.Length - 2;
        for (var segment = 0; segment <= last; segment++)
        {
            Forward(segment, segment == last ? Work.ForwardKeepingAll : Work.ForwardKeepingStarts);
        }

        Read(lanes, first);
        StartAdjoint();
        for (var segment = last; segment >= 0; segment--)
        {
            if (segment < last)
            {
                Recompute(segment);
            }

            Backward(segment);
        }

        Collect(lanes);
        if (inputGradients is not null)
        {
            LaneRows<V, T>.Store(inputTurns, plan.Circuit.Inputs, lanes, inputGradients + ((nint)first * plan.Circuit.Inputs));
        }
    }

    /// <summary>Adds the derivatives by weights, summed over samples since the last call, to a chunk's sums.</summary>
    public void TakeWeightGradients(Span<double> sums)
    {
        for (var w = 0; w < sums.Length; w++)
        {
            for (var lane = 0; lane < V.Count; lane++)
            {
                sums[w] += double.CreateTruncating(((T*)(weightTurns + w))[lane]);
            }

            weightTurns[w] = default;
        }
    }

    private void Forward(int segment, Work work) => Forward(layout.SegmentRuns[segment], layout.SegmentRuns[segment + 1], work);

    // From the segment's start, keeping the state before each irreversible step.
    private void Recompute(int segment)
    {
        var start = layout.Runs[layout.SegmentRuns[segment]].Start;
        state = start < 0 ? home : Saved(start);
        Forward(segment, Work.ForwardKeepingAll);
    }

    private void Backward(int segment)
    {
        for (var i = layout.SegmentRuns[segment + 1] - 1; i >= layout.SegmentRuns[segment]; i--)
        {
            var run = layout.Runs[i];
            Share(i, Work.Backward);
            foreach (ref readonly var placed in run.Steps.AsSpan())
            {
                if (placed.Turns >= 0)
                {
                    Collect(run, placed);
                }
            }
        }
    }

    // The chunks in order.
    private void Collect(PlacedRun run, in PlacedStep placed)
    {
        var to = factorTurns + layout.FactorsAt[placed.Step.Source];
        for (var m = 0; m < plan.Sources[placed.Step.Source].Factors; m++)
        {
            for (var chunk = 0; chunk < run.Chunks; chunk++)
            {
                to[m] += turns[((nint)chunk * run.Turns) + placed.Turns + m];
            }
        }
    }

    // Outputs are sums over ρ; given success of a post-selection, of ρ/Tr ρ: d(Tr(Oρ)/Tr ρ) = Tr((O − ⟨O⟩)dρ)/Tr ρ.
    private void StartAdjoint()
    {
        var mean = default(V);
        for (var k = 0; k < plan.Circuit.Outputs && !plan.KeepsTrace; k++)
        {
            mean = V.MultiplyAdd(cotangents[k], outputs[k], mean);
            cotangents[k] *= trace;
        }

        foreach (ref readonly var term in layout.Terms.AsSpan())
        {
            var part = (term.IsImaginary ? adjoint.Im : adjoint.Re) + term.Index;
            *part = V.MultiplyAdd(cotangents[term.Output], V.Broadcast(T.CreateTruncating(term.Coefficient)), *part);
        }

        foreach (var index in layout.Trace)
        {
            adjoint.Re[index] -= mean * trace;
        }
    }

    // From factors to angles to inputs and weights.
    private void Collect(int lanes)
    {
        for (var j = 0; j < plan.Circuit.Inputs; j++)
        {
            inputTurns[j] = default;
        }

        for (var s = 0; s < plan.Sources.Length; s++)
        {
            var source = plan.Sources[s];
            for (var k = 0; k < source.Angles.Length; k++)
            {
                var angle = source.Angles[k];
                if (angle.IsConstant)
                {
                    continue;
                }

                var turns = factorTurns + layout.FactorsAt[s];
                var changes = slopes + layout.SlopesAt[s] + (k * source.Factors);
                var sum = default(V);
                for (var m = 0; m < source.Factors; m++)
                {
                    sum = V.MultiplyAdd(turns[m], changes[m], sum);
                }

                sum = source.Guard < 0 ? sum : V.Select(masks[source.Guard], sum, default);
                var target = angle.Source == AngleSource.Input ? inputTurns + angle.Index : weightTurns + angle.Index;
                for (var lane = lanes; lane < V.Count; lane++)
                {
                    ((T*)&sum)[lane] = T.Zero; // no sample: its post-selection may have divided by 0
                }

                *target = V.MultiplyAdd(sum, V.Broadcast(T.CreateTruncating(angle.Scale)), *target);
            }
        }
    }
}
