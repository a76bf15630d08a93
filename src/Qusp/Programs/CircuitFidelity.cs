// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>How alike two circuits' final states are.</summary>
public static class CircuitFidelity
{
    /// <summary>
    /// The fidelity of two circuits' final states: |⟨φ|ψ⟩|² where both are pure, else Uhlmann's from their density matrices. The circuits' own
    /// measurements are not looked at. For a gradient run one circuit and then the other's inverse and measure a <see cref="Projector"/> onto zeros.
    /// </summary>
    /// <param name="device">An exact device, such as <c>cpu</c>.</param>
    /// <param name="first">One circuit.</param>
    /// <param name="second">The other, of as many wires.</param>
    /// <param name="firstInputs">A sample of the first, <c>[I]</c>.</param>
    /// <param name="secondInputs">A sample of the second, <c>[I]</c>.</param>
    /// <param name="firstWeights">The weights of the first, <c>[W]</c>.</param>
    /// <param name="secondWeights">The weights of the second, <c>[W]</c>.</param>
    /// <exception cref="ArgumentException">The circuits have not as many wires, or a span's length is not what its circuit asks for.</exception>
    /// <exception cref="NotSupportedException">The device cannot run a circuit.</exception>
    public static double Between(
        IDevice device,
        Circuit first,
        Circuit second,
        ReadOnlySpan<double> firstInputs = default,
        ReadOnlySpan<double> secondInputs = default,
        ReadOnlySpan<double> firstWeights = default,
        ReadOnlySpan<double> secondWeights = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Wires != second.Wires)
        {
            throw new ArgumentException($"The circuits have {first.Wires} and {second.Wires} wires: their states are not comparable.", nameof(second));
        }

        if (first.IsUnitary && second.IsUnitary)
        {
            return StateFidelity.Of(
                Amplitudes(Run(device, first, new StateVector(), firstInputs, firstWeights)),
                Amplitudes(Run(device, second, new StateVector(), secondInputs, secondWeights)));
        }

        var all = new DensityMatrix([.. Enumerable.Range(0, first.Wires)]);
        return StateFidelity.Between(
            DensityMatrix.ToMatrix<double>(Run(device, first, all, firstInputs, firstWeights)),
            DensityMatrix.ToMatrix<double>(Run(device, second, all, secondInputs, secondWeights)));
    }

    private static double[] Run(IDevice device, Circuit circuit, Measurement measurement, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        using var program = device.Compile<double>(
            circuit.WithMeasurements(measurement), new ProgramOptions { Differentiation = Differentiation.None });
        return program.IsStochastic
            ? throw new NotSupportedException($"{device.Name} gives estimates; give an exact device, such as cpu.")
            : program.Evaluate<double>(inputs, weights);
    }

    private static Complex[] Amplitudes(double[] outputs) => [.. outputs.Chunk(2).Select(pair => new Complex(pair[0], pair[1]))];
}
