// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>How a compiled circuit runs.</summary>
public sealed record ProgramOptions
{
    /// <summary>How to differentiate; null takes the device's best.</summary>
    public Differentiation? Differentiation { get; init; }

    /// <summary>The differences of <see cref="Qusp.Differentiation.FiniteDifference"/>.</summary>
    public DifferenceScheme Difference { get; init; } = DifferenceScheme.Central;

    /// <summary>How many random directions <see cref="Qusp.Differentiation.Spsa"/> takes the mean of, for each sample.</summary>
    public int SpsaDirections { get; init; } = 1;

    /// <summary>
    /// How far <see cref="Qusp.Differentiation.Spsa"/> moves each input and weight; the error of the mean is of its square, and with shots the noise of
    /// a value is divided by it.
    /// </summary>
    public double SpsaStep { get; init; } = 0.01;

    /// <summary>Which weights <see cref="Qusp.Differentiation.ParameterShift"/> shifts; null for all of them always.</summary>
    public GradientPruning? GradientPruning { get; init; }

    /// <summary>Repetitions of a circuit on sampled devices.</summary>
    public int Shots { get; init; } = 1024;

    /// <summary>How the shots are given to the bases that the measurements need.</summary>
    public ShotAllocation ShotAllocation { get; init; }

    /// <summary>The most threads to use; 0 = one a core. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether the device <c>cpu</c> runs a circuit as the independent components that its fired guards leave; null = where it is expected to pay.
    /// A circuit that measures amplitudes needs them all and is never cut. Outputs agree to rounding either way.
    /// </summary>
    public bool? Components { get; init; }
}
