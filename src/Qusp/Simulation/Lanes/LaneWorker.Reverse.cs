// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Lanes;

// The reverse sweep (adjoint method; Jones and Gacon 2020, arXiv:2009.02823). The cotangents fold into one vector λ with
// d(Σ_k g_k·output_k) = Re⟨λ|dψ⟩; going back through the steps, λ and ψ are both un-applied, and a rotation's
// derivative is Re⟨λ|iGψ⟩ with both states behind it. See Gradients/adjoint.md.
internal sealed unsafe partial class LaneWorker<V, T>
{
    /// <summary>
    /// Forward and reverse for the block at <paramref name="first"/>: writes the block's input gradients and adds the
    /// derivatives by weights to the worker's sums, which <see cref="TakeWeightGradients"/> hands over.
    /// </summary>
    public void Pullback(int batch, int first, T* data, T* uniform, T* cotangents, T* inputGradients)
    {
        var lanes = Math.Min(V.Count, batch - first);
        Load(lanes, data + ((nint)first * plan.Circuit.Inputs));
        LaneRows<V, T>.Load(cotangents + ((nint)first * plan.Circuit.Outputs), plan.Circuit.Outputs, lanes, columns);
        if (code is null || !code.Pullback((byte*)memory, (byte*)uniform, kept))
        {
            Pullback(uniform);
        }

        if (inputGradients is not null)
        {
            LaneRows<V, T>.Store(inputTurns, plan.Circuit.Inputs, lanes, inputGradients + ((nint)first * plan.Circuit.Inputs));
        }
    }

    /// <summary>From <see cref="inputs"/>, <see cref="masks"/> and <see cref="columns"/> to <see cref="inputTurns"/> and <see cref="turnSums"/>.</summary>
    private void Pullback(T* uniform)
    {
        Forward(uniform);
        NativeMemory.Clear(turns, (nuint)plan.Angles.Length * (nuint)sizeof(V));
        if (plan.IsReal)
        {
            Seed<RealField>();
            Reverse<RealField>();
        }
        else
        {
            Seed<ComplexField>();
            Reverse<ComplexField>();
        }

        if (schedule.StartIsReal)
        {
            Differentiate<RealField>(product, state.Real, adjoint.Real); // the rest of λ is of no account
        }
        else
        {
            Differentiate<ComplexField>(product, state, adjoint);
        }

        Distribute();
    }

    /// <summary>Adds the derivatives by weights of all blocks since the last call to <paramref name="gradients"/>, <c>[W]</c>.</summary>
    public void TakeWeightGradients(Span<double> gradients)
    {
        for (var a = 0; a < plan.Angles.Length; a++)
        {
            var angle = plan.Angles[a].Angle;
            if (angle.Source == AngleSource.Weight)
            {
                var sum = 0.0;
                var lane = (T*)(turnSums + a);
                for (var s = 0; s < V.Count; s++)
                {
                    sum += double.CreateTruncating(lane[s]);
                }

                gradients[angle.Index] += angle.Scale * sum;
            }

            turnSums[a] = V.Broadcast(T.Zero);
        }
    }

    // Back through a step of states of some wires.
    private void Reverse<F>(in Step step, int of, Planes<V> on, Planes<V> dual)
        where F : IField
    {
        if (schedule.Varies(step))
        {
            var factor = V.Broadcast(T.CreateChecked(step.Factor));
            if (step.Kind == StepKind.RealRotation)
            {
                var sin = step.Factor < 0 ? -sines[step.Angle] : sines[step.Angle];
                var reverse = new ReverseRealRotationKernel<V, T, F>(on, dual, cosines[step.Angle], sin);
                Groups.ForEach(step, of, ref reverse);
                turns[step.Angle] = V.MultiplyAdd(factor, reverse.Gradient, turns[step.Angle]);
                return;
            }

            turns[step.Angle] = V.MultiplyAdd(factor, new StepKernels<V, T>(of, scratch).Overlap<F>(step, on, dual), turns[step.Angle]);
        }

        Apply<F>(step, of, on, inverse: true);
        Apply<F>(step, of, dual, inverse: true);
    }

    private void Distribute()
    {
        NativeMemory.Clear(inputTurns, (nuint)plan.Circuit.Inputs * (nuint)sizeof(V));
        for (var a = 0; a < plan.Angles.Length; a++)
        {
            var (angle, _, guard) = plan.Angles[a];
            var turn = guard < 0 ? turns[a] : V.Select(masks[guard], turns[a], V.Broadcast(T.Zero));
            if (angle.Source == AngleSource.Weight)
            {
                turnSums[a] += turn;
            }
            else if (angle.Source == AngleSource.Input)
            {
                inputTurns[angle.Index] += turn * V.Broadcast(T.CreateChecked(angle.Scale));
            }
        }
    }
}
