#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/noise.md. Run them: dotnet run samples/noise.cs
using Qusp;

// A channel is an operation as any gate; its strength may be a number, an input or a weight.
var builder = new CircuitBuilder(wires: 3);
var x = builder.Inputs(2);
var w = builder.Weights("noise", 2);
var noisy = builder.RY(x[0], 0).CNOT(0, 1).DepolarizingChannel(w[0], 1).RX(x[1], 2).AmplitudeDamping(w[1], 2).CNOT(1, 2)
    .ExpectZ().Purity(0, 1, 2).Build();
double[] sample = [0.8, 0.3];
using var exact = new CpuDevice().Compile<double>(noisy);
var (byInputs, byStrengths) = exact.Jacobian<double>(sample, [0.02, 0]);
Console.WriteLine($"⟨Z2⟩ = {exact.Evaluate<double>(sample, [0.02, 0])[2]:F6}, by its damping at strength 0: {byStrengths[2, 1]:F6}");

// The noise of a machine: channels around the gates of any circuit, and errors of reading.
var circuit = new CircuitBuilder(wires: 3).RY(0.6, 0).CNOT(0, 1).T(1).CNOT(1, 2).RX(0.4, 2).ExpectZ().Build();
var model = NoiseModel.Empty
    .With(new NoiseRule(Gates.DepolarizingChannel, 0.001) { Arity = 1 })
    .With(new NoiseRule(Gates.Depolarizing(2), 0.01) { Gates = [Gates.CNOT] })
    .With(new NoiseRule(Gates.AmplitudeDamping, 0.002) { Wires = [2] })
    .WithReadout(new ReadoutError(OneForZero: 0.01, ZeroForOne: 0.03));
Console.WriteLine(circuit.WithNoise(model));
Console.WriteLine(NoiseModelJson.Write(model)); // what `qusp run --noise FILE` reads; NoiseModel.Parse("depolarizing=0.01,readout=0.02") is shorter

// Pure states on random paths, where 4^n numbers are too many. Values and gradients are right on average.
using var trajectories = new TrajectoriesDevice().Compile<double>(noisy.WithMeasurements(noisy.Measurements[2]), new ProgramOptions { Shots = 4000 });
var gradient = new double[2];
trajectories.Pullback(1, sample, [0.02, 0], [1], [], gradient, new Draw(Seed: 7));
Console.WriteLine($"by trajectories: ⟨Z2⟩ = {trajectories.Estimates<double>(sample, [0.02, 0], new Draw(7))[0]}, by its damping {gradient[1]:F3}");

// Or a bit string of each path, as a machine would give it.
using var shots = new CircuitSampler<double>(new TrajectoriesDevice(), noisy);
Console.WriteLine(shots.Sample(1000, sample, [0.02, 0], new Draw(7)).Counts());

// Zero-noise extrapolation: the same circuit with more noise, and back to none.
double[] Run(Circuit folded)
{
    using var program = new CpuDevice().Compile<double>(folded.WithNoise(model.WithReadout(default)));
    return program.Evaluate<double>([]);
}

using var ideal = new CpuDevice().Compile<double>(circuit);
var mitigated = ZeroNoiseExtrapolation.Mitigate(circuit, [1, 3, 5], ZeroNoiseExtrapolation.Richardson, Run);
Console.WriteLine($"⟨Z2⟩: {Run(circuit)[2]:F6} with noise, {mitigated[2]:F6} mitigated, {ideal.Evaluate<double>([])[2]:F6} without noise");
