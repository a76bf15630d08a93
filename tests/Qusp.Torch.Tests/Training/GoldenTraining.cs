// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

/// <summary>A training run of the origin document's scripts, as PyTorch and PennyLane did it.</summary>
internal sealed record GoldenTraining(int Seed, Precision Precision, JsonElement Run)
{
    public ScalarType Dtype => Precision.ToScalarType();

    public Tensor X => Matrix(Run.GetProperty("X_train"));

    public Tensor Y => Matrix(Run.GetProperty("y_train"));

    public Dictionary<string, Tensor> InitialParameters => Named("initial_parameters");

    public Tensor FinalPredictions => Matrix(Run.GetProperty("final_predictions"));

    public double[] Losses => [.. Run.GetProperty("losses").EnumerateArray().Select(value => value.GetDouble())];

    public int[] GatesFired => [.. Run.GetProperty("gates_fired_of_40").EnumerateArray().Select(value => value.GetInt32())];

    public static IReadOnlyList<GoldenTraining> Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", file)));
        return [.. document.RootElement.GetProperty("runs").EnumerateArray().Select(run => new GoldenTraining(
            run.GetProperty("seed").GetInt32(),
            run.GetProperty("dtype").GetString() == "torch.float32" ? Precision.Single : Precision.Double,
            run.Clone()))];
    }

    public Dictionary<string, Tensor> Named(string property) => Run.GetProperty(property).EnumerateObject().ToDictionary(entry => entry.Name, entry => Matrix(entry.Value));

    private Tensor Matrix(JsonElement values)
    {
        var shape = new List<long>();
        for (var at = values; at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            shape.Add(at.GetArrayLength());
        }

        return tensor(Flatten(values).ToArray(), dtype: ScalarType.Float64).reshape([.. shape]).to(Dtype);
    }

    private static IEnumerable<double> Flatten(JsonElement values) =>
        values.ValueKind == JsonValueKind.Array ? values.EnumerateArray().SelectMany(Flatten) : [values.GetDouble()];
}
