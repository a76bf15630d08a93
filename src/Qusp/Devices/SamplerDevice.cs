// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Sampling;

namespace Qusp;

/// <summary>
/// The same circuits from finite shots, as hardware gives them: 1024 by default, seeded through <see cref="Draw"/>.
/// Gradients by parameter-shift alone, each shifted circuit with shots of its own.
/// </summary>
public sealed class SamplerDevice : IDevice
{
    internal const string DeviceName = "sampler";
    private const int MaxWires = 24;
    private readonly CpuDevice exact = new();

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => "expectation values and probabilities from finite shots (1024 by default), seeded";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } = [Differentiation.ParameterShift];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit) =>
        circuit is null ? null
        : circuit.Wires > MaxWires ? $"the circuit has {circuit.Wires} wires and the sampler takes at most {MaxWires}; use cpu"
        : circuit.Measurements.OfType<StateVector>().Any() ? "a state vector cannot be sampled; use cpu"
        : exact.Refusal(circuit);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The number of shots is not from 1 to 2^30.</exception>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options ??= new ProgramOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shots, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Shots, 1 << 30);
        var inner = options with { Differentiation = Differentiation.None };
        return DeviceCompiler.Compile<T>(
            this, circuit, options, (sampled, _) => new SamplerProgram<T>(sampled, options.Shots, rotated => exact.Compile<T>(rotated, inner)));
    }
}
