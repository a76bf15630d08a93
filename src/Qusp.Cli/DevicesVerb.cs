// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;

namespace Qusp.Cli;

/// <summary><c>qusp devices</c>: what circuits can run on here.</summary>
internal static class DevicesVerb
{
    public static Command Create(Terminal terminal) => Verb.Create(
        terminal,
        "devices",
        "List the devices that circuits run on, whether each is there, and how it differentiates.",
        ["qusp devices", "qusp devices --json"],
        [],
        Run);

    private static int Run(Call call)
    {
        var rows = Devices.All.Select(device => (
            Device: device,
            Aliases: Devices.Aliases.Where(alias => alias.Name == device.Name).Select(alias => alias.Alias).ToArray(),
            Refusal: device.Refusal(null),
            Methods: device.Differentiations.Select(Words.Of).ToArray())).ToArray();
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonArray([.. rows.Select(row => new JsonObject
            {
                ["name"] = row.Device.Name,
                ["aliases"] = Json.Array(row.Aliases),
                ["available"] = row.Refusal is null,
                ["reason"] = row.Refusal,
                ["differentiation"] = Json.Array(row.Methods),
                ["precision"] = row.Refusal is null ? Json.Array(["single", "double"]) : new JsonArray(),
                ["description"] = row.Device.Description,
            })]));
            return CommandLine.Done;
        }

        call.Terminal.Table(
            ["device", "also known as", "available", "differentiation (best first)", "precision", "what it is"],
            rows.Select(row => new[]
            {
                row.Device.Name,
                string.Join(", ", row.Aliases),
                row.Refusal is null ? "yes" : $"no: {row.Refusal}",
                string.Join(", ", row.Methods),
                row.Refusal is null ? "single, double" : "",
                row.Device.Description,
            }));
        call.Terminal.Line($"auto = {Devices.Auto}");
        return CommandLine.Done;
    }
}
