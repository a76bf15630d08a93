#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/shots.md. Run them: dotnet run samples/shots.cs
using Qusp;

var builder = new CircuitBuilder(wires: 3);
var x = builder.Inputs(2);
var circuit = builder.H(0).CNOT(0, 1).If(x[0] > 0.1, then => then.RY(x[0], 2)).RX(x[1], 1)
    .Expect(PauliSum.Parse("Z0*Z1+0.5*X0*X1-0.25*Z2")).Variance(PauliWord.Z(2)).Build();
double[] sample = [0.8, 0.3];

// Bit strings; the first character is the first wire.
using var sampler = new CircuitSampler<double>(new CpuDevice(), circuit);
Samples samples = sampler.Sample(shots: 1000, sample, draw: new Draw(Seed: 7));
Console.WriteLine($"the first shots: {samples[0]} {samples[1]} {samples[2]}");
Console.WriteLine(samples.Counts());
Console.WriteLine($"⟨Z0 Z1⟩ = {samples.Expectation(PauliSum.Parse("Z0*Z1"))}, P(000) = {samples.Counts().Probability("000")}");

// Outputs and gradients from shots, with their standard errors.
using var program = new SamplerDevice().Compile<double>(
    circuit.WithMeasurements(circuit.Measurements[0]), new ProgramOptions { Shots = 4000, ShotAllocation = ShotAllocation.ByVariance });
Estimate value = program.Estimates<double>(sample, draw: new Draw(7))[0];
Estimate slope = program.JacobianEstimates<double>(sample, draw: new Draw(7)).ByInputs[0, 0];
Console.WriteLine($"⟨O⟩ = {value}, ∂⟨O⟩/∂x0 = {slope}");

// One shadow, many observables.
var shadow = ClassicalShadow.Collect(new CpuDevice(), circuit, snapshots: 20_000, sample, draw: new Draw(7));
Console.WriteLine($"⟨Z0 Z1⟩ = {shadow.Expectation(PauliSum.Parse("Z0*Z1"))}, ⟨X0 X1⟩ = {shadow.Expectation(PauliSum.Parse("X0*X1"))}, Tr ρ² = {shadow.Purity(0)}");
