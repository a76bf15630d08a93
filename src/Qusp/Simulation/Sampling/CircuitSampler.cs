// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Qusp;

/// <summary>
/// Bit strings of a circuit's final state, from any device that gives its probabilities, or from <c>trajectories</c>, on which each shot
/// takes a random path of its own through noise and measurements: for circuits too wide for a density matrix. The circuit's own measurements
/// are not looked at. Shots depend on (seed, sample, shot) alone: not on threads, on how a batch is cut, nor, up to the
/// rounding of probabilities, on the device.
/// </summary>
/// <typeparam name="T">Precision of the state, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CircuitSampler<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 20; // probabilities held at once

    private readonly IProgram<T> program;
    private readonly IPathProgram<T>? paths; // where each shot takes its own
    private readonly Measurement read;
    private readonly ShotSampler sampler;
    private T[] probabilities = [];
    private long drawn;

    /// <summary>Compiles the circuit for sampling its wires.</summary>
    /// <param name="device">An exact device, such as <c>cpu</c>, or <c>trajectories</c>.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="wires">The wires to read, the first the most significant bit; all if none is named.</param>
    /// <param name="options">How to run it; its differentiation and shots are not used.</param>
    /// <exception cref="NotSupportedException">The device cannot run the circuit, or its probabilities are estimates themselves.</exception>
    public CircuitSampler(IDevice device, Circuit circuit, ImmutableArray<int> wires = default, ProgramOptions? options = null)
        : this(device, circuit, new Probabilities(OrAll(wires, circuit)), options)
    {
    }

    private CircuitSampler(IDevice device, Circuit circuit, Measurement read, ProgramOptions? options)
    {
        ArgumentNullException.ThrowIfNull(device);
        sampler = new ShotSampler(options?.Threads ?? 0);
        (Wires, this.read) = (read is BitProbabilities of ? of.OfBits : ((Probabilities)read).OfWires, read);
        // A path needs no table of probabilities, which may be too long for memory.
        var byPaths = device.Name == TrajectoriesDevice.DeviceName;
        program = device.Compile<T>(circuit.WithMeasurements(byPaths ? [] : [read]), (options ?? new()) with { Differentiation = Differentiation.None });
        paths = byPaths ? (IPathProgram<T>)program : null;
        if (program.IsStochastic && paths is null)
        {
            program.Dispose();
            throw new NotSupportedException($"{device.Name} gives estimates of probabilities, not probabilities; give an exact device, such as cpu, or trajectories.");
        }
    }

    /// <summary>The wires, or classical bits, read; the first is the first character of a bit string.</summary>
    public ImmutableArray<int> Wires { get; }

    /// <summary>Compiles the circuit for sampling the classical bits that its own measurements write.</summary>
    /// <param name="device">An exact device, such as <c>cpu</c>, or <c>trajectories</c>.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="bits">The bits to read, the first the most significant; all if none is named.</param>
    /// <param name="options">How to run it; its differentiation and shots are not used.</param>
    /// <exception cref="NotSupportedException">The device cannot run the circuit, or its probabilities are estimates themselves.</exception>
#pragma warning disable CA1000 // a constructor with a name
    public static CircuitSampler<T> OfBits(IDevice device, Circuit circuit, ImmutableArray<int> bits = default, ProgramOptions? options = null)
#pragma warning restore CA1000
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return new(device, circuit, new BitProbabilities(bits.IsDefaultOrEmpty ? [.. Enumerable.Range(0, circuit.Bits)] : bits), options);
    }

    /// <summary>What was executed.</summary>
    public Cost Cost => program.Cost + new Cost(0, 0, 0, 0, drawn);

    /// <summary>Draws shots of one sample.</summary>
    /// <param name="shots">How many.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="draw">The randomness.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit asks for, or there is no shot to draw.</exception>
    public Samples Sample(int shots, ReadOnlySpan<T> inputs = default, ReadOnlySpan<T> weights = default, Draw draw = default) =>
        SampleBatch(1, shots, inputs, weights, draw)[0];

    /// <summary>Draws shots of each sample of a batch.</summary>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="shots">How many of each sample.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="draw">The randomness.</param>
    /// <returns>B samples' shots.</returns>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for, or there is no shot to draw.</exception>
    public Samples[] SampleBatch(int batch, int shots, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights = default, Draw draw = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shots);
        var (circuit, size) = (program.Circuit, program.Circuit.Outputs);
        if (inputs.Length != (long)batch * circuit.Inputs)
        {
            throw new ArgumentException($"inputs holds {inputs.Length} numbers; this circuit and batch ask for {batch} × {circuit.Inputs}.", nameof(inputs));
        }

        if (paths is not null)
        {
            var all = new uint[checked(batch * shots)];
            paths.Sample(batch, shots, inputs, weights, read, all, draw);
            return [.. Enumerable.Range(0, batch).Select(b => new Samples(Wires, [.. all.AsSpan(b * shots, shots)]))];
        }

        var rows = Math.Max(1, Math.Min(batch, NumbersPerCall / size));
        if (probabilities.Length < rows * size)
        {
            probabilities = new T[rows * size];
        }

        var samples = new Samples[batch];
        for (var first = 0; first < batch; first += rows)
        {
            var count = Math.Min(rows, batch - first);
            program.Evaluate(count, inputs.Slice(first * circuit.Inputs, count * circuit.Inputs), weights, probabilities.AsSpan(0, count * size));
            for (var row = 0; row < count; row++)
            {
                var outcomes = new uint[shots];
                sampler.Load<T>(probabilities.AsSpan(row * size, size), shots);
                sampler.Draw(outcomes, draw, first + row);
                samples[first + row] = new Samples(Wires, ImmutableCollectionsMarshal.AsImmutableArray(outcomes));
            }
        }

        drawn += (long)batch * shots;
        return samples;
    }

    /// <inheritdoc/>
    public void Dispose() => program.Dispose();

    private static ImmutableArray<int> OrAll(ImmutableArray<int> wires, Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return wires.IsDefaultOrEmpty ? [.. Enumerable.Range(0, circuit.Wires)] : wires;
    }
}
