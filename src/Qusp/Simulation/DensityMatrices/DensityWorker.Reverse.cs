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

        Start();
        var segments = Math.Max(1, (layout.Irreversible + layout.Segment - 1) / layout.Segment);
        Forward(0, layout.Steps.Length, segments);
        Read(lanes, first);
        StartAdjoint();
        Backward(segments);
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

    // Saved states: of a single segment one for each irreversible step; of several, those of the segment at hand, then the segments' starts.
    private void Forward(int from, int to, int segments)
    {
        var irreversible = 0;
        for (var i = from; i < to; i++)
        {
            if (!layout.Steps[i].Step.IsUnitary)
            {
                if (segments == 1)
                {
                    Save(irreversible);
                }
                else if (irreversible % layout.Segment == 0)
                {
                    Save(layout.Segment + (irreversible / layout.Segment));
                }

                irreversible++;
            }

            Apply(layout.Steps[i], adjointly: false, state);
        }
    }

    private void Backward(int segments)
    {
        var irreversible = layout.Irreversible;
        for (var i = layout.Steps.Length - 1; i >= 0; i--)
        {
            var placed = layout.Steps[i];
            if (placed.Step.IsUnitary)
            {
                Apply(placed, adjointly: true, state);
            }
            else
            {
                irreversible--;
                if (segments > 1 && (irreversible + 1 == layout.Irreversible || (irreversible + 1) % layout.Segment == 0))
                {
                    Recompute(irreversible / layout.Segment, i);
                }

                Restore(segments == 1 ? irreversible : irreversible % layout.Segment);
            }

            if (placed.Step.Source >= 0 && plan.Sources[placed.Step.Source].Varies)
            {
                Differentiate(placed);
            }

            Apply(placed, adjointly: true, adjoint);
        }
    }

    // From the segment's start to its last irreversible step, saving the state before each.
    private void Recompute(int segment, int last)
    {
        var (seen, at) = (0, 0);
        while (layout.Steps[at].Step.IsUnitary || seen++ < segment * layout.Segment)
        {
            at++;
        }

        Restore(layout.Segment + segment);
        for (var place = 0; at <= last; at++)
        {
            if (!layout.Steps[at].Step.IsUnitary)
            {
                Save(place++);
            }

            Apply(layout.Steps[at], adjointly: false, state);
        }
    }

    private void Save(int place) => Copy(state.Re, saved + (2 * place * size));

    private void Restore(int place) => Copy(saved + (2 * place * size), state.Re);

    // Outputs are sums over ρ; given success of a post-selection, of ρ/Tr ρ: d(Tr(Oρ)/Tr ρ) = Tr((O − ⟨O⟩)dρ)/Tr ρ.
    private void StartAdjoint()
    {
        NativeMemory.Clear(adjoint.Re, (nuint)size * (nuint)sizeof(V));
        NativeMemory.Clear(adjoint.Im, (nuint)size * (nuint)sizeof(V));
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

    private void Differentiate(in PlacedStep placed)
    {
        Share(Work.Differentiate, placed, state);
        for (var chunk = 1; chunk < chunks; chunk++)
        {
            for (var e = 0; e < placed.Entries; e++)
            {
                sums.Re[e] += sums.Re[(chunk * placed.Entries) + e];
                sums.Im[e] += sums.Im[(chunk * placed.Entries) + e];
            }
        }

        var turns = factorTurns + layout.FactorsAt[placed.Step.Source];
        var first = 0;
        foreach (var (block, _, _) in placed.Blocks)
        {
            var (at, entry) = (first, -1);
            foreach (var (of, factor, value) in block.Terms)
            {
                at = of == entry ? at : first + Array.IndexOf(block.Entries, of);
                entry = of;
                var turn = V.MultiplyAdd(sums.Re[at], V.Broadcast(T.CreateTruncating(value.Real)), turns[factor]);
                turns[factor] = V.MultiplyAdd(sums.Im[at], V.Broadcast(T.CreateTruncating(-value.Imaginary)), turn);
            }

            first += block.Entries.Length;
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
