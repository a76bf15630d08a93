#:project ../src/Qusp.Torch
#:property BringsLibTorch=true
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/gradients.md. Run them: dotnet run samples/gradients.cs
using Qusp;
using Qusp.Torch;
using TorchSharp;
using static TorchSharp.torch;

// A circuit with an input, weights, and a guard; one energy.
var builder = new CircuitBuilder(wires: 3);
var x = builder.Inputs(1);
var w = builder.Weights("w", 4);
var circuit = builder.RY(x[0], 0).CRX(w[0], 0, 1).Rot(w[1], w[2], 0.3, 2).CNOT(1, 2).If(x[0] > 0.5, then => then.SingleExcitation(w[3], 0, 2))
    .Expect(PauliSum.Parse("Z0*Z1+0.5*X2")).Build();
double[] sample = [0.8], weights = [0.1, 0.2, 0.3, 0.4];

// The same gradient by each method.
var device = new CpuDevice();
foreach (var method in device.Differentiations)
{
    using var program = device.Compile<double>(circuit, new ProgramOptions { Differentiation = method, SpsaDirections = 2000 });
    var (byInputs, byWeights) = program.Jacobian<double>(sample, weights, new Draw(Seed: 1));
    Console.WriteLine($"{method,-18} ∂E/∂x = {byInputs[0, 0],9:F6}   ∂E/∂w = {string.Join(" ", byWeights.Cast<double>().Select(slope => $"{slope,9:F6}"))}   circuits: {program.Cost.Circuits}");
}

// Second derivatives: the matrix, and its product with a vector. Variables are the inputs, then the weights.
using var hessian = new Hessian<double>(device, circuit);
double[,] matrix = hessian.Evaluate(sample, weights, cotangents: [1]);
double[] product = hessian.Product(sample, weights, cotangents: [1], vector: [0, 1, 0, 0, 0]);
Console.WriteLine($"∂²E/∂w0² = {matrix[1, 1]:F6} = {product[1]:F6}");

// The quantum Fisher information of the weights; PennyLane's metric tensor is a quarter of it.
using var fisher = new QuantumFisher(device, circuit);
double[,] information = fisher.Evaluate(batch: 1, sample, weights);
double[,] byOverlaps = QuantumFisher.ByOverlaps(device, circuit, sample, weights); // from evaluations alone
Console.WriteLine($"F00 = {information[0, 0]:F6} = {byOverlaps[0, 0]:F6}");

// Rotosolve: each weight in turn to its best value, without a learning rate.
using var rotosolve = new Rotosolve(device, circuit);
double[] best = [.. weights];
for (var sweep = 0; sweep < 5; sweep++)
{
    Console.WriteLine($"E = {rotosolve.Step(best, inputs: sample):F6}");
}

// SPSA, where values come from shots: two a step, whatever the number of weights. Natural steps are turned by an estimated metric.
using var spsa = new Spsa(new SamplerDevice(), circuit, new SpsaOptions { Natural = true, Stability = 10 }, new ProgramOptions { Shots = 500 });
double[] found = [.. weights];
for (var step = 0; step < 100; step++)
{
    _ = spsa.Step(found, inputs: sample, draw: new Draw(Seed: 1));
}

using var energy = device.Compile<double>(circuit);
Console.WriteLine($"by SPSA: E = {energy.Evaluate<double>(sample, found)[0]:F3}");

// The natural gradient, for a quantum layer's weights inside of a hybrid model; Adam has the rest.
random.manual_seed(1);
using var layer = new QuantumLayer(circuit, new() { Seed = 1 });
using var linear = nn.Linear(2, 1);
using var model = nn.Sequential(linear, layer);
using var natural = new QuantumNaturalGradient(layer, new() { LearningRate = 0.1, Damping = 0.01 });
using var adam = optim.Adam(linear.parameters(), 0.01);
var (features, targets) = (rand(16, 2), rand(16, 1));
for (var step = 0; step < 10; step++)
{
    adam.zero_grad();
    natural.ZeroGrad();
    using var loss = nn.functional.mse_loss(model.call(features), targets);
    loss.backward();
    natural.Step();
    adam.step();
    Console.WriteLine($"loss {loss.item<float>():F4}");
}

// Do gradients vanish as the circuit grows?
var plateau = BarrenPlateau.Diagnose(
    device,
    wires =>
    {
        var growing = new CircuitBuilder(wires);
        var angles = growing.Weights("angles", 4, wires, 2);
        for (var l = 0; l < 4; l++)
        {
            for (var q = 0; q < wires; q++)
            {
                growing.RY(angles[l, q, 0], q).RZ(angles[l, q, 1], q).CZ(q, (q + 1) % wires);
            }
        }

        return growing.Expect(PauliWord.FromLetters(new string('Z', wires))).Build();
    },
    wires: [2, 4, 6, 8],
    samples: 100,
    seed: 1);
Console.Write(plateau);
