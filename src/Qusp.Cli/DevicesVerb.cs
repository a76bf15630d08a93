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
            ["device", "also known as", "available", "differentiation", "precision"],
            rows.Select(row => new[]
            {
                row.Device.Name,
                string.Join('\n', row.Aliases),
                row.Refusal is null ? "yes" : $"no: {row.Refusal}",
                string.Join('\n', row.Methods),
                row.Refusal is null ? "single, double" : "",
            }));
        foreach (var (device, _, _, _) in rows)
        {
            call.Terminal.Facts((device.Name, device.Description));
        }

        call.Terminal.Facts(("auto", $"of {Devices.Auto} the first, or, of those after gpu, the one expected to run the circuit fastest; --diff auto takes the first method of the device"));
        return CommandLine.Done;
    }
}
