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
    private readonly IDevice exact;

    /// <summary>The sampler of an exact device's states.</summary>
    /// <param name="exact">The device; <c>cpu</c> if null.</param>
    public SamplerDevice(IDevice? exact = null) => this.exact = exact ?? new CpuDevice();

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => "expectation values, probabilities and tomography from finite shots (1024 by default), seeded";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } = [Differentiation.ParameterShift, Differentiation.HadamardTest, Differentiation.Spsa];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit) =>
        circuit is null ? null
        : circuit.Wires > MaxWires ? $"the circuit has {circuit.Wires} wires and the sampler takes at most {MaxWires}; use cpu"
        : circuit.Measurements.OfType<StateVector>().Any() ? "a state vector cannot be sampled; use cpu"
        : circuit.Measurements.OfType<DensityMatrix>().FirstOrDefault(of => of.OfWires.Length > Tomography.MaxWires) is { } large
            ? $"{large} takes 3^{large.OfWires.Length} bases and the sampler takes at most {Tomography.MaxWires} wires' matrix; use classical shadows or cpu"
        : exact.Refusal(circuit);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The number of shots is not from 1 to 2^30.</exception>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options ??= new ProgramOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shots, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Shots, 1 << 30);
        if (options.Differentiation != Differentiation.None
            && circuit.Operations.FirstOrDefault(operation => operation.Gate.Form is not null && !operation.Angles.All(angle => angle.IsConstant)) is { } noise)
        {
            throw new NotSupportedException($"sampler: the shift rule of {noise} leaves the range of probabilities, where nothing can be drawn; use trajectories or cpu, or Differentiation.None.");
        }

        var inner = options with { Differentiation = Differentiation.None };
        return DeviceCompiler.Compile<T>(
            this, circuit, options, (sampled, _) => new SamplerProgram<T>(
                sampled, options.Shots, options.ShotAllocation, options.Threads, rotated => exact.Compile<T>(rotated, inner)));
    }
}
