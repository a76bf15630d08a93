// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class TrainVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Json_is_the_whole_of_standard_output_and_has_every_field_of_the_contract()
    {
        var run = Train("--epochs", "12", "--json", "--predictions");
        Assert.Equal(0, run.ExitCode);
        var json = run.Json;
        Assert.Equal(
            ["device", "reason", "diff", "model", "wires", "parameters", "epochs", "predictions", "train", "test", "cost", "quantization", "seconds", "files"],
            json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("cpu", "adjoint", "advanced"), (Text(json, "device"), Text(json, "diff"), Text(json, "model")));
        Assert.Contains("gpu passed over", Text(json, "reason"), StringComparison.Ordinal);
        Assert.Equal((4, 36), (json.GetProperty("wires").GetInt32(), json.GetProperty("parameters").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 12), json.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.All(json.GetProperty("epochs").EnumerateArray(), epoch => Assert.InRange(epoch.GetProperty("loss").GetDouble(), 0.01, 2));
        Assert.Equal((120, 3), (json.GetProperty("predictions").GetArrayLength(), json.GetProperty("predictions")[0].GetArrayLength()));
        Assert.InRange(json.GetProperty("train").GetProperty("accuracy").GetDouble(), 0, 1);

        var test = json.GetProperty("test");
        Assert.Equal(["loss", "accuracy", "gatesPerSample", "twoQubitGatesPerSample"], test.EnumerateObject().Select(field => field.Name));
        Assert.InRange(test.GetProperty("gatesPerSample").GetDouble(), 0, 8);
        Assert.Equal(test.GetProperty("gatesPerSample").GetDouble() / 2, test.GetProperty("twoQubitGatesPerSample").GetDouble(), 12);

        var cost = json.GetProperty("cost");
        Assert.Equal(["circuits", "gates", "twoQubitGates", "skippedGates", "shots"], cost.EnumerateObject().Select(field => field.Name));
        Assert.Equal(0, cost.GetProperty("shots").GetInt64());
        Assert.Equal(8 * cost.GetProperty("circuits").GetInt64(), cost.GetProperty("gates").GetInt64() + cost.GetProperty("skippedGates").GetInt64());

        var quantization = json.GetProperty("quantization");
        Assert.Equal(["classical_layer", "classical_output"], quantization.GetProperty("layers").EnumerateArray().Select(layer => Text(layer, "name")));
        Assert.All(quantization.GetProperty("layers").EnumerateArray(), layer => Assert.InRange(layer.GetProperty("maxAbsError").GetDouble(), 1e-9, 0.1));
        Assert.Equal(test.GetProperty("accuracy").GetDouble(), quantization.GetProperty("testAccuracyBefore").GetDouble());
        Assert.All(json.GetProperty("files").EnumerateObject(), file => Assert.True(File.Exists(file.Value.GetString()), file.Name));
    }

    [Fact]
    public void People_see_the_lines_of_the_origin_document_and_a_summary()
    {
        var run = Train("--epochs", "21");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(
            """
            ^⚠️ gpu passed over: [^\n]+
            ✅ Running on cpu backend\.
            Epoch 0 \| Loss: 0\.\d{4}
            Epoch 10 \| Loss: 0\.\d{4}
            Epoch 20 \| Loss: 0\.\d{4}
            ✅ Training Complete!
            ✅ Quantization Applied!

            data .*120 rows.*30 rows to test on
            model .*advanced, 4 wires, 36 parameters
            """.ReplaceLineEndings("\n").Replace("parameters", "parameters[^\n]*\ntest accuracy +[01]\\.\\d{4}", StringComparison.Ordinal),
            run.Output.ReplaceLineEndings("\n"));
        Assert.Contains("skipped", run.Output, StringComparison.Ordinal);
        Assert.Contains(folder.At("model"), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void With_json_people_read_on_standard_error()
    {
        var run = Train("--epochs", "1", "--json");
        Assert.Contains("✅ Running on cpu backend.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Epoch 0 | Loss: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_seed_decides_everything()
    {
        Assert.Equal(Losses(Train("--seed", "5", "--batch-size", "16", "--epochs", "3", "--json")), Losses(Train("--seed", "5", "--batch-size", "16", "--epochs", "3", "--json")));
        Assert.NotEqual(Losses(Train("--seed", "5", "--epochs", "1", "--json")), Losses(Train("--seed", "6", "--epochs", "1", "--json")));
    }

    [Fact]
    public void A_saved_model_does_as_it_did_in_training()
    {
        var data = folder.Write("train.csv", "a,b,kind\n0,0,left\n1,0.5,right\n0.1,1,left\n0.9,0.2,right\n");
        var test = folder.Write("test.csv", "b,a,kind\n0.3,0.2,left\n0.3,0.8,right\n0.7,0.6,left\n");
        var trained = CommandLineRun.Of("train", "--data", data, "--test", test, "--loss", "cross-entropy", "--epochs", "30", "--lr", "0.05", "--out", folder.At("model"), "--json");
        Assert.Equal(0, trained.ExitCode);
        var evaluated = CommandLineRun.Of("evaluate", folder.At("model"), "--data", test, "--json");
        foreach (var field in (string[])["loss", "accuracy"])
        {
            Assert.Equal(trained.Json.GetProperty("test").GetProperty(field).GetDouble(), evaluated.Json.GetProperty(field).GetDouble(), 6);
        }

        var predicted = CommandLineRun.Of("predict", folder.At("model"), "--data", test, "--json").Json;
        Assert.All(predicted.GetProperty("classes").EnumerateArray(), name => Assert.Contains(name.GetString(), new[] { "left", "right" }));
        var int8 = CommandLineRun.Of("evaluate", folder.At("model"), "--data", test, "--int8", "--json");
        Assert.Equal(trained.Json.GetProperty("quantization").GetProperty("testAccuracyAfter").GetDouble(), int8.Json.GetProperty("accuracy").GetDouble());
        Assert.StartsWith("epoch,loss\n0,", File.ReadAllText(Path.Combine(folder.At("model"), "history.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_or_left_of_a_quantization_that_was_not_asked_for()
    {
        Train("--epochs", "1");
        var int8 = Path.Combine(folder.At("model"), "model.int8.safetensors");
        Assert.True(File.Exists(int8));
        var run = Train("--epochs", "1", "--no-quantize");
        Assert.DoesNotContain("Quantization", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(int8));
        Assert.Equal(JsonValueKind.Null, Train("--epochs", "1", "--no-quantize", "--json").Json.GetProperty("quantization").ValueKind);
    }

    [Fact]
    public void Interrupted_it_saves_the_model_so_far()
    {
        using var interruption = new CancellationTokenSource();
        using var output = new WriterThatInterrupts(interruption, "Epoch 20 |");
        using var error = new StringWriter();
        var terminal = new Cli.Terminal(output, error, outputIsTerminal: false, errorIsTerminal: false);
        var code = Cli.CommandLine.Run(["train", "--epochs", "1000000", "--out", folder.At("model")], terminal, interruption.Token);
        Assert.Equal(1, code);
        Assert.Equal($"qusp: train: interrupted after 21 of 1000000 epochs; the model so far is in {folder.At("model")}{Environment.NewLine}", error.ToString());
        Assert.DoesNotContain("Complete", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(21, File.ReadAllLines(Path.Combine(folder.At("model"), "history.csv")).Length - 1);
        Assert.Equal(0, CommandLineRun.Of("evaluate", folder.At("model"), "--data", "iris").ExitCode);
    }

    [Fact]
    public void A_loss_beyond_all_numbers_is_told_and_the_model_before_it_is_kept()
    {
        var run = Train("--epochs", "50", "--lr", "1e30", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("qusp: train:--lr: the loss grew beyond all numbers after ", run.Error, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("quantization").ValueKind);
        Assert.True(File.Exists(Path.Combine(folder.At("model"), "model.safetensors")));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_before_training()
    {
        var file = folder.Write("file", "");
        var run = CommandLineRun.Of("train", "--epochs", "1", "--out", Path.Combine(file, "model"));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"qusp: train:--out: nothing can be written to {Path.Combine(file, "model")} (", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"; name a directory of your own{Environment.NewLine}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_do_not_fit_are_named_and_nothing_is_written()
    {
        Train("--model", "basic", "--epochs", "0");
        var basic = Path.Combine(folder.At("model"), "model.safetensors");
        Refused($"{basic}:alpha is missing; give a file of the same model and sizes", "--init", basic);
        Refused($"{folder.At("none")}: there is no such file; check the path", "--init", folder.At("none"));
        var broken = folder.Write("broken.safetensors", File.ReadAllBytes(basic)[..100]);
        Refused($"{broken}:header: ", "--init", broken);
        Assert.Contains("should be floats [5, 4]", CommandLineRun.Of("train", "--model", "basic", "--wires", "5", "--init", basic, "--out", folder.At("other")).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("other")));

        void Refused(string expected, params string[] arguments)
        {
            var run = CommandLineRun.Of(["train", "--out", folder.At("other"), .. arguments]);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.StartsWith($"qusp: {expected}", run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public void An_idx_pair_trains()
    {
        var images = folder.Write("i.gz", [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 255, 255, 0, 10, 240, 250, 5], gzip: true);
        var labels = folder.Write("l", [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]);
        var json = Train("--data", $"{images},{labels}", "--epochs", "60", "--lr", "0.1", "--batch-size", "2", "--test-fraction", "0", "--json").Json;
        Assert.Equal(1, json.GetProperty("train").GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public void Real_targets_have_a_loss_and_no_accuracy()
    {
        var json = Train("--data", "origin", "--test-fraction", "0", "--no-standardize", "--epochs", "3", "--json").Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("train").GetProperty("accuracy").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("test").ValueKind);
        Assert.Contains("none: no test set", Train("--data", "origin", "--test-fraction", "0", "--epochs", "3").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sampled_device_counts_its_shots_and_takes_its_own_method()
    {
        var json = Train("--data", "origin", "--device", "lightning.gpu,qiskit.aer", "--shots", "100", "--epochs", "2", "--json").Json;
        Assert.Equal(("sampler", "parameter-shift"), (Text(json, "device"), Text(json, "diff")));
        Assert.Contains("lightning.gpu passed over", Text(json, "reason"), StringComparison.Ordinal);
        Assert.Equal(100 * json.GetProperty("cost").GetProperty("circuits").GetInt64(), json.GetProperty("cost").GetProperty("shots").GetInt64());
    }

    [Theory]
    [InlineData("moons")]
    [InlineData("wine")]
    [InlineData("breast-cancer")]
    public void Other_sets_and_sizes_train(string data) =>
        Assert.Equal(0, Train("--data", data, "--epochs", "2", "--wires", "3", "--model", "basic", "--precision", "double", "--circuit-precision", "single").ExitCode);

    public void Dispose() => folder.Dispose();

    private static string? Text(JsonElement json, string field) => json.GetProperty(field).GetString();

    private static double[] Losses(CommandLineRun run) => [.. run.Json.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble())];

    private CommandLineRun Train(params string[] arguments) => CommandLineRun.Of(["train", "--out", folder.At("model"), .. arguments]);

    /// <summary>Presses Ctrl-C when it sees a text.</summary>
    private sealed class WriterThatInterrupts(CancellationTokenSource interruption, string trigger) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (value?.Contains(trigger, StringComparison.Ordinal) == true)
            {
                interruption.Cancel();
            }
        }
    }
}
