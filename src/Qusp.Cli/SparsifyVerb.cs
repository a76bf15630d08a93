// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Inference;
using Qusp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Cli;

/// <summary><c>qusp sparsify</c>: a saved model made smaller: pruned, fine-tuned, compacted.</summary>
internal sealed class SparsifyVerb
{
    private const int FisherRows = 64;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1.5);
    private readonly Argument<string> model = ModelFolder.Argument();
    private readonly DataOptions data = new("What to fine-tune on, and to judge by.", otherwise: null);
    private readonly Option<double> testFraction = Options.Real("--test-fraction", 0.2, "The share of rows to test on, stratified by class, drawn by seed; 0 = none.", f => f is >= 0 and < 1, "give a number from 0 to below 1");
    private readonly Option<double> budget = Options.Real("--budget", null, "Two-wire gates that a sample may cost on average. A model with a gate learns it; of others the least missed gates go.", b => b >= 0, "give a number from 0");
    private readonly Option<double> rotations = Options.Real("--rotations", 0, "The share of the circuit's weights to prune.", f => f is >= 0 and <= 1, "give a number from 0 to 1");
    private readonly Option<string> score = Options.Choice("--score", "By what rotations are pruned.", Words.All<PruningScore>());
    private readonly Option<bool> redundant = Options.Flag("--redundant", "Also remove rotations that others can stand in for, by the quantum Fisher information.");
    private readonly Option<int> epochs = Options.Whole("--epochs", 30, "Passes of each fine-tuning; 0 = none.");
    private readonly Option<int> batchSize = Options.Whole("--batch-size", 0, "Samples of a step; 0 = the whole set.");
    private readonly Option<double> learningRate = Options.Real("--lr", 0.01, "Adam's learning rate.", f => f > 0, "give a number above 0");
    private readonly Option<string?> output = Options.Text("--out", "DIR", "Where to save the smaller model. [default: MODEL-sparse]");

    public static Command Create(Terminal terminal)
    {
        var verb = new SparsifyVerb();
        return Verb.Create(
            terminal,
            "sparsify",
            "Make a saved model's circuit smaller: prune to a budget, fine-tune, drop what does nothing.",
            ["qusp sparsify runs/wine --data wine --budget 2", "qusp sparsify runs/wine --data wine --rotations 0.5 --score movement --epochs 50 --out runs/small"],
            [
                verb.model, .. verb.data.Symbols, verb.testFraction, verb.budget, verb.rotations, verb.score, verb.redundant, verb.epochs, verb.batchSize, verb.learningRate, verb.output,
            ],
            verb.Run);
    }

    private int Run(Call call)
    {
        data.Required(call);
        var folder = ModelFolder.Open(call.Get(model));
        var rows = folder.Load(call, data);
        var (train, test) = rows.Split(call.Get(testFraction), call.Seed);
        var target = RunFolder.Claim(call.Get(output) ?? $"{folder.Path.TrimEnd(Path.DirectorySeparatorChar)}-sparse", call.Place(output));
        using var scope = NewDisposeScope();
        var (x, y) = train.Standardized(folder.Description.Standardization).ToTensors(folder.Description.Precision);
        var held = test?.Standardized(folder.Description.Standardization).ToTensors(folder.Description.Precision) ?? (x, y);

        var network = Checkpoint.Load(folder.Path, new QuantumLayerOptions { Seed = call.Seed });
        try
        {
            var before = State(network, folder.Loss, held);
            var start = ModelPruning.Weights(network);
            if (call.Has(budget))
            {
                ToBudget(call, folder.Loss, ref network, x, y);
            }

            if (call.Get(rotations) > 0)
            {
                // What movement is measured by: a training that prunes nothing yet, unless one was done for the budget.
                if (call.Get(score) == Words.Of(PruningScore.Movement) && !call.Has(budget))
                {
                    Tune(call, folder.Loss, network, x, y, null);
                }

                Replace(ref network, network.PruneRotations(call.Get(rotations), Words.Read<PruningScore>(call.Get(score)), start));
                Tune(call, folder.Loss, network, x, y, Held(call, network));
            }

            Replace(ref network, network.Compact());
            if (call.Get(redundant))
            {
                Replace(ref network, network.RemoveRedundant(x.narrow(0, 0, Math.Min(x.shape[0], FisherRows))));
            }

            var after = State(network, folder.Loss, held);
            var files = Checkpoint.Save(target, network, folder.Description with { Model = "custom", Layers = network.Describe().Layers });
            Tell(call, before, after, files);
            if (!call.Cancellation.IsCancellationRequested)
            {
                return CommandLine.Done;
            }

            call.Terminal.Fail($"sparsify: interrupted before the model was tuned to the end; it is in {target} as it is");
            return CommandLine.Failed;
        }
        finally
        {
            network.Dispose();
        }
    }

    private void ToBudget(Call call, Loss loss, ref HybridModel network, Tensor x, Tensor y)
    {
        if (network.modules().OfType<SparsityGate>().Any())
        {
            var gated = network;
            UsageException.Blame(call.Place(budget), () => Tune(call, loss, gated, x, y, new Budget(call.Get(budget))));
            return;
        }

        Replace(ref network, network.PruneEntanglers(call.Get(budget), x, y, loss));
        Tune(call, loss, network, x, y, null);
    }

    // A gate that met its budget holds it from the first epoch on.
    private Budget? Held(Call call, HybridModel network) => call.Has(budget) && network.modules().OfType<SparsityGate>().Any()
        ? new Budget(call.Get(budget)) { Ramp = 0, Settle = 0 }
        : null;

    private int Tune(Call call, Loss loss, HybridModel network, Tensor x, Tensor y, Budget? budget)
    {
        var report = new Trainer(network, new TrainOptions
        {
            Epochs = call.Get(epochs),
            BatchSize = call.Get(batchSize),
            LearningRate = call.Get(learningRate),
            Loss = loss,
            Seed = call.Seed,
            Budget = budget,
        }).Fit(x, y, cancellation: call.Cancellation);
        if (report.Epochs is [.., var last])
        {
            call.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"Fine-tuned {report.Epochs.Count} epochs | Loss: {last.Loss:F4} | {last.TwoQubitGatesPerSample:F2} two-wire gates a sample"));
        }

        return report.Epochs.Count;
    }

    private static void Replace(ref HybridModel network, HybridModel by)
    {
        network.Dispose();
        network = by;
    }

    private static Circumstances State(HybridModel network, Loss loss, (Tensor X, Tensor Y) held)
    {
        var trainer = new Trainer(network, new TrainOptions { Loss = loss });
        var metrics = trainer.Evaluate(held.X, held.Y);
        var best = double.PositiveInfinity;

        // Long enough that the compiler's tiers settle: what is measured first must not look slower for that.
        for (var (run, total) = (0, Stopwatch.StartNew()); run < 5 || total.Elapsed < Settled; run++)
        {
            var clock = Stopwatch.StartNew();
            trainer.Predict(held.X).Dispose();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        var circuit = network.Quantum.Circuit;
        return new Circumstances(
            metrics.Accuracy, metrics.Loss, circuit.Operations.Length, circuit.Weights, (double)metrics.Cost.Gates / metrics.Samples,
            (double)metrics.Cost.TwoQubitGates / metrics.Samples, best / metrics.Samples);
    }

    private static void Tell(Call call, Circumstances before, Circumstances after, IReadOnlyList<(string Name, string Path)> files)
    {
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonObject { ["before"] = before.ToJson(), ["after"] = after.ToJson(), ["files"] = Json.Texts([.. files]) });
            return;
        }

        call.Terminal.Table(
            ["", "accuracy", "loss", "operations", "weights", "gates a sample", "two-wire", "µs a sample"],
            [["before", .. before.Cells], ["after", .. after.Cells]]);
        call.Terminal.Facts(("saved", string.Join(", ", files.Select(file => file.Path))));
    }

    /// <summary>How a model stands.</summary>
    private sealed record Circumstances(double? Accuracy, double Loss, int Operations, int Weights, double Gates, double TwoQubit, double SecondsPerSample)
    {
        public string[] Cells =>
        [
            Accuracy?.ToString("F4", CultureInfo.InvariantCulture) ?? "none", Number(Loss, "F4"), Number(Operations, "F0"), Number(Weights, "F0"), Number(Gates, "F2"),
            Number(TwoQubit, "F2"), Number(1e6 * SecondsPerSample, "F2"),
        ];

        public JsonObject ToJson() => new()
        {
            ["accuracy"] = Json.Number(Accuracy),
            ["loss"] = Json.Number(Loss),
            ["operations"] = Operations,
            ["weights"] = Weights,
            ["gatesPerSample"] = Gates,
            ["twoQubitGatesPerSample"] = TwoQubit,
            ["secondsPerSample"] = SecondsPerSample,
        };

        private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
