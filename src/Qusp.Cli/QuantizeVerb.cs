// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using Qusp.Inference;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>qusp quantize</c>: int8 parameters for a saved model, beside the others.</summary>
internal sealed class QuantizeVerb
{
    private readonly Argument<string> model = ModelFolder.Argument();
    private readonly DataOptions data = new("What to measure errors and accuracy on.", otherwise: null);
    private readonly DeviceOptions devices = new();
    private readonly Option<string> scheme = Options.Choice("--scheme", "How to quantize; the two of PyTorch give its numbers.", [.. QuantizationSchemes.Names]);

    public static Command Create(Terminal terminal)
    {
        var verb = new QuantizeVerb();
        return Verb.Create(
            terminal,
            "quantize",
            "Quantize a saved model's linear layers to int8, beside the float parameters.",
            ["qusp quantize runs/iris --data iris", "qusp quantize runs/iris --scheme pytorch"],
            [verb.model, verb.scheme, .. verb.data.Symbols, .. verb.devices.RunSymbols],
            verb.Run);
    }

    private int Run(Call call)
    {
        var folder = ModelFolder.Open(call.Get(model));
        var rows = call.Has(data.Data) ? folder.Load(call, data) : null;
        var report = Quantize(folder, QuantizationSchemes.Find(call.Get(scheme)), rows, rows, call, devices);
        var file = Path.Combine(folder.Path, ModelDescription.QuantizedFileName);
        if (call.Terminal.IsJson)
        {
            var document = report.ToJson();
            document["files"] = Json.Texts(("model", file), ("description", Path.Combine(folder.Path, ModelDescription.FileName)));
            call.Terminal.Json(document);
            return CommandLine.Done;
        }

        call.Terminal.Line("✅ Quantization Applied!");
        report.Print(call.Terminal);
        if (report.AccuracyBefore is { } before && report.AccuracyAfter is { } after)
        {
            call.Terminal.Facts(("accuracy", string.Create(CultureInfo.InvariantCulture, $"{before:F4} before, {after:F4} after, on {rows}")));
        }

        call.Terminal.Facts(("saved", file));
        return CommandLine.Done;
    }

    /// <summary>Quantizes a saved model and measures what that did to it.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="scheme">How.</param>
    /// <param name="rows">The rows to measure the layers' errors with; null for none.</param>
    /// <param name="test">The rows to measure the accuracy on; null for none.</param>
    /// <param name="call">The call, for its seed.</param>
    /// <param name="devices">How circuits run.</param>
    public static QuantizationReport Quantize(ModelFolder folder, QuantizationScheme scheme, Dataset? rows, Dataset? test, Call call, DeviceOptions devices)
    {
        var layers = ModelQuantization.Quantize(folder.Path, rows?.Features, rows?.Count ?? 0, scheme);
        var (before, after) = test is null ? (null, null) : (Accuracy(int8: false), Accuracy(int8: true));
        return new QuantizationReport(layers, rows is not null, before, after);

        double? Accuracy(bool int8) => Score.Of(folder.Answer(test.Features, int8, call, devices), test, folder.Loss).Accuracy;
    }
}
