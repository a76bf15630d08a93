// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>How a <see cref="QuantumLayer"/> runs its circuit.</summary>
public sealed record QuantumLayerOptions
{
    /// <summary>
    /// The device, or names in order of preference separated by commas (<c>gpu,cpu</c>); <c>auto</c> is the fastest that
    /// is there. See <see cref="Devices.Select"/>.
    /// </summary>
    public string Device { get; init; } = "auto";

    /// <summary>A device of one's own; if given, <see cref="Device"/> is not read.</summary>
    public IDevice? CustomDevice { get; init; }

    /// <summary>How to differentiate; null takes the device's best.</summary>
    public Differentiation? Differentiation { get; init; }

    /// <summary>Repetitions of a circuit on sampled devices.</summary>
    public int Shots { get; init; } = 1024;

    /// <summary>How many random directions <see cref="Qusp.Differentiation.Spsa"/> takes the mean of, for each sample; drawn anew in each call.</summary>
    public int SpsaDirections { get; init; } = 1;

    /// <summary>How far <see cref="Qusp.Differentiation.Spsa"/> moves each input and weight.</summary>
    public double SpsaStep { get; init; } = 0.01;

    /// <summary>The most threads a circuit uses; 0 = one a core. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Seed of the initial weights, and of sampled devices: forward call c of the layer draws from (Seed, c).</summary>
    public ulong Seed { get; init; }

    /// <summary>Precision of the circuit's arithmetic, whatever the tensors' is.</summary>
    public Precision CircuitPrecision { get; init; } = Precision.Double;

    /// <summary>How guards compare float32 inputs.</summary>
    public GuardComparison Guards { get; init; } = GuardComparison.Tensor;

    /// <summary>Which weights parameter-shift shifts in a backward pass; null for all of them always.</summary>
    public GradientPruning? GradientPruning { get; init; }

    /// <summary>
    /// Quantum dropout (Scala, Ceschini, Panella, Gerace 2023, arXiv:2310.04120): in training, each gate that a weight turns and no guard holds is left
    /// out of a sample's circuit with this probability, drawn anew in each call; at evaluation all are there. 0 is none.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>How the weights start.</summary>
    public Initialization Initialization { get; init; } = Initialization.Uniform();
}
