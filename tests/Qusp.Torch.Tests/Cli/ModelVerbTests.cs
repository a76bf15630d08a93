// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Qusp.Inference;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class ModelVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Predictions_are_in_the_order_of_the_rows_as_csv_or_json()
    {
        var model = SmallModel.Write(folder, ["no", "yes"]);
        var data = folder.Write("rows.csv", "b,a\n0.25,1\n-1,3\n2,1\n");
        var csv = CommandLineRun.Of("predict", model, "--data", data);
        Assert.Equal((0, "y0,y1,class\n0.5,0.25,no\n1.5,-1,no\n0.5,2,yes\n", ""), (csv.ExitCode, csv.Output, csv.Error));

        var json = CommandLineRun.Of("predict", model, "--data", data, "--json");
        Assert.Equal("""{"predictions":[[0.5,0.25],[1.5,-1],[0.5,2]],"classes":["no","no","yes"]}""", JsonSerializer.Serialize(json.Json));
        Assert.Equal("", json.Error);
    }

    [Fact]
    public void Classes_that_were_numbers_are_numbers_and_a_model_without_classes_has_none()
    {
        var data = folder.Write("rows.csv", "a,b,label\n1,2,?\n");
        Assert.Equal("""{"predictions":[[0.5,2]],"classes":[7]}""", JsonSerializer.Serialize(Predict(["3", "7"]).Json));
        Assert.Equal("""{"predictions":[[0.5,2]],"classes":[]}""", JsonSerializer.Serialize(Predict([]).Json));
        Assert.Equal("y0,y1\n0.5,2\n", CommandLineRun.Of("predict", folder.At("model"), "--data", data).Output);

        CommandLineRun Predict(string[] classes) => CommandLineRun.Of("predict", SmallModel.Write(folder, [.. classes]), "--data", data, "--json");
    }

    [Fact]
    public void Evaluation_gives_loss_and_accuracy_of_the_whole_set()
    {
        var data = folder.Write("rows.csv", "a,b,label\n1,0.25,no\n3,-1,yes\n1,2,yes\n");
        var mse = CommandLineRun.Of("evaluate", SmallModel.Write(folder, ["no", "yes"]), "--data", data, "--json");
        Assert.Equal((0, ""), (mse.ExitCode, mse.Error));
        Assert.Equal(3, mse.Json.GetProperty("samples").GetInt32());
        Assert.Equal(2 / 3.0, mse.Json.GetProperty("accuracy").GetDouble(), 12);
        var squares = (0.5 * 0.5) + (0.25 * 0.25) + (1.5 * 1.5) + (2 * 2) + (0.5 * 0.5) + (1 * 1);
        Assert.Equal(squares / 6, mse.Json.GetProperty("loss").GetDouble(), 12);

        var entropy = CommandLineRun.Of("evaluate", SmallModel.Write(folder, ["no", "yes"], "cross-entropy"), "--data", data, "--json");
        var expected = Math.Log(1 + Math.Exp(-0.25)) + Math.Log(1 + Math.Exp(2.5)) + Math.Log(1 + Math.Exp(-1.5));
        Assert.Equal(expected / 3, entropy.Json.GetProperty("loss").GetDouble(), 12);
        Assert.Contains("accuracy        0.6667", CommandLineRun.Of("evaluate", folder.At("model"), "--data", data).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("per-channel-per-row")]
    [InlineData("pytorch")]
    [InlineData("pytorch-reduce-range")]
    public void Quantization_is_written_beside_and_measured(string scheme)
    {
        var model = SmallModel.Write(folder, ["no", "yes"]);
        var before = File.ReadAllBytes(Path.Combine(model, ModelDescription.ParametersFileName));
        var data = folder.Write("rows.csv", "a,b,label\n1,0.25,no\n3,-1,yes\n1,2,yes\n");
        Assert.Contains("run `qusp quantize", CommandLineRun.Of("evaluate", model, "--data", data, "--int8").Error, StringComparison.Ordinal);

        var run = CommandLineRun.Of("quantize", model, "--scheme", scheme, "--data", data, "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var layer = Assert.Single(run.Json.GetProperty("layers").EnumerateArray());
        Assert.Equal(("out", scheme), (layer.GetProperty("name").GetString(), layer.GetProperty("scheme").GetString()));
        Assert.Equal(24, layer.GetProperty("bytesBefore").GetInt32());
        Assert.InRange(layer.GetProperty("maxAbsError").GetDouble(), 0, 0.02);
        Assert.Equal(2 / 3.0, run.Json.GetProperty("testAccuracyBefore").GetDouble(), 12);
        Assert.Equal(2 / 3.0, run.Json.GetProperty("testAccuracyAfter").GetDouble(), 12);
        Assert.True(File.Exists(run.Json.GetProperty("files").GetProperty("model").GetString()));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(model, ModelDescription.ParametersFileName)));

        var int8 = CommandLineRun.Of("evaluate", model, "--data", data, "--int8", "--json");
        Assert.Equal(2 / 3.0, int8.Json.GetProperty("accuracy").GetDouble(), 12);
    }

    [Fact]
    public void Quantization_without_data_says_that_nothing_was_measured()
    {
        var model = SmallModel.Write(folder, ["no", "yes"]);
        var json = CommandLineRun.Of("quantize", model, "--json").Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("layers")[0].GetProperty("maxAbsError").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("testAccuracyAfter").ValueKind);
        var text = CommandLineRun.Of("quantize", model).Output;
        Assert.StartsWith("✅ Quantization Applied!", text, StringComparison.Ordinal);
        Assert.Contains("not measured", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_model_stands_for_its_directory()
    {
        var model = SmallModel.Write(folder, ["no", "yes"]);
        var data = folder.Write("rows.csv", "a,b\n1,2\n");
        Assert.Equal(0, CommandLineRun.Of("predict", Path.Combine(model, ModelDescription.ParametersFileName), "--data", data).ExitCode);
    }

    [Fact]
    public void What_is_wrong_with_model_or_data_is_one_line_and_exit_code_2()
    {
        var model = SmallModel.Write(folder, ["no", "yes"]);
        var rows = folder.Write("rows.csv", "a,b,label\n1,2,no\n");
        Refused($"{folder.At("none")}: there is no such directory; give one that `qusp train` wrote", "predict", folder.At("none"), "--data", rows);
        Refused($"{folder.Path}: there is no model.json in this directory; give one that `qusp train` wrote", "evaluate", folder.Path, "--data", rows);
        Refused("predict:MODEL: it is missing; see `qusp predict --help`", "predict", "--data", rows);
        Refused("evaluate:--data: it is missing; name a data set or a file, see `qusp evaluate --help`", "evaluate", model);
        Refused("iris: 4 features, but the model takes 2; give the data it was made for", "predict", model, "--data", "iris");
        var unknown = folder.Write("unknown.csv", "a,b,label\n1,2,perhaps\n");
        Refused($"{unknown}:2, column label: 'perhaps' is not a class seen in training; the classes are no, yes", "evaluate", model, "--data", unknown);
        Refused("quantize:--scheme: 'int4' is not accepted; give per-channel-per-row or pytorch or pytorch-reduce-range", "quantize", model, "--scheme", "int4");

        File.Delete(Path.Combine(model, ModelDescription.ParametersFileName));
        Refused($"{Path.Combine(model, "model.safetensors")}: there is no such file; check the path", "predict", model, "--data", rows);
        File.WriteAllText(Path.Combine(model, ModelDescription.ParametersFileName), "no tensors");
        var run = CommandLineRun.Of("predict", model, "--data", rows);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Single(run.Error.TrimEnd().Split('\n'));

        static void Refused(string expected, params string[] arguments)
        {
            var run = CommandLineRun.Of(arguments);
            Assert.Equal((2, "", $"qusp: {expected}{Environment.NewLine}"), (run.ExitCode, run.Output, run.Error));
        }
    }

    public void Dispose() => folder.Dispose();
}
