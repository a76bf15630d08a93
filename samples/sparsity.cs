#:project ../src/Qusp.Torch
#:property BringsLibTorch=true
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/sparsity.md. Run it: dotnet run samples/sparsity.cs
using Qusp;
using Qusp.Inference;
using Qusp.Torch;

var (train, test) = Datasets.Load("breast-cancer").Split(testFraction: 0.2, seed: 1);
var scale = train.FitStandardization();
var (x, y) = train.Standardized(scale).ToTensors();
var (testX, testY) = test!.Standardized(scale).ToTensors();

// A network whose gate learns which of 8 wires a sample needs, trained to run 2 two-wire gates a sample on average.
using var model = new SparseQuantumNN(new() { Features = 30, Wires = 8, Gate = SparsityRule.StraightThrough, Seed = 1 });
var trainer = new Trainer(model, new() { Epochs = 40, BatchSize = 64, LearningRate = 0.05, Loss = Loss.CrossEntropy, Budget = new Budget(2) });
var report = trainer.Fit(x, y);
var metrics = trainer.Evaluate(testX, testY);
Console.WriteLine($"accuracy {metrics.Accuracy:P1}, {(double)metrics.Cost.TwoQubitGates / metrics.Samples:F2} two-wire gates a sample of 8");
Console.WriteLine($"the whole training: {report.Cost}"); // the ledger: what was really executed

// A gate by itself: features in, gated features out; with guards |x| > 0 the circuit behind does without the rest.
using var gate = SparsityGates.Create("hard-concrete", wires: 4, options: new() { Threshold = 0.2, Sharpness = new Schedule(10, 40) });
gate.eval();
using var gated = gate.call(TorchSharp.torch.tensor(new[] { 0.9f, -0.05f, 0.4f, -0.7f }).reshape(1, 4));
Console.WriteLine(string.Join(" ", gated.data<float>().ToArray().Select(value => $"{value:F3}")));

// What a pattern of guards costs, and what each guard adds to it.
var cost = new PatternCost(SparseCircuit.Build(wires: 4), CostKind.Depth);
var differences = new double[4];
Console.WriteLine($"depth {cost.Of([true, false, true, false], differences)}, by wire {string.Join(" ", differences)}");

// The circuit itself made smaller: near-identity rotations go, fine-tuning repairs, and what does nothing is dropped.
using var pruned = model.PruneRotations(share: 0.25);
new Trainer(pruned, new() { Epochs = 20, BatchSize = 64, LearningRate = 0.02, Loss = Loss.CrossEntropy, Budget = new Budget(2) { Ramp = 0, Settle = 0 } }).Fit(x, y);
using var small = pruned.Compact();
Console.WriteLine($"{model.Quantum.Circuit.Operations.Length} operations before, {small.Quantum.Circuit.Operations.Length} after");
