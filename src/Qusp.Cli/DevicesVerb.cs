// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Cli.Bench;

namespace Qusp.Cli;

/// <summary><c>qusp devices</c>: what circuits can run on here and, for a circuit, what that is expected to cost, or costs.</summary>
internal static class DevicesVerb
{
    private static readonly Argument<string?> File = new("FILE")
    {
        Description = "An OpenQASM file: what each way to run it is expected to cost, and which one auto takes, and why.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Observables = ObservableList.Option();
    private static readonly Option<int> Batch = Options.Whole("--batch", 1, "Samples a call; few of them do not fill the lanes of a vector.", least: 1, most: 1_000_000);
    private static readonly Option<bool> Measure = Options.Flag(
        "--measure", "Measure value and gradient too, on one thread. Without a file: of circuits of many kinds, to check the cost model on this machine.");

    public static Command Create(Terminal terminal) => Verb.Create(
        terminal,
        "devices",
        "List the devices that circuits run on, whether each is there, and how it differentiates; or, for a circuit, what it would cost on each.",
        ["qusp devices", "qusp devices --json", "qusp devices ansatz.qasm --observables Z0 --batch 64 --measure", "qusp devices --measure"],
        [File, Observables, Batch, Measure],
        Run);

    private static int Run(Call call) => call.Get(File) is { } file ? OfCircuit(call, file) : call.Get(Measure) ? OfCostModel(call) : List(call);

    private static int OfCircuit(Call call, string file)
    {
        var circuit = QasmFile.Load(call, file).Circuit.WithoutFinalMeasurements().Circuit;
        var wanted = ObservableList.Read(call, Observables, circuit.Wires);
        wanted = wanted.Length > 0 ? wanted : ObservableList.OfAllWires(circuit.Wires);
        var table = UsageException.Blame($"devices:{file}", () => DeviceTable.Of(
            circuit.WithMeasurements([.. wanted.Select(one => new Expectation(one.Observable))]), call.Get(Batch), call.Get(Measure), call.Cancellation));
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonObject
            {
                ["wires"] = circuit.Wires,
                ["batch"] = table.Batch,
                ["devices"] = table.Document(),
                ["chosen"] = table.Choice.Device.Name,
                ["reason"] = table.Choice.Reason,
            });
            return CommandLine.Done;
        }

        call.Terminal.Table(
            ["", "device", "expected", .. call.Get(Measure) ? (string[])["measured"] : [], "why"],
            table.Ways.Select(way => (string[])
            [
                way == table.Taken ? "→" : "",
                way.Name,
                DeviceTable.Time(way.Estimate.Seconds),
                .. call.Get(Measure) ? (string[])[DeviceTable.Time(way.Measured)] : [],
                way.Estimate.Reason,
            ]));
        call.Terminal.Facts(("auto", table.Choice.Reason));
        call.Terminal.Line("Times are of one sample's value and gradient on one thread in double precision.");
        return CommandLine.Done;
    }

    private static int OfCostModel(Call call)
    {
        var tables = new List<(string Name, DeviceTable Table)>();
        foreach (var batch in (int[])[1, 64])
        {
            DeviceTable.Of(DeviceCircuits.All[2].Make(), batch, measure: true, call.Cancellation); // the runtime compiles well what is used in earnest
        }

        foreach (var (name, batch, make) in DeviceCircuits.All)
        {
            call.Terminal.Error.WriteLine($"{name} …");
            tables.Add((name, DeviceTable.Of(make(), batch, measure: true, call.Cancellation)));
        }

        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonArray([.. tables.Select(one => new JsonObject
            {
                ["circuit"] = one.Name,
                ["wires"] = one.Table.Circuit.Wires,
                ["batch"] = one.Table.Batch,
                ["devices"] = one.Table.Document(),
                ["chosen"] = one.Table.Choice.Device.Name,
                ["reason"] = one.Table.Choice.Reason,
            })]));
            return CommandLine.Done;
        }

        call.Terminal.Table(
            ["circuit", "batch", .. Kinds, "auto takes", "best"],
            tables.Select(one => (string[])
            [
                one.Name,
                one.Table.Batch.ToString(CultureInfo.InvariantCulture),
                .. Kinds.Select(kind => Cell(Array.Find(one.Table.Ways, way => way.Name == kind))),
                one.Table.Taken?.Name ?? one.Table.Choice.Device.Name,
                one.Table.Best?.Name ?? "",
            ]));
        call.Terminal.Line("Expected → measured: a sample's value and gradient on one thread in double precision.");
        return CommandLine.Done;
    }

    private static string[] Kinds => ["cpu", "cpu, one state", "cpu, lanes", "cpu, components", "pauli", "mps"];

    private static string Cell(DeviceTable.Row? way) => way is null || double.IsInfinity(way.Estimate.Seconds)
        ? "–"
        : $"{DeviceTable.Time(way.Estimate.Seconds)} → {DeviceTable.Time(way.Measured)}";

    private static int List(Call call)
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
