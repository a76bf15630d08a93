#:project ../src/Qusp.Torch
#:property BringsLibTorch=true
// SPDX-License-Identifier: Apache-2.0
// The tour of the README. Run it: dotnet run samples/tour.cs
using Qusp;
using Qusp.Torch;
using TorchSharp;
using static TorchSharp.torch;

// 1. A circuit, described once. What `If` holds fires only for the samples where the guard is true.
const int n = 4;
var builder = new CircuitBuilder(wires: n);
var x = builder.Inputs(n);
var w = builder.Weights("weights", n);
for (var i = 0; i < n; i++)
{
    var wire = i;
    builder.If(x[wire] > 0.1, then => then.RY(x[wire], wire).CNOT(wire, (wire + 1) % n));
    builder.RX(w[wire], wire);
}

var circuit = builder.ExpectZ().Build();
Console.WriteLine(circuit);

// 2. Compiled for a device, it runs over batches of samples whose circuits differ, forward and backward.
using var program = new CpuDevice().Compile<double>(circuit);
double[] samples = [0.9, -0.2, 0.5, 1.4, 0.05, 0.3, -1, 0.8]; // [2, 4]
double[] weights = [0.1, 0.2, 0.3, 0.4];
double[] outputs = program.Evaluate<double>(samples, weights); // [2, 4]
var (byInputs, byWeights) = program.Jacobian<double>(samples.AsSpan(0, n), weights); // [4, 4] each
Console.WriteLine($"⟨Z0⟩ = {outputs[0]:F6}, ∂⟨Z0⟩/∂x0 = {byInputs[0, 0]:F6}, ∂⟨Z0⟩/∂w0 = {byWeights[0, 0]:F6}");
Console.WriteLine(program.Cost); // what was really executed

// 3. As a module it trains like any other layer.
random.manual_seed(1);
using var layer = new QuantumLayer(circuit, new() { Initialization = Initialization.SmallAngle(), Seed = 1 });
using var network = nn.Sequential(nn.Linear(4, n), nn.Tanh(), layer, nn.Linear(n, 3));
var (train, test) = Datasets.Load("iris").Split(testFraction: 0.2, seed: 1);
var scale = train.FitStandardization();
var (features, targets) = train.Standardized(scale).ToTensors();
var (testFeatures, testTargets) = test!.Standardized(scale).ToTensors();
var trainer = new Trainer(network, new TrainOptions { Epochs = 200, LearningRate = 0.05 });
var report = trainer.Fit(features, targets);
Console.WriteLine($"loss {report.Epochs[0].Loss:F3} → {report.Epochs[^1].Loss:F3}, test accuracy {trainer.Evaluate(testFeatures, testTargets).Accuracy:P1}");

// 4. Its classical layers to 8 bits, and what that changed.
var quantized = Quantize.Dynamic(network, sample: testFeatures); // quantized.Module is the network to use
foreach (var change in quantized.Layers)
{
    Console.WriteLine($"layer {change.Name}: {change.BytesBefore} → {change.BytesAfter} bytes, largest error {change.MaxAbsError:G2}");
}
