// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;
using Qusp.Simulation;
using Qusp.Simulation.Components;
using Qusp.Simulation.DensityMatrices;

namespace Qusp;

/// <summary>
/// State vectors on the processor, exact: many small states side by side in vector lanes, larger ones one at a time.
/// Circuits of many wires fall into independent components where guards are off; each is a state of its own.
/// Circuits with noise, measurements, resets or conditions in their course run, exactly too, as density matrices.
/// </summary>
public sealed class CpuDevice : IDevice
{
    internal const string DeviceName = "cpu";
    private readonly int vectorBits;
    private readonly CpuPath path;

    /// <summary>The device.</summary>
    /// <param name="vectorBits">Width of its vectors: 512, 256, 128, 64 = none; 0 takes the processor's widest.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another width.</exception>
    public CpuDevice(int vectorBits = 0)
        : this(vectorBits, CpuPath.Auto)
    {
    }

    internal CpuDevice(int vectorBits, CpuPath path)
    {
        if (vectorBits is not (0 or 64 or 128 or 256 or 512))
        {
            throw new ArgumentOutOfRangeException(nameof(vectorBits), vectorBits, "Vectors have 512, 256, 128 or 64 bits; 0 is the processor's widest.");
        }

        this.path = path;
        this.vectorBits = vectorBits > 0 ? vectorBits
            : Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : 128;
    }

    /// <summary>The width of its vectors.</summary>
    internal int VectorBits => vectorBits;

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => $"exact state vectors, density matrices where there is noise; batches in {vectorBits}-bit lanes";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } = [Differentiation.Adjoint, .. DeviceCompiler.ByEvaluations];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit)
    {
        if (circuit is null)
        {
            return null;
        }

        if (circuit.IsMixed)
        {
            return circuit.Measurements.OfType<StateVector>().Any()
                ? "noise and measurements in its course leave no state vector; measure the density matrix"
                : DeferredProgram<double>.Pays(circuit) && SimulationCost.StateVectorRefusal(circuit.Wires + DeferredMeasurements.Fresh(circuit)) is null ? null
                : DensityMatrixProgram<double>.Refusal(circuit);
        }

        return SimulationCost.StateVectorRefusal(circuit.Wires) is { } reason && !Falls(circuit.ExtractExpressions().Circuit) ? reason : null;
    }

    /// <inheritdoc/>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var threads = options?.Threads ?? 0;
        if (circuit.IsMixed)
        {
            return DeviceCompiler.Compile<T>(this, circuit, options, (exact, method) => DeferredProgram<T>.Pays(exact)
                ? new DeferredProgram<T>(exact, deferred => Compile<T>(deferred, (options ?? new()) with { Differentiation = method }))
                : new DensityMatrixProgram<T>(exact, method, threads, vectorBits));
        }

        var crew = new Crew(threads); // of all components: they run one after the other, or each on one thread
        IProgram<T> Whole(Circuit one, Differentiation method) =>
            new CpuProgram<T>(one, method, crew, vectorBits, path == CpuPath.Components ? CpuPath.Auto : path);
        return DeviceCompiler.Compile(this, circuit, options, (exact, method) =>
            (options?.Components ?? Splits<T>(exact)) && Splitter.Takes(exact) ? new ComponentProgram<T>(exact, method, crew, Whole, SimulationCost.StateVectorRefusal)
            : SimulationCost.StateVectorRefusal(exact.Wires) is { } reason ? throw new NotSupportedException($"{Name}: {reason}.")
            : Whole(exact, method));
    }

    /// <summary>This device, made to run circuits one way.</summary>
    internal CpuDevice By(CpuPath way) => new(vectorBits, way);

    /// <summary>Whether it runs a circuit as components.</summary>
    internal bool Splits<T>(Circuit circuit)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        path == CpuPath.Components || (path == CpuPath.Auto && ComponentCost.Pays<T>(circuit, vectorBits));

    // With guards the samples decide, and a component that is too large is refused when it comes.
    private static bool Falls(Circuit circuit) =>
        Splitter.Takes(circuit) && SimulationCost.StateVectorRefusal(new Splitter(circuit).Split(new bool[circuit.Guards.Length]).LargestPart) is null;
}
