// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Inference;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>qusp predict</c>: a saved model's outputs and classes, row by row.</summary>
internal sealed class PredictVerb
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",;\"\r\n\t");

    private readonly Argument<string> model = ModelFolder.Argument();
    private readonly DataOptions data = new("What to predict; a class column is not needed and not looked at.", otherwise: null);
    private readonly DeviceOptions devices = new();
    private readonly Option<bool> int8 = Options.Flag("--int8", "Take the quantized parameters.");

    public static Command Create(Terminal terminal)
    {
        var verb = new PredictVerb();
        return Verb.Create(
            terminal,
            "predict",
            "Write a saved model's outputs and classes for the rows of a file, as CSV or JSON.",
            ["qusp predict runs/iris --data new.csv > answers.csv", "qusp predict runs/iris --data new.csv --int8 --json"],
            [verb.model, .. verb.data.Symbols, verb.int8, .. verb.devices.RunSymbols],
            verb.Run);
    }

    private int Run(Call call)
    {
        var source = data.Required(call);
        var folder = ModelFolder.Open(call.Get(model));
        var names = folder.Description.Features.IsEmpty
            ? [.. Enumerable.Range(0, folder.Description.Inputs).Select(j => string.Create(CultureInfo.InvariantCulture, $"f{j}"))]
            : folder.Description.Features;
        var outputs = folder.Answer(Datasets.LoadFeatures(source, names, call.Get(data.Label), call.Seed), call.Get(int8), call, devices);
        var width = folder.Description.Outputs;
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonObject
            {
                ["predictions"] = Json.Rows(outputs, width),
                ["classes"] = new JsonArray([.. Classes(outputs, folder.Description).Select(ClassNode)]),
            });
            return CommandLine.Done;
        }

        var classes = Classes(outputs, folder.Description).ToArray();
        var header = Enumerable.Range(0, width).Select(k => string.Create(CultureInfo.InvariantCulture, $"y{k}"));
        WriteLine(call, classes.Length > 0 ? header.Append("class") : header);
        for (var row = 0; row < outputs.Length / width; row++)
        {
            var cells = outputs[(row * width)..((row + 1) * width)].Select(value => value.ToString("R", CultureInfo.InvariantCulture));
            WriteLine(call, classes.Length > 0 ? cells.Append(Quoted(classes[row])) : cells);
        }

        return CommandLine.Done;
    }

    /// <summary>The class of each row; nothing if the model does not classify.</summary>
    private static IEnumerable<string> Classes(double[] outputs, ModelDescription description) => description.Classes.IsEmpty
        ? []
        : outputs.Chunk(description.Outputs).Select(answer => description.Classes[Score.Largest(answer)]);

    // A class that was a number in the data is a number here.
    private static JsonNode? ClassNode(string name) => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? JsonValue.Create(number)
        : JsonValue.Create(name);

    private static string Quoted(string name) =>
        !name.AsSpan().ContainsAny(NeedQuotes) ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void WriteLine(Call call, IEnumerable<string> cells) => call.Terminal.Output.Write(string.Join(',', cells) + "\n");
}
