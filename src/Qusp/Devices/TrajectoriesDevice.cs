// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.DensityMatrices;
using Qusp.Simulation.Trajectories;

namespace Qusp;

/// <summary>
/// Circuits with noise and measurements in their course as means over pure states, each on a random path of its own (Dalibard, Castin, Mølmer
/// 1992, doi:10.1103/PhysRevLett.68.580): 2^n amplitudes where a density matrix has 4^n. Values and gradients, those by the strengths
/// of noise too, are right on average, with an error of 1/√shots; 1024 trajectories by default, seeded through <see cref="Draw"/>.
/// What is read of each trajectory is exact; <see cref="CircuitSampler{T}"/> draws a bit string of each instead.
/// </summary>
public sealed class TrajectoriesDevice : IDevice
{
    internal const string DeviceName = "trajectories";
    private const int MaxWires = 28;

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => "noise and measurements as means over random pure states (1024 by default), seeded";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } = [Differentiation.Adjoint, Differentiation.ParameterShift];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit)
    {
        if (circuit is null)
        {
            return null;
        }

        if (circuit.Measurements.OfType<StateVector>().Any())
        {
            return "a mean over trajectories has no amplitudes; measure the density matrix";
        }

        var bytes = TrajectoryProgram<double>.StateBytes(circuit.Wires);
        var needed = bytes * (2 + DensityLayout.Segments(circuit.Operations.Count(operation => operation.Gate.Form is not null), bytes).Saved);
        return SimulationCost.Refusal(circuit.Wires > MaxWires ? double.PositiveInfinity : needed, $"{circuit.Wires} wires", "use fewer wires");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The number of shots is not from 1 to 2^24.</exception>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options ??= new ProgramOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shots, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Shots, 1 << 24);
        return DeviceCompiler.Compile<T>(
            this, circuit, options, (affine, differentiation) => new TrajectoryProgram<T>(affine.RoundThresholds<T>(), differentiation, options.Shots, options.Threads));
    }
}
