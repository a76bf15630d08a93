// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Qusp.Inference;

namespace Qusp.Tests.Inference;

/// <summary>The two models of the origin document, and the runs of their training that PyTorch and PennyLane made.</summary>
internal static class Models
{
    public static ModelDescription Basic { get; } = new()
    {
        Model = "basic",
        Layers =
        [
            new LinearDescription("classical_layer", 4, 4),
            new TanhDescription(),
            new QuantumDescription("quantum_layer", GoldenSeed.Circuit(), GuardComparison.Item),
            new LinearDescription("classical_output", 4, 2),
        ],
    };

    public static ModelDescription Advanced { get; } = new()
    {
        Model = "advanced",
        Layers =
        [
            new LinearDescription("classical_layer", 4, 4),
            new TanhDescription(),
            new SoftThresholdDescription("alpha", 0.1),
            new QuantumDescription("quantum_layer", GoldenSeed.Circuit(), GuardComparison.Tensor),
            new LinearDescription("classical_output", 4, 2),
        ],
    };

    /// <summary>A description with everything in it.</summary>
    public static ModelDescription Full { get; } = Advanced with
    {
        Standardization = new Standardization([1.5, -2, 0.1, 1 / 3.0], [1, 2, 0.5, 1e-3]),
        Features = ["a", "b", "ü", "d"],
        Classes = ["yes", "no"],
        Loss = "mse",
        Quantization = new QuantizationDescription(QuantizationScheme.PerChannelPerRow, "model.int8.safetensors"),
        Training = new JsonObject { ["device"] = "cpu", ["seed"] = 7, ["epochs"] = 50, ["nested"] = new JsonArray(1, 2.5, "x") },
    };

    public static IReadOnlyList<TrainingRun> Runs { get; } = [.. ReadRuns("basic", Basic), .. ReadRuns("advanced", Advanced)];

    /// <summary>The description and parameters in a directory.</summary>
    public static void Save(string directory, ModelDescription model, SafetensorsFile parameters)
    {
        model.Save(Path.Combine(directory, "model.json"));
        parameters.Save(Path.Combine(directory, "model.safetensors"));
    }

    private static IEnumerable<TrainingRun> ReadRuns(string name, ModelDescription model)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", $"seed_training_{name}.json")));
        foreach (var run in document.RootElement.GetProperty("runs").EnumerateArray())
        {
            var precision = run.GetProperty("dtype").GetString() == "torch.float32" ? Precision.Single : Precision.Double;
            foreach (var when in new[] { "initial", "final" })
            {
                yield return new TrainingRun(
                    $"{name}, seed {run.GetProperty("seed")}, {precision}, {when}",
                    model with { Precision = precision },
                    Parameters(run.GetProperty(when + "_parameters"), precision),
                    [.. run.Numbers("X_train")],
                    [.. run.Numbers(when + "_predictions")]);
            }
        }
    }

    private static SafetensorsFile Parameters(JsonElement parameters, Precision precision) => new(parameters.EnumerateObject().Select(parameter =>
    {
        var shape = ImmutableArray.CreateBuilder<int>();
        for (var axis = parameter.Value; axis.ValueKind == JsonValueKind.Array; axis = axis[0])
        {
            shape.Add(axis.GetArrayLength());
        }

        double[] values = parameter.Value.ValueKind == JsonValueKind.Array ? [.. parameters.Numbers(parameter.Name)] : [parameter.Value.GetDouble()];
        return precision == Precision.Double
            ? NamedTensor.Of<double>(parameter.Name, values, shape.ToImmutable())
            : NamedTensor.Of<float>(parameter.Name, [.. values.Select(value => (float)value)], shape.ToImmutable());
    }));
}

/// <summary>A network at one moment of its training, with what it predicts.</summary>
internal sealed record TrainingRun(string Name, ModelDescription Model, SafetensorsFile Parameters, double[] X, double[] Predictions);
