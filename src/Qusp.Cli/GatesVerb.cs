// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Qusp.Cli;

/// <summary><c>qusp gates</c>: the gate table.</summary>
internal static class GatesVerb
{
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

        call.Terminal.Table(
            ["gate", "also known as", "kind", "wires", "angles", "structure", "OpenQASM 2", "OpenQASM 3"],
            Rows.Select(gate => new[]
            {
                gate.Name,
                string.Join(", ", gate.Aliases),
                Words.Of(gate.Kind),
                gate.Wires.ToString(CultureInfo.InvariantCulture),
                gate.Parameters.ToString(CultureInfo.InvariantCulture),
                string.Join(", ", Structure(gate)),
                gate.Qasm2 ?? "",
                gate.Qasm3 ?? "",
            }));
        return CommandLine.Done;
    }

    // The fixed rows; families such as PauliRot[XY] have a row for each word.
    private static IEnumerable<Gate> Rows => [.. Gates.All, .. Gates.Channels, .. Gates.MidCircuit];

    private static string[] Structure(Gate gate) =>
        [.. Enum.GetValues<GateStructure>().Where(flag => flag != GateStructure.Dense && gate.Structure.HasFlag(flag)).Select(flag => Words.Of(flag))];
}
