// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Inference;

namespace Qusp.Cli;

/// <summary>What quantization changed, as <c>train</c> and <c>quantize</c> tell it.</summary>
/// <param name="Layers">Each layer; its error is of its outputs on the data at hand.</param>
/// <param name="HasData">Whether there were data to measure errors with.</param>
/// <param name="AccuracyBefore">Accuracy with float parameters; null without classes.</param>
/// <param name="AccuracyAfter">Accuracy with int8 parameters.</param>
internal sealed record QuantizationReport(IReadOnlyList<LayerQuantization> Layers, bool HasData, double? AccuracyBefore, double? AccuracyAfter)
{
    public JsonObject ToJson() => new()
    {
        ["layers"] = new JsonArray([.. Layers.Select(layer => new JsonObject
        {
            ["name"] = layer.Name,
            ["scheme"] = layer.Scheme.Name(),
            ["bytesBefore"] = layer.BytesBefore,
            ["bytesAfter"] = layer.BytesAfter,
            ["maxAbsError"] = HasData ? Json.Number(layer.MaxAbsError) : null,
        })]),
        ["testAccuracyBefore"] = Json.Number(AccuracyBefore),
        ["testAccuracyAfter"] = Json.Number(AccuracyAfter),
    };

    public void Print(Terminal terminal) => terminal.Table(
        ["quantized layer", "scheme", "bytes", "as int8", "largest error"],
        Layers.Select(layer => new[]
        {
            layer.Name,
            layer.Scheme.Name(),
            layer.BytesBefore.ToString(CultureInfo.InvariantCulture),
            layer.BytesAfter.ToString(CultureInfo.InvariantCulture),
            HasData ? layer.MaxAbsError.ToString("G3", CultureInfo.InvariantCulture) : "not measured",
        }));
}
