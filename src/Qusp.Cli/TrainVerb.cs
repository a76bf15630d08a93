// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>qusp train</c>: trains, evaluates, quantizes, saves.</summary>
internal sealed class TrainVerb
{
    private readonly DataOptions data = new("What to train on.", otherwise: "iris");
    private readonly DeviceOptions devices = new();
    private readonly Option<string?> test = Options.Text("--test", "NAME|FILE", "Data to test on, in place of a part of --data.");
    private readonly Option<double> testFraction = Options.Real("--test-fraction", 0.2, "The share of rows to test on, stratified by class, drawn by seed; 0 = none.", f => f is >= 0 and < 1, "give a number from 0 to below 1");
    private readonly Option<string> model = Options.Choice("--model", "Which of the origin document's two networks.", [.. HybridModels.Kinds]);
    private readonly Option<int> wires = Options.Whole("--wires", 4, "Wires of the circuit.", least: 1);
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
            "Train a hybrid sparse network, evaluate it, quantize it, save it. Interrupted (Ctrl-C), it saves the model so far and exits with 1.",
            [
                "qusp train",
                "qusp train --data wine --wires 6 --batch-size 16 --lr 0.05 --loss cross-entropy --out runs/wine",
                "qusp train --data samples.csv --label species --device lightning.gpu,lightning.qubit --json > report.json",
            ],
            [
                .. verb.data.Symbols, verb.test, verb.testFraction, verb.model, verb.wires, verb.init, verb.epochs, verb.batchSize, verb.learningRate,
                verb.loss, .. verb.devices.Symbols, verb.precision, verb.circuitPrecision, verb.noQuantize, verb.noStandardize, verb.predictions, verb.output,
            ],
            verb.Run);
    }
}
