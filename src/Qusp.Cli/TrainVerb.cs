// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Qusp.Inference;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>qusp train</c>: trains, evaluates, quantizes, saves.</summary>
internal sealed class TrainVerb
{
    private readonly DataOptions data = new("What to train on.", otherwise: "iris");
    private readonly DeviceOptions devices = new();
    private readonly Option<string?> test = Options.Text("--test", "NAME|FILE", "Data to test on, in place of a part of --data.");
    private readonly Option<double> testFraction = Options.Real("--test-fraction", 0.2, "The share of rows to test on, stratified by class, drawn by seed; 0 = none.", f => f is >= 0 and < 1, "give a number from 0 to below 1");
    private readonly Option<string> model = Options.Choice("--model", "One of the origin document's two networks, or the sparse one, which --gate is for.", [.. HybridModels.Kinds]);
    private readonly Option<int> wires = Options.Whole("--wires", 4, "Wires of the circuit.", least: 1, most: Circuit.MaxWires);
    private readonly Option<int> layers = Options.Whole("--layers", 0, "Trainable layers of the circuit: behind the encoding; of the sparse model, layers that encode anew (at least 1).");
    private readonly GateOptions gates = new();
    private readonly Option<string?> init = Options.Text("--init", "FILE.safetensors", "Parameters to start from, under the names of PyTorch's state_dict; every one present.");
    private readonly Option<int> epochs = Options.Whole("--epochs", 50, "Passes over the training set.");
    private readonly Option<int> batchSize = Options.Whole("--batch-size", 0, "Samples of a step; 0 = the whole set.");
    private readonly Option<double> learningRate = Options.Real("--lr", 0.01, "Adam's learning rate.", f => f > 0, "give a number above 0");
    private readonly Option<string> loss = Options.Choice("--loss", "What is minimized; mse on one-hot targets.", Words.All<Loss>());
    private readonly Option<string> precision = Options.Choice("--precision", "Precision of the network.", Words.All<Precision>());
    private readonly Option<string> circuitPrecision = Options.Choice("--circuit-precision", "Precision of the circuits.", ["double", "single"]);
    private readonly Option<bool> noQuantize = Options.Flag("--no-quantize", "Do not quantize the trained model.");
    private readonly Option<bool> noStandardize = Options.Flag("--no-standardize", "Take the features as they are.");
    private readonly Option<bool> predictions = Options.Flag("--predictions", "Add the training set's outputs, in the order of the rows, to --json.");
    private readonly Option<string?> output = Options.Text("--out", "DIR", "Where to save the model. [default: runs/<time>]");

    public static Command Create(Terminal terminal)
    {
        var verb = new TrainVerb();
        return Verb.Create(
            terminal,
            "train",
            "Train a hybrid sparse network, evaluate it, quantize it, save it; Ctrl-C saves the model so far.",
            [
                "qusp train",
                "qusp train --data wine --wires 6 --batch-size 16 --lr 0.05 --loss cross-entropy --out runs/wine",
                "qusp train --data breast-cancer --wires 8 --gate straight-through --budget 2.0",
                "qusp train --data samples.csv --label species --device lightning.gpu,lightning.qubit --json > report.json",
            ],
            [
                .. verb.data.Symbols, verb.test, verb.testFraction, verb.model, verb.wires, verb.layers, .. verb.gates.Symbols, verb.init, verb.epochs, verb.batchSize, verb.learningRate,
                verb.loss, .. verb.devices.Symbols, verb.precision, verb.circuitPrecision, verb.noQuantize, verb.noStandardize, verb.predictions, verb.output,
            ],
            verb.Run);
    }

    private int Run(Call call)
    {
        var clock = Stopwatch.StartNew();
        Check(call);
        var preference = devices.Preference(call);
        var (train, held, standardization) = Samples(call);
        if (call.Get(devices.Threads) is > 0 and var threads)
        {
            TorchSharp.torch.set_num_threads(Math.Min(threads, Environment.ProcessorCount)); // libtorch would make them all
        }

        using var network = Network(call, train, preference);
        if (call.Get(init) is { } parameters)
        {
            Checkpoint.LoadState(network, parameters);
        }

        var folder = RunFolder.Claim(call.Get(output), call.Place(output));
        TellDevice(call.Terminal, network.Quantum.Selection);

        using var scope = TorchSharp.torch.NewDisposeScope();
        var trainer = new Trainer(network, new TrainOptions
        {
            Epochs = call.Get(epochs),
            BatchSize = call.Get(batchSize),
            LearningRate = call.Get(learningRate),
            Loss = Words.Read<Loss>(call.Get(loss)),
            Seed = call.Seed,
            Budget = gates.Of(call),
        });
        var (x, y) = Tensors(train, standardization, call);
        var gated = gates.Rule(call) is not null;
        TrainingReport Train() => EpochLines.Of(
            call.Terminal, call.Get(epochs), gated, told => trainer.Fit(x, y, progress: told, cancellation: call.Cancellation));
        var report = gates.Of(call) is null ? Train() : UsageException.Blame(call.Place(gates.Budget), Train);
        var complete = report.End is TrainingEnd.Completed or TrainingEnd.Stalled;

        // Saved first: what follows only measures.
        var files = Checkpoint.Save(folder, network, Description(call, network, train, standardization, report), report).ToList();
        if (complete)
        {
            call.Terminal.Line("✅ Training Complete!");
        }

        var quantization = !complete || call.Get(noQuantize) ? null : QuantizeVerb.Quantize(ModelFolder.Open(folder), default, train, held, call, devices);
        if (quantization is not null)
        {
            call.Terminal.Line("✅ Quantization Applied!");
            files.Add(("int8", Path.Combine(folder, ModelDescription.QuantizedFileName)));
        }

        var measured = held is null ? x : Tensors(held, standardization, call).X;
        var result = new TrainResult
        {
            Gate = gated ? call.Get(gates.Gate) : null,
            Budget = gates.Of(call),
            Sparsity = SparsityAccount.Of(network, trainer, measured),
            Device = network.Quantum.Selection,
            Differentiation = network.Quantum.Differentiation,
            Model = network.Kind,
            Wires = call.Get(wires),
            Parameters = network.parameters().Sum(parameter => parameter.numel()),
            TrainData = train,
            TestData = held,
            Report = report,
            Train = trainer.Evaluate(x, y),
            Test = held is null ? null : Measure(trainer, Tensors(held, standardization, call)),
            Predictions = call.Get(predictions) ? trainer.Predict(x).to(TorchSharp.torch.ScalarType.Float64).data<double>().ToArray() : null,
            Quantization = quantization,
            Seconds = clock.Elapsed.TotalSeconds,
            Files = files,
        };
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(result.ToJson());
        }
        else
        {
            result.Print(call.Terminal);
        }

