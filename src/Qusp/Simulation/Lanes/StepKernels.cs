// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes;

/// <summary>What any step of a plan does to a state, one step at a time.</summary>
/// <param name="wires">Bits of an index.</param>
/// <param name="scratch">As much as the largest dense step asks for.</param>
internal readonly unsafe struct StepKernels<V, T>(int wires, V* scratch)
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Applies a step, or its inverse, where the mask holds; everywhere if it is not guarded.</summary>
    public void Apply<F>(Step step, Planes<V> on, V cos, V sin, bool inverse, bool guarded, V mask)
        where F : IField
    {
        if (step.Factor < 0 != inverse)
        {
            sin = -sin;
        }

        switch (step.Kind)
        {
            case StepKind.Swap when guarded:
                var guardedSwap = new GuardedSwapKernel<V, T, F>(on, mask);
                Groups.ForEach(step, wires, ref guardedSwap);
                break;
            case StepKind.Swap:
                var swap = new SwapKernel<V, T, F>(on);
                Groups.ForEach(step, wires, ref swap);
                break;
            case StepKind.RealRotation:
                // i·sin·G/λ with G/λ = [[0, is], [−is, 0]] is sin·[[0, −s], [s, 0]].
                var real = new RealRotationKernel<V, T, F>(on, cos, sin);
                Groups.ForEach(step, wires, ref real);
                break;
            case StepKind.ImaginaryRotation:
                var imaginary = new ImaginaryRotationKernel<V, T>(on, cos, sin);
                Groups.ForEach(step, wires, ref imaginary);
                break;
            case StepKind.PhaseRotation:
                var turn = new PhaseKernel<V, T, F>(on, cos, sin);
                Groups.ForEach(step, wires, ref turn);
                break;
            case StepKind.Phase:
                var (re, im) = (V.Broadcast(T.CreateChecked(step.Matrix[0].Real)), V.Broadcast(T.CreateChecked(step.Matrix[0].Imaginary)));
                im = inverse ? -im : im;
                var phase = guarded
                    ? new PhaseKernel<V, T, F>(on, V.Select(mask, re, V.Broadcast(T.One)), V.Select(mask, im, V.Broadcast(T.Zero)))
                    : new PhaseKernel<V, T, F>(on, re, im);
                Groups.ForEach(step, wires, ref phase);
                break;
            case StepKind.Dense:
                var dense = new DenseKernel<V, T>(scratch, step.Offsets.Length);
                dense.Load(step.Matrix, inverse);
                dense.Apply(step, wires, on, guarded, mask);
                break;
            case StepKind.DenseRotation:
                var rotation = new DenseKernel<V, T>(scratch, step.Offsets.Length);
                rotation.LoadRotation(step.Matrix, step.Square, cos, sin);
                rotation.Apply(step, wires, on, guarded: false, mask);
                break;
            default:
                throw new InvalidOperationException($"No kernel for a step of kind {step.Kind}.");
        }
    }

    /// <summary>Re⟨λ|iGψ⟩ of a rotation up to its factor, with both states before it or both behind it.</summary>
    public V Overlap<F>(in Step step, Planes<V> state, Planes<V> adjoint)
        where F : IField
    {
        switch (step.Kind)
        {
            case StepKind.RealRotation:
                var real = new RealOverlapKernel<V, T, F>(state, adjoint);
                Groups.ForEach(step, wires, ref real);
                return real.Gradient;
            case StepKind.ImaginaryRotation:
                var imaginary = new ImaginaryOverlapKernel<V, T>(state, adjoint);
                Groups.ForEach(step, wires, ref imaginary);
                return imaginary.Gradient;
            case StepKind.PhaseRotation:
                var phase = new PhaseOverlapKernel<V, T>(state, adjoint);
                Groups.ForEach(step, wires, ref phase);
                return phase.Gradient;
            default:
                var generator = new DenseKernel<V, T>(scratch, step.Offsets.Length);
                generator.Load(step.Matrix, inverse: false);
                return generator.Overlap(step, wires, state, adjoint);
        }
    }
}
