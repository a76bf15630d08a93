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
    public void Pullback(int batch, int first, T* data, Shared<T> uniform, T* cotangents, T* inputGradients)
    {
        var lanes = Math.Min(V.Count, batch - first);
        Load(lanes, data + ((nint)first * plan.Circuit.Inputs));
        LaneRows<V, T>.Load(cotangents + ((nint)first * plan.Circuit.Outputs), plan.Circuit.Outputs, lanes, columns);
        if (code is null || !code.Pullback((byte*)memory, (byte*)uniform.Turns, kept))
        {
            Pullback(uniform);
        }

        if (inputGradients is not null)
        {
            LaneRows<V, T>.Store(inputTurns, plan.Circuit.Inputs, lanes, inputGradients + ((nint)first * plan.Circuit.Inputs));
        }
    }

    /// <summary>From <see cref="inputs"/>, <see cref="masks"/> and <see cref="columns"/> to <see cref="inputTurns"/> and <see cref="weightTurns"/>.</summary>
    private void Pullback(Shared<T> uniform)
    {
        Forward(uniform);
        NativeMemory.Clear(inputTurns, (nuint)plan.Circuit.Inputs * (nuint)sizeof(V));
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
    }

    /// <summary>Adds the derivatives by weights of all blocks since the last call to <paramref name="gradients"/>, <c>[W]</c>.</summary>
    public void TakeWeightGradients(Span<double> gradients)
    {
        for (var w = 0; w < gradients.Length; w++)
        {
            gradients[w] += V.Sum(weightTurns[w]);
            weightTurns[w] = V.Broadcast(T.Zero);
        }
    }

    // Back through a step of states of some wires.
    private void Reverse<F>(Step step, int of, Planes<V> on, Planes<V> dual)
        where F : IField
    {
        if (schedule.Varies(step))
        {
            if (step.Kind == StepKind.RealRotation)
            {
                var (cos, sin) = SignedArgument(step);
                var reverse = new ReverseRealRotationKernel<V, T, F>(on, dual, cos, sin);
                Groups.ForEach(step, of, ref reverse);
                Collect(step, reverse.Gradient);
                return;
            }

            Collect(step, new StepKernels<V, T>(of, scratch).Overlap<F>(step, on, dual));
        }

        Apply<F>(step, of, on, inverse: true);
        Apply<F>(step, of, dual, inverse: true);
    }

    // Adds the derivative by a step's argument, up to the step's factor, to that by its input or weight.
    private void Collect(Step step, V derivative)
    {
        var (angle, _, guard) = plan.Angles[step.Angle];
        if (!angle.IsConstant)
        {
            var turn = guard < 0 ? derivative : V.Select(masks[guard], derivative, V.Broadcast(T.Zero));
            var sum = (angle.Source == AngleSource.Weight ? weightTurns : inputTurns) + angle.Index;
            *sum = V.MultiplyAdd(V.Broadcast(T.CreateChecked(step.Factor * angle.Scale)), turn, *sum);
        }
    }
}
