// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;
using Qusp.Simulation.Lanes;

namespace Qusp;

/// <summary>
/// State vectors on the processor, exact: many small states side by side in vector lanes, larger ones one at a time.
/// </summary>
public sealed class CpuDevice : IDevice
{
    internal const string DeviceName = "cpu";
    private readonly int vectorBits;

    /// <summary>The device.</summary>
    /// <param name="vectorBits">Width of its vectors: 512, 256, 128, 64 = none; 0 takes the processor's widest.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another width.</exception>
    public CpuDevice(int vectorBits = 0)
    {
        if (vectorBits is not (0 or 64 or 128 or 256 or 512))
        {
            throw new ArgumentOutOfRangeException(nameof(vectorBits), vectorBits, "Vectors have 512, 256, 128 or 64 bits; 0 is the processor's widest.");
        }

        this.vectorBits = vectorBits > 0 ? vectorBits
            : Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : 128;
    }

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => $"exact state vectors, batches in {vectorBits}-bit lanes";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } =
        [Differentiation.Adjoint, Differentiation.ParameterShift, Differentiation.FiniteDifference];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit)
    {
        if (circuit is null)
        {
            return null;
        }

        if (!circuit.IsUnitary)
        {
            return "it has channels or measurements in its course, which no device runs yet; leave them out";
        }

        // State, adjoint state and one diagonal: five planes of doubles.
        var needed = circuit.Wires > 40 ? double.PositiveInfinity : Math.ScaleB(40.0, circuit.Wires);
        var there = (double)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return needed > 0.9 * there
            ? $"{circuit.Wires} wires need {(circuit.Wires > 40 ? "over 40 TiB" : $"{Math.ScaleB(needed, -30):0.#} GiB")} for value and gradient and this machine has {Math.ScaleB(there, -30):0.#} GiB; use fewer wires"
            : null;
    }

    /// <inheritdoc/>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        DeviceCompiler.Compile<T>(
            this, circuit, options, (exact, differentiation) => new LaneProgram<T>(exact, differentiation, options?.Threads ?? 0, vectorBits));
}
