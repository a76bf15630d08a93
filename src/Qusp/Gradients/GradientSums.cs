// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>The gradients of a call while they are summed: in double, each at the input or weight that an angle reads. Its room stays from call to call.</summary>
/// <param name="circuit">The circuit, of affine angles.</param>
internal sealed class GradientSums(Circuit circuit)
{
    private readonly double[] byWeight = new double[circuit.Weights];
    private double[] byInput = []; // [B, I]

    /// <summary>By the weights, <c>[W]</c>.</summary>
    public ReadOnlySpan<double> ByWeight => byWeight;

    /// <summary>Begins a call: all are 0.</summary>
    /// <param name="batch">The number B of samples.</param>
    public void Begin(int batch)
    {
        Array.Clear(byWeight);
        Numbers.Room(ref byInput, batch * circuit.Inputs).Clear();
    }

    /// <summary>The sum for what an angle reads, which is an input of a sample or a weight.</summary>
    public ref double Of(int sample, Angle angle) => ref angle.Source == AngleSource.Input
        ? ref byInput[(sample * circuit.Inputs) + angle.Index]
        : ref byWeight[angle.Index];

    /// <summary>Hands the sums over where they are wanted.</summary>
    public void CopyTo<T>(Span<T> inputGradients, Span<T> weightGradients)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        new ReadOnlySpan<double>(byInput).ConvertTo(inputGradients);
        ByWeight.ConvertTo(weightGradients);
    }
}
