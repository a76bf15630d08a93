// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

// Rows that are no unitaries: what is measured, reset and kept in the course of a circuit.
public static partial class Gates
{
    private static readonly Complex[,] Zero = Projector(2, 0);
    private static readonly Complex[,] Unit = Projector(2, 1);

    /// <summary>Brings a wire to |0⟩, whatever it was: Kraus operators |0⟩⟨0| and |0⟩⟨1|.</summary>
    public static Gate Reset { get; } = Instrument("Reset", GateKind.Channel, "|0⟩", "reset", Zero, new Complex[,] { { 0, 1 }, { 0, 0 } });

    /// <summary>Measures a wire in the basis of Z and writes the outcome to the operation's bit.</summary>
    public static Gate Measure { get; } = Instrument("Measure", GateKind.Measure, "M", "measure", Zero, Unit);

    /// <summary>
    /// Measures a wire and writes the outcome wrongly: 1 for 0 with probability p₀₁, 0 for 1 with p₁₀. The wire itself is left as it was
    /// found. The first half of the Kraus operators writes 0, the second 1.
    /// </summary>
    public static Gate NoisyMeasure { get; } = new("NoisyMeasure", 1, 2)
    {
        Kind = GateKind.Measure,
        Form = new KrausForm(
            [new(Projector(2, 0)), new(Projector(2, 1)), new(Projector(2, 0)), new(Projector(2, 1))],
            (s, k) => (k[0], k[1], k[2], k[3]) = (new(1 - s[0], 0), new(s[1], 0), new(s[0], 0), new(1 - s[1], 0))) { Affine = [0, 1] },
        KnownStructure = GateStructure.Dense,
        Label = "M",
    };

    /// <summary>Keeps what is |0⟩ on a wire and drops the rest: results are those given that it was measured as 0.</summary>
    public static Gate Postselect0 { get; } = Instrument("Postselect0", GateKind.Channel, "⟨0|", null, Zero);

    /// <summary>Keeps what is |1⟩ on a wire and drops the rest: results are those given that it was measured as 1.</summary>
    public static Gate Postselect1 { get; } = Instrument("Postselect1", GateKind.Channel, "⟨1|", null, Unit);

    /// <summary>The rows that measure, reset and keep.</summary>
    public static ImmutableArray<Gate> MidCircuit => [Reset, Measure, NoisyMeasure, Postselect0, Postselect1];

    /// <summary>Nothing on these wires, and no pass moves an operation across it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of wires is not 1 to <see cref="Circuit.MaxWires"/>.</exception>
    public static Gate Barrier(int wires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wires, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wires, Circuit.MaxWires);
        return new Gate($"Barrier[{wires.ToString(CultureInfo.InvariantCulture)}]", wires, 0)
        {
            Kind = GateKind.Barrier,
            IsSelfInverse = true,
            KnownStructure = GateStructure.Diagonal | GateStructure.Permutation | GateStructure.Real,
            Label = "║",
            Qasm2 = "barrier",
            Qasm3 = "barrier",
        };
    }

    private static Gate Instrument(string name, GateKind kind, string label, string? qasm, params Complex[][,] kraus) =>
        new(name, 1, 0)
        {
            Kind = kind,
            Form = KrausForm.Constant(kraus),
            IsTracePreserving = kraus.Length > 1,
            KnownStructure = GateStructure.Dense,
            Label = label,
            Qasm2 = qasm,
            Qasm3 = qasm,
        };
}
