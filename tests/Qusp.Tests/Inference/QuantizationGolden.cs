// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Qusp.Tests.Inference;

/// <summary>A layer of golden/quantization.json, quantized and run by PyTorch.</summary>
internal sealed record QuantizedGolden(
    string Name, int Inputs, int Outputs, float[] Weight, float[] Bias, float[] X, float[] FloatOutput, sbyte[] Codes, float Scale, IReadOnlyList<EngineGolden> Engines)
{
    public int Batch => X.Length / Inputs;

    public static IReadOnlyList<QuantizedGolden> All { get; } = Read();

    private static List<QuantizedGolden> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "quantization.json")));
        return [.. document.RootElement.GetProperty("layers").EnumerateArray().Select(layer => new QuantizedGolden(
            layer.GetProperty("name").GetString()!,
            layer.GetProperty("in_features").GetInt32(),
            layer.GetProperty("out_features").GetInt32(),
            Flat(layer.GetProperty("weight")),
            Flat(layer.GetProperty("bias")),
            Flat(layer.GetProperty("inputs")),
            Flat(layer.GetProperty("float_output")),
            [.. Flat(layer.GetProperty("weight_int8")).Select(value => (sbyte)value)],
            layer.GetProperty("weight_scale").GetSingle(),
            [.. layer.GetProperty("engines").EnumerateObject().Select(engine => new EngineGolden(
                engine.Name, Flat(engine.Value.GetProperty("batch_output")), Flat(engine.Value.GetProperty("single_row_output"))))]))];
    }

    private static float[] Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().SelectMany(Flat)] : [value.GetSingle()];
}

internal sealed record EngineGolden(string Name, float[] Batch, float[] SingleRow);