        if (complete)
        {
            return CommandLine.Done;
        }

        var progress = $"after {report.Epochs.Count} of {call.Get(epochs)} epochs; the model so far is in {folder}";
        call.Terminal.Fail(report.End == TrainingEnd.Diverged
            ? $"{call.Place(learningRate)}: the loss grew beyond all numbers {progress}, try a smaller rate"
            : $"train: interrupted {progress}");
        return CommandLine.Failed;
    }

    private static Metrics Measure(Trainer trainer, (TorchSharp.torch.Tensor X, TorchSharp.torch.Tensor Y) set) => trainer.Evaluate(set.X, set.Y);

    private (TorchSharp.torch.Tensor X, TorchSharp.torch.Tensor Y) Tensors(Dataset rows, Standardization? standardization, Call call) =>
        rows.Standardized(standardization).ToTensors(Words.Read<Precision>(call.Get(precision)));

    private ModelDescription Description(Call call, HybridModel network, Dataset train, Standardization? standardization, TrainingReport report) => network.Describe() with
    {
        Standardization = standardization,
        Features = train.FeatureNames,
        Classes = train.ClassNames,
        Loss = call.Get(loss),
        Training = new JsonObject
        {
            ["data"] = call.Get(data.Data),
            ["rows"] = train.Count,
            ["seed"] = call.Seed,
            ["epochs"] = report.Epochs.Count,
            ["batchSize"] = call.Get(batchSize),
            ["learningRate"] = call.Get(learningRate),
            ["device"] = network.Quantum.DeviceName,
            ["diff"] = Words.Of(network.Quantum.Differentiation),
            ["finalLoss"] = report.Epochs is [.., var last] ? Json.Number(last.Loss) : null,
        },
    };

    // What contradicts itself is refused before anything is read.
    private void Check(Call call)
    {
        gates.Check(call, model);
        if (call.Has(test) && call.Has(testFraction))
        {
            throw new UsageException(call.Place(testFraction), "--test names the test set already; leave one of the two out");
        }

        if (call.Has(predictions) && !call.Terminal.IsJson)
        {
            throw new UsageException(call.Place(predictions), "predictions are a part of the JSON document; add --json");
        }
    }

    private (Dataset Train, Dataset? Test, Standardization? Standardization) Samples(Call call)
    {
        var all = data.Load(call);
        if (all.Labels is null && call.Get(loss) == Words.Of(Loss.CrossEntropy))
        {
            throw new UsageException(call.Place(loss), $"{all.Name} has real targets, cross-entropy needs classes; use mse, or name the class column with --label");
        }

        var (train, held) = call.Get(test) is { } other
            ? (all, SameShape(call, all, data.Load(call, other, all.ClassNames)))
            : UsageException.Blame(call.Place(testFraction), () => all.Split(call.Get(testFraction), call.Seed));
        if (call.Get(noStandardize))
        {
            return (train, held, null);
        }

        return (train, held, train.FitStandardization());
    }

    private Dataset SameShape(Call call, Dataset train, Dataset held) => held.FeatureCount == train.FeatureCount && held.Outputs == train.Outputs && held.Labels is null == train.Labels is null
        ? held.WithFeaturesOf(train.FeatureNames)
        : throw new UsageException(
            call.Place(test),
            $"{held.Name} has {held.FeatureCount} features and {held.Outputs} outputs, {train.Name} {train.FeatureCount} and {train.Outputs}; give data of the same columns");

    private HybridModel Network(Call call, Dataset train, string preference) => UsageException.Blame(call.Place(wires), () => HybridModels.Create(gates.Rule(call) is null ? call.Get(model) : HybridModels.Sparse, gates.With(call, new HybridOptions
    {
        Features = train.FeatureCount,
        Wires = call.Get(wires),
        Layers = call.Get(layers),
        Outputs = train.Outputs,
        Precision = Words.Read<Precision>(call.Get(precision)),
        CircuitPrecision = Words.Read<Precision>(call.Get(circuitPrecision)),
        Device = preference,
        Differentiation = devices.Method(call),
        Shots = call.Get(devices.Shots),
        Threads = call.Get(devices.Threads),
        Seed = call.Seed,
    })));

    private static void TellDevice(Terminal terminal, DeviceSelection selection)
    {
        foreach (var (name, reason) in selection.PassedOver)
        {
            terminal.Line($"⚠️ {name} passed over: {reason}.");
        }

        terminal.Line($"✅ Running on {selection.Device.Name} backend.");
    }
}
