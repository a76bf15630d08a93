#:project ../src/Qusp.Torch
#:property BringsLibTorch=true
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/define-by-run.md. Run them: dotnet run samples/define-by-run.cs
using Qusp;
using Qusp.Torch;
using TorchSharp;
using static TorchSharp.torch;

// The frame: what all samples have in common.
var frame = new CircuitBuilder(wires: 3);
frame.Inputs(3);
var w = frame.Weights("weights", 3);
frame.ExpectZ();

// What differs: written for each sample by ordinary C#.
var device = new DefineByRun(new CpuDevice(), (circuit, x, weights) =>
{
    var sum = x[0] + x[1] + x[2];
    for (var turn = 0; turn < 3 && sum > 0.5 * turn; turn++) // deeper for larger samples
    {
        for (var i = 0; i < 3; i++)
        {
            if (x[i] > x[(i + 1) % 3]) // two inputs compared: no guard says that
            {
                circuit.RY(x[i] * weights[i], i).CNOT(i, (i + 1) % 3);
            }
        }
    }

    circuit.RX(w[0], 0); // a weight of the frame, as anywhere else
});

using var program = device.Compile<double>(frame.Build());
double[] samples = [0.9, 0.1, 0.4, -0.2, -0.3, 0.1, 0.5, 0.8, 0.6];
Console.WriteLine(string.Join(' ', program.Evaluate<double>(samples, [0.3, 0.6, 0.9]).Select(z => $"{z:F4}")));
var (byInputs, byWeights) = program.Jacobian<double>(samples.AsSpan(0, 3), [0.3, 0.6, 0.9]);
Console.WriteLine($"∂⟨Z0⟩/∂x0 = {byInputs[0, 0]:F6}, ∂⟨Z0⟩/∂w0 = {byWeights[0, 0]:F6}");
Console.WriteLine(program.Cost);

// In a network it is the layer's device.
random.manual_seed(1);
using var layer = new QuantumLayer(frame.Build(), new() { CustomDevice = device });
using var network = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), layer, nn.Linear(3, 3));
var data = Datasets.Load("iris");
var (features, targets) = data.Standardized(data.FitStandardization()).ToTensors();
var report = new Trainer(network, new TrainOptions { Epochs = 20, LearningRate = 0.05 }).Fit(features, targets);
Console.WriteLine($"loss {report.Epochs[0].Loss:F3} → {report.Epochs[^1].Loss:F3}");
