// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Qusp;

/// <summary>What it takes to simulate one sample of a circuit.</summary>
/// <param name="Bytes">Memory for value and gradient in double precision; infinite beyond 2^60.</param>
/// <param name="Seconds">Time for the value on one core, to an order of magnitude: the amplitudes that gates touch over a nominal rate.</param>
public readonly record struct SimulationCost(double Bytes, double Seconds)
{
    // Amplitudes a second that a core of 2020 turns by one gate, in vector lanes out of cache.
    private const double Rate = 5e8;

    /// <summary>As one state vector of 2^n amplitudes (devices <c>cpu</c>, <c>sampler</c>): six planes of doubles.</summary>
    /// <param name="circuit">The circuit.</param>
    public static SimulationCost StateVector(Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return new(StateVectorBytes(circuit.Wires), Time(circuit, circuit.Wires, 1));
    }

    /// <summary>As one density matrix of 4^n entries, where channels act: both sides of each gate.</summary>
    /// <param name="circuit">The circuit.</param>
    public static SimulationCost DensityMatrix(Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return new(Scale(32, 2 * circuit.Wires), Time(circuit, 2 * circuit.Wires, 2));
    }

    /// <summary>As dense matrices that keep every state (device <c>reference</c>).</summary>
    /// <param name="circuit">The circuit.</param>
    public static SimulationCost Reference(Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return new((circuit.Operations.Length + 2) * Scale(16, circuit.Wires), 100 * Time(circuit, circuit.Wires, 1));
    }

    /// <summary>Memory and time in units that suit them.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Text(Bytes)}, {(Seconds < 1e-3 ? $"{Seconds * 1e6:0.#} µs" : Seconds < 1 ? $"{Seconds * 1e3:0.#} ms" : Seconds < 1e6 ? $"{Seconds:0.#} s" : "over a week")}");

    /// <summary>State, adjoint state and the place that amplitudes move to: six planes of doubles.</summary>
    internal static double StateVectorBytes(int wires) => Scale(48, wires);

    /// <summary>Why a state of so many wires is too large for this machine; null if it is not.</summary>
    internal static string? StateVectorRefusal(int wires) => Refusal(StateVectorBytes(wires), $"{wires} wires in one state", "use pauli or mps");

    /// <summary>Why this machine has no room for something, and what to do; null if it has. The one place where devices ask.</summary>
    /// <param name="bytes">The memory that it needs.</param>
    /// <param name="what">What it is, such as <c>40 wires in one state</c>, in the plural.</param>
    /// <param name="instead">What to do, such as <c>use fewer wires</c>.</param>
    internal static string? Refusal(double bytes, string what, string instead)
    {
        var there = (double)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return bytes > 0.9 * there ? $"{what} need {Text(bytes)} for value and gradient and this machine has {Text(there)}; {instead}" : null;
    }

    private static string Text(double bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{Math.ScaleB(bytes, -20):0.#} MiB"),
        <= 1L << 45 => string.Create(CultureInfo.InvariantCulture, $"{Math.ScaleB(bytes, -30):0.#} GiB"),
        _ => "over 32 TiB",
    };

    private static double Scale(double bytes, int wires) => wires > 60 ? double.PositiveInfinity : Math.ScaleB(bytes, wires);

    private static double Time(Circuit circuit, int bits, int sides) =>
        bits > 1000 ? double.PositiveInfinity : circuit.Operations.Length * sides * Math.ScaleB(1 / Rate, bits);
}
