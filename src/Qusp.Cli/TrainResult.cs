// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary>A training run as <c>qusp train</c> tells it.</summary>
internal sealed record TrainResult
{
    public required DeviceSelection Device { get; init; }

    public required Differentiation Differentiation { get; init; }

    /// <summary><c>advanced</c> or <c>basic</c>.</summary>
    public required string Model { get; init; }

    public required int Wires { get; init; }

    /// <summary>The number of trainable numbers.</summary>
    public required long Parameters { get; init; }

    /// <summary>The sparsity gate's name; null for a model without.</summary>
    public string? Gate { get; init; }

    public Budget? Budget { get; init; }

    /// <summary>What the gate saves on the test set, or on the training set if there is none.</summary>
    public SparsityAccount? Sparsity { get; init; }

    public required Dataset TrainData { get; init; }

    public required Dataset? TestData { get; init; }

    public required TrainingReport Report { get; init; }

    public required Metrics Train { get; init; }

    public required Metrics? Test { get; init; }

    /// <summary>The training set's outputs, <c>[N, K]</c>; null if not asked for.</summary>
    public double[]? Predictions { get; init; }

    public QuantizationReport? Quantization { get; init; }

    public required double Seconds { get; init; }

    /// <summary>What was written: a name for each file, and its path.</summary>
    public required IReadOnlyList<(string Name, string Path)> Files { get; init; }

    public JsonObject ToJson()
    {
        var document = new JsonObject
        {
            ["device"] = Device.Device.Name,
            ["reason"] = Device.Reason,
            ["diff"] = Words.Of(Differentiation),
            ["model"] = Model,
            ["wires"] = Wires,
            ["parameters"] = Parameters,
            ["epochs"] = new JsonArray([.. Report.Epochs.Select(Epoch)]),
        };
        if (Predictions is not null)
        {
            document["predictions"] = Json.Rows(Predictions, TrainData.Outputs);
        }

        document["train"] = new JsonObject { ["loss"] = Json.Number(Train.Loss), ["accuracy"] = Json.Number(Train.Accuracy) };
        document["test"] = Test is null ? null : new JsonObject
        {
            ["loss"] = Json.Number(Test.Loss),
            ["accuracy"] = Json.Number(Test.Accuracy),
            ["gatesPerSample"] = (double)Test.Cost.Gates / Test.Samples,
            ["twoQubitGatesPerSample"] = (double)Test.Cost.TwoQubitGates / Test.Samples,
        };
        document["cost"] = new JsonObject
        {
            ["circuits"] = Report.Cost.Circuits,
            ["gates"] = Report.Cost.Gates,
            ["twoQubitGates"] = Report.Cost.TwoQubitGates,
            ["skippedGates"] = Report.Cost.SkippedGates,
            ["shots"] = Report.Cost.Shots,
        };
        if (Sparsity is not null)
        {
            var sparsity = Sparsity.ToJson();
            sparsity["gate"] = Gate;
            sparsity["budget"] = Budget?.Cost;
            sparsity["budgetKind"] = Budget is null ? null : Words.Of(Budget.Kind);
            document["sparsity"] = sparsity;
        }

        document["quantization"] = Quantization?.ToJson();
        document["seconds"] = Seconds;
        document["files"] = Json.Texts([.. Files]);
        return document;
    }

    private JsonNode Epoch(EpochReport epoch)
    {
        var line = new JsonObject { ["epoch"] = epoch.Epoch, ["loss"] = Json.Number(epoch.Loss) };
        if (Gate is not null)
        {
            (line["twoQubitGatesPerSample"], line["shareSkipped"]) = (epoch.TwoQubitGatesPerSample, epoch.ShareSkipped);
        }

        return line;
    }

    public void Print(Terminal terminal)
    {
        var (measured, set) = Test is { } test ? (test, "test") : (Train, "training");
        var cost = measured.Cost;
        terminal.Line();
        terminal.Facts(
            ("data", $"{TrainData}{(TestData is null ? "" : $" to train on, {TestData.Count} rows to test on")}"),
            ("model", Text($"{Model}, {Wires} wires, {Parameters} parameters; circuits on {Device.Device.Name}, differentiated by {Words.Of(Differentiation)}")),
            ("test accuracy", Test is null ? "none: no test set" : Of(Test)),
            ("train accuracy", Of(Train)),
            ("gates a sample", Text($"{Per(cost.Gates)} executed, {Per(cost.TwoQubitGates)} of them on two wires; {Per(cost.SkippedGates)} skipped ({set} set)")),
            ("whole training", Text($"{Report.Cost.Circuits:N0} circuits, {Report.Cost.Gates:N0} gates executed, {Report.Cost.SkippedGates:N0} skipped, in {Report.Seconds:F1} s")));
        if (Sparsity is not null)
        {
            var asked = Budget is null ? "" : Text($", budget {Budget.Cost:G6} {Words.Of(Budget.Kind)}{(Budget.Quantile is null ? "" : " at p95")}");
            terminal.Facts(("sparsity", Text($"{Gate}{asked}: {Sparsity}")));
        }

        if (Quantization is { } quantization)
        {
            if (quantization.AccuracyBefore is { } before && quantization.AccuracyAfter is { } after)
            {
                terminal.Facts(("int8 accuracy", Text($"{after:F4} on the test set ({before:F4} before)")));
            }

            quantization.Print(terminal);
        }

        terminal.Facts(("saved", string.Join(", ", Files.Select(file => file.Path))));

        string Per(long gates) => ((double)gates / measured.Samples).ToString("F2", CultureInfo.InvariantCulture);
        static string Of(Metrics metrics) => metrics.Accuracy is { } accuracy ? Text($"{accuracy:F4} (loss {metrics.Loss:F4})") : Text($"none: the targets are real numbers (loss {metrics.Loss:F4})");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
