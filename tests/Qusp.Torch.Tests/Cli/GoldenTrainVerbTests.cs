// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Qusp.Inference;
using Xunit;

namespace Qusp.Torch.Tests;

/// <summary>The origin document's training runs, as PyTorch and PennyLane did them, through files and the command line.</summary>
public sealed class GoldenTrainVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("basic")]
    [InlineData("advanced")]
    public void Every_loss_of_fifty_epochs_and_the_last_predictions_are_those_of_the_golden_runs(string model)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", $"seed_training_{model}.json")));
        Assert.All(document.RootElement.GetProperty("runs").EnumerateArray(), run =>
        {
            var isDouble = run.GetProperty("dtype").GetString() == "torch.float64";
            var tolerance = isDouble ? 1e-10 : 1e-5;
            var result = CommandLineRun.Of(
                "train", "--model", model, "--init", WriteParameters(run.GetProperty("initial_parameters"), isDouble), "--data", WriteSamples(run),
                "--no-standardize", "--test-fraction", "0", "--precision", isDouble ? "double" : "single", "--json", "--predictions", "--out", folder.At("model"));
            Assert.Equal(0, result.ExitCode);
            Near(Numbers(run.GetProperty("losses")), [.. result.Json.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble())], tolerance);
            Near(Numbers(run.GetProperty("final_predictions")), Numbers(result.Json.GetProperty("predictions")), tolerance);

            var saved = SafetensorsFile.Load(Path.Combine(folder.At("model"), "model.safetensors"));
            foreach (var parameter in run.GetProperty("final_parameters").EnumerateObject())
            {
                Near(Numbers(parameter.Value), saved[parameter.Name].ToDoubles(), tolerance);
            }
        });
    }

    public void Dispose() => folder.Dispose();

    private static void Near(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second - pair.First, -tolerance, tolerance));
    }

    private static double[] Numbers(JsonElement values) =>
        values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().SelectMany(Numbers)] : [values.GetDouble()];

    private string WriteSamples(JsonElement run)
    {
        var rows = run.GetProperty("X_train").EnumerateArray().Zip(run.GetProperty("y_train").EnumerateArray())
            .Select(row => string.Join(',', Numbers(row.First).Concat(Numbers(row.Second)).Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
        return folder.Write("train.csv", "x0,x1,x2,x3,y0,y1\n" + string.Join('\n', rows));
    }

    private string WriteParameters(JsonElement parameters, bool isDouble)
    {
        new SafetensorsFile(parameters.EnumerateObject().Select(parameter =>
        {
            var values = Numbers(parameter.Value);
            var shape = new List<int>();
            for (var at = parameter.Value; at.ValueKind == JsonValueKind.Array; at = at[0])
            {
                shape.Add(at.GetArrayLength());
            }

            return isDouble
                ? NamedTensor.Of<double>(parameter.Name, values, [.. shape])
                : NamedTensor.Of<float>(parameter.Name, Array.ConvertAll(values, value => (float)value), [.. shape]);
        })).Save(folder.At("init.safetensors"));
        return folder.At("init.safetensors");
    }
}
