// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation;

namespace Qusp;

/// <summary>The slow, obvious device that others are proved against: dense matrices, one sample at a time.</summary>
public sealed class ReferenceDevice : IDevice
{
    internal const string DeviceName = "reference";
    private const int MaxWires = 14;
    private const int MaxMixedWires = 6;

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => $"dense matrices, sample by sample, up to {MaxWires} wires; the oracle, not for work";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } = [Differentiation.Adjoint, .. DeviceCompiler.ByEvaluations];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit) => circuit switch
    {
        { IsMixed: true, Wires: > MaxMixedWires } => $"the circuit has {circuit.Wires} wires and the reference device takes at most {MaxMixedWires} as density matrices; use cpu",
        { IsMixed: true } when circuit.Measurements.OfType<StateVector>().Any() => "noise and measurements in its course leave no state vector; measure the density matrix",
        { Wires: > MaxWires } => $"the circuit has {circuit.Wires} wires and the reference device takes at most {MaxWires}; use cpu",
        _ => null,
    };

    /// <inheritdoc/>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        DeviceCompiler.Compile<T>(this, circuit, options, (exact, differentiation) =>
        {
            var rounded = exact.RoundThresholds<T>();
            return new ReferenceProgram<T>(rounded, exact.IsMixed ? new ReferenceMixedRun(rounded) : new ReferencePureRun(rounded), differentiation);
        });
}
