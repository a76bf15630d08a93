// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Qusp.Cli;

/// <summary><c>qusp gates</c>: the gate table.</summary>
internal static class GatesVerb
{
    private const int WideTerminal = 130;

    public static Command Create(Terminal terminal) => Verb.Create(
        terminal,
        "gates",
        "List the gate table: names, wires, angles, structure and OpenQASM names.",
        ["qusp gates", "qusp gates --json"],
        [],
        Run);

    private static int Run(Call call)
    {
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonArray([.. Rows.Select(gate => new JsonObject
            {
                ["name"] = gate.Name,
                ["aliases"] = Json.Array(gate.Aliases),
                ["kind"] = Words.Of(gate.Kind),
                ["wires"] = gate.Wires,
                ["parameters"] = gate.Parameters,
                ["structure"] = Json.Array(Structure(gate)),
                ["frequencies"] = new JsonArray([.. gate.Frequencies.Select(one => Json.Array(one.AsSpan()))]),
                ["qasm2"] = gate.Qasm2,
                ["qasm3"] = gate.Qasm3,
            })]));
            return CommandLine.Done;
        }

        // A narrow terminal has no room for what everyone can see or --json tells: kind and structure.
        (string Header, Func<Gate, string> Cell, bool OnWide)[] columns =
        [
            ("gate", gate => gate.Name, false),
            ("also", gate => string.Join(", ", gate.Aliases), false),
            ("kind", gate => Words.Of(gate.Kind), true),
            ("wires", gate => gate.Wires.ToString(CultureInfo.InvariantCulture), false),
            ("angles", gate => gate.Parameters.ToString(CultureInfo.InvariantCulture), false),
            ("structure", gate => string.Join(", ", Structure(gate)), true),
            ("QASM 2", gate => gate.Qasm2 ?? "", false),
            ("QASM 3", gate => gate.Qasm3 ?? "", false),
        ];
        var shown = columns.Where(column => !column.OnWide || call.Terminal.Human.Profile.Width >= WideTerminal).ToArray();
        call.Terminal.Table([.. shown.Select(column => column.Header)], Rows.Select(gate => shown.Select(column => column.Cell(gate)).ToArray()));
        return CommandLine.Done;
    }

    // The fixed rows; families such as PauliRot[XY] have a row for each word.
    private static IEnumerable<Gate> Rows => [.. Gates.All, .. Gates.Channels, .. Gates.MidCircuit];

    private static string[] Structure(Gate gate) =>
        [.. Enum.GetValues<GateStructure>().Where(flag => flag != GateStructure.Dense && gate.Structure.HasFlag(flag)).Select(flag => Words.Of(flag))];
}
