// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>The gradients of a call while they are summed: in double, each at the input or weight that an angle reads.</summary>
/// <param name="circuit">The circuit, of affine angles.</param>
/// <param name="batch">The number B of samples.</param>
internal readonly struct GradientSums(Circuit circuit, int batch)
{
    private readonly int inputCount = circuit.Inputs;

    /// <summary>By the inputs, <c>[B, I]</c>.</summary>
    public double[] ByInput { get; } = new double[batch * circuit.Inputs];

    /// <summary>By the weights, <c>[W]</c>.</summary>
    public double[] ByWeight { get; } = new double[circuit.Weights];

    /// <summary>The sum for what an angle reads, which is an input of a sample or a weight.</summary>
    public ref double Of(int sample, Angle angle) => ref angle.Source == AngleSource.Input
        ? ref ByInput[(sample * inputCount) + angle.Index]
        : ref ByWeight[angle.Index];

    /// <summary>Hands the sums over where they are wanted.</summary>
    public void CopyTo<T>(Span<T> inputGradients, Span<T> weightGradients)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ByInput.ConvertTo(inputGradients);
        ByWeight.ConvertTo(weightGradients);
    }
}
