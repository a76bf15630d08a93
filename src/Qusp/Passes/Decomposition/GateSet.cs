// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// The gates that a circuit may be made of, as a machine or a format knows them. Global phases are always allowed: nothing
/// has to be done for them.
/// </summary>
public sealed class GateSet
{
    /// <summary>A set of these gates.</summary>
    /// <param name="gates">
    /// The gates: CNOT or CZ, and either U3 or RZ with one of RY, RX, SX and H; any others are kept where a circuit has them.
    /// </param>
    /// <exception cref="ArgumentException">The set cannot express every circuit; the message says what is missing.</exception>
    public GateSet(params ImmutableArray<Gate> gates)
    {
        Gates = gates;
        if (!Has(Qusp.Gates.CNOT) && !Has(Qusp.Gates.CZ))
        {
            throw new ArgumentException($"{this} has no gate to entangle by: add CNOT or CZ.", nameof(gates));
        }

        Gate[] second = [Qusp.Gates.RY, Qusp.Gates.RX, Qusp.Gates.SX, Qusp.Gates.H];
        if (!Has(Qusp.Gates.U3) && !(Has(Qusp.Gates.RZ) && second.Any(Has)))
        {
            throw new ArgumentException($"{this} does not turn a single wire about any axis: add U3, or RZ and one of RY, RX, SX, H.", nameof(gates));
        }
    }

    /// <summary>RX, RY, RZ and CNOT.</summary>
    public static GateSet Rotations { get; } = new(Qusp.Gates.RX, Qusp.Gates.RY, Qusp.Gates.RZ, Qusp.Gates.CNOT);

    /// <summary>RZ, SX, X and CNOT, as machines with fixed-frequency transmons have them.</summary>
    public static GateSet Transmon { get; } = new(Qusp.Gates.RZ, Qusp.Gates.SX, Qusp.Gates.X, Qusp.Gates.CNOT);

    /// <summary>RX, RZ and CZ, as machines with tunable couplers and neutral atoms have them.</summary>
    public static GateSet RotationsCZ { get; } = new(Qusp.Gates.RX, Qusp.Gates.RZ, Qusp.Gates.CZ);

    /// <summary>U3 and CNOT, the primitives of OpenQASM 2.</summary>
    public static GateSet U3CNOT { get; } = new(Qusp.Gates.U3, Qusp.Gates.CNOT);

    /// <summary>The Clifford gates H, S, S†, X, Y, Z, CNOT, and RZ.</summary>
    public static GateSet CliffordRZ { get; } = new(
        Qusp.Gates.H, Qusp.Gates.S, Qusp.Gates.Sdg, Qusp.Gates.X, Qusp.Gates.Y, Qusp.Gates.Z, Qusp.Gates.CNOT, Qusp.Gates.RZ);

    /// <summary>The gates.</summary>
    public ImmutableArray<Gate> Gates { get; }

    /// <summary>Whether a gate is in the set.</summary>
    public bool Has(Gate gate) => Gates.Contains(gate);

    /// <summary>The gates' names in braces.</summary>
    public override string ToString() => $"{{{string.Join(", ", Gates)}}}";
}
