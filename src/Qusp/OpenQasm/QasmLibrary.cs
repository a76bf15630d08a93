// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

/// <summary>
/// The gates of qelib1.inc (with those that Qiskit knows beside it) and stdgates.inc: rows of the gate table by name, and
/// definitions for the few that are no row. Phases are those of the table: <c>rz</c> is exp(−iθZ/2), <c>u1</c>, <c>u2</c> and
/// <c>u3</c> have a real first entry, as Qiskit and PennyLane read them.
/// </summary>
internal static class QasmLibrary
{
    // The controlled U with a phase of its own on the control.
    private const string ControlledU = "gate cu(theta, phi, lambda, gamma) c, t { u1(gamma) c; cu3(theta, phi, lambda) c, t; } ";

    private const string Definitions2 = ControlledU + """
        gate u0(gamma) a { id a; }
        gate rccx a, b, c { u2(0, pi) c; u1(pi/4) c; cx b, c; u1(-pi/4) c; cx a, c; u1(pi/4) c; cx b, c; u1(-pi/4) c; u2(0, pi) c; }
        gate rc3x a, b, c, d {
          u2(0, pi) d; u1(pi/4) d; cx c, d; u1(-pi/4) d; u2(0, pi) d; cx a, d; u1(pi/4) d; cx b, d; u1(-pi/4) d; cx a, d; u1(pi/4) d;
          cx b, d; u1(-pi/4) d; u2(0, pi) d; u1(pi/4) d; cx c, d; u1(-pi/4) d; u2(0, pi) d;
        }
        gate rcccx a, b, c, d { rc3x a, b, c, d; }
        """;

    private static readonly (string Name, Gate Row)[] Rows2 =
    [
        ("u3", Gates.U3), ("u2", Gates.U2), ("u1", Gates.PhaseShift), ("u", Gates.U3), ("p", Gates.PhaseShift), ("id", Gates.I),
        ("x", Gates.X), ("y", Gates.Y), ("z", Gates.Z), ("h", Gates.H), ("s", Gates.S), ("sdg", Gates.Sdg), ("t", Gates.T), ("tdg", Gates.Tdg),
        ("sx", Gates.SX), ("sxdg", Gates.SX.Adjoint()), ("rx", Gates.RX), ("ry", Gates.RY), ("rz", Gates.RZ),
        ("cx", Gates.CNOT), ("cy", Gates.CY), ("cz", Gates.CZ), ("ch", Gates.CH), ("swap", Gates.SWAP), ("csx", Gates.SX.Controlled()),
        ("crx", Gates.CRX), ("cry", Gates.CRY), ("crz", Gates.CRZ), ("cu1", Gates.ControlledPhaseShift), ("cp", Gates.ControlledPhaseShift),
        ("cu3", Gates.U3.Controlled()), ("rxx", Gates.IsingXX), ("rzz", Gates.IsingZZ), ("ccx", Gates.Toffoli), ("cswap", Gates.CSWAP),
        ("c3x", Controlled(Gates.X, 3)), ("cccx", Controlled(Gates.X, 3)), ("c4x", Controlled(Gates.X, 4)), ("ccccx", Controlled(Gates.X, 4)),
        ("c3sqrtx", Controlled(Gates.SX, 3)), ("cccsqrtx", Controlled(Gates.SX, 3)), ("c3sx", Controlled(Gates.SX, 3)),
    ];

    private static readonly (string Name, Gate Row)[] Rows3 =
    [
        ("p", Gates.PhaseShift), ("x", Gates.X), ("y", Gates.Y), ("z", Gates.Z), ("h", Gates.H), ("s", Gates.S), ("sdg", Gates.Sdg), ("t", Gates.T), ("tdg", Gates.Tdg),
        ("sx", Gates.SX), ("rx", Gates.RX), ("ry", Gates.RY), ("rz", Gates.RZ), ("cx", Gates.CNOT), ("cy", Gates.CY), ("cz", Gates.CZ),
        ("cp", Gates.ControlledPhaseShift), ("crx", Gates.CRX), ("cry", Gates.CRY), ("crz", Gates.CRZ), ("ch", Gates.CH), ("swap", Gates.SWAP),
        ("ccx", Gates.Toffoli), ("cswap", Gates.CSWAP), ("CX", Gates.CNOT), ("phase", Gates.PhaseShift), ("cphase", Gates.ControlledPhaseShift),
        ("id", Gates.I), ("u1", Gates.PhaseShift), ("u2", Gates.U2), ("u3", Gates.U3),
    ];

    private static readonly Lazy<ImmutableDictionary<string, QasmGate>> Two = new(() => Library(QasmVersion.Two, Rows2, Definitions2));

    private static readonly Lazy<ImmutableDictionary<string, QasmGate>> Three = new(() => Library(
        QasmVersion.Three, Rows3, ControlledU.Replace("cu3(", "ctrl @ u3(", StringComparison.Ordinal)));

    private static readonly Dictionary<QasmVersion, Lazy<Dictionary<Gate, string>>> Names = new()
    {
        [QasmVersion.Two] = new(() => Rows2.DistinctBy(row => row.Row).ToDictionary(row => row.Row, row => row.Name)),
        [QasmVersion.Three] = new(() => Rows3.DistinctBy(row => row.Row).ToDictionary(row => row.Row, row => row.Name)),
    };

    /// <summary>The file's name in an include of this version.</summary>
    public static string FileName(QasmVersion version) => version == QasmVersion.Two ? "qelib1.inc" : "stdgates.inc";

    /// <summary>The gates of a library; null if the file is none.</summary>
    /// <param name="file">The name in the include.</param>
    public static ImmutableDictionary<string, QasmGate>? Find(string file) => file switch
    {
        "qelib1.inc" => Two.Value,
        "stdgates.inc" or "stdgates.qasm" => Three.Value,
        _ => null,
    };

    /// <summary>The first name of a row in the library of a version; null if it has none.</summary>
    public static string? NameOf(Gate gate, QasmVersion version) => Names[version].Value.GetValueOrDefault(gate);

    private static Gate Controlled(Gate gate, int controls) => gate.Controlled([.. Enumerable.Repeat(true, controls)]);

    private static ImmutableDictionary<string, QasmGate> Library(QasmVersion version, (string Name, Gate Row)[] rows, string definitions)
    {
        var source = new QasmSource(FileName(version), definitions);
        return rows.Select(row => KeyValuePair.Create(row.Name, QasmGate.Of(row.Row)))
            .Concat(QasmParser.Parse(source, version).Statements.Cast<QasmStatement.Definition>().Select(gate => KeyValuePair.Create(gate.Name, QasmGate.Of(gate, isLibrary: true))))
            .ToImmutableDictionary(StringComparer.Ordinal);
    }
}
