// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>qusp evaluate</c>: loss and accuracy of a saved model.</summary>
internal sealed class EvaluateVerb
{
    private readonly Argument<string> model = ModelFolder.Argument();
    private readonly DataOptions data = new("What to evaluate on, as a whole.", otherwise: null);
    private readonly DeviceOptions devices = new();
    private readonly Option<bool> int8 = Options.Flag("--int8", "Take the quantized parameters.");

    public static Command Create(Terminal terminal)
    {
        var verb = new EvaluateVerb();
        return Verb.Create(
            terminal,
            "evaluate",
            "Evaluate a saved model on data: loss and accuracy.",
            ["qusp evaluate runs/iris --data iris", "qusp evaluate runs/iris --data measured.csv --label species --int8 --json"],
            [verb.model, .. verb.data.Symbols, verb.int8, .. verb.devices.RunSymbols],
            verb.Run);
    }

    private int Run(Call call)
    {
        data.Required(call);
        var folder = ModelFolder.Open(call.Get(model));
        var rows = folder.Load(call, data);
        if (rows.Labels is null && folder.Loss == Loss.CrossEntropy)
        {
            throw new UsageException(call.Place(data.Data), $"{rows.Name} has real targets, the model was trained for classes; name the class column with --label");
        }

        var score = Score.Of(folder.Answer(rows.Features, call.Get(int8), call, devices), rows, folder.Loss);
        var device = folder.Select(call, devices);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonObject
            {
                ["model"] = folder.Path,
                ["data"] = rows.Name,
                ["samples"] = rows.Count,
                ["loss"] = Json.Number(score.Loss),
                ["accuracy"] = Json.Number(score.Accuracy),
                ["int8"] = call.Get(int8),
                ["device"] = device.Device.Name,
                ["reason"] = device.Reason,
            });
            return CommandLine.Done;
        }

        call.Terminal.Facts(
            ("data", rows.ToString()),
            ("parameters", call.Get(int8) ? "int8" : "float"),
            ("device", device.Reason),
            ("loss", score.Loss.ToString("G6", CultureInfo.InvariantCulture)),
            ("accuracy", score.Accuracy?.ToString("F4", CultureInfo.InvariantCulture) ?? "none: the targets are real numbers"));
        return CommandLine.Done;
    }
}
