#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/passes.md. Run them: dotnet run samples/passes.cs
using Qusp;

// Much that cancels: through commuting gates, by adding angles, by undoing swaps.
var builder = new CircuitBuilder(wires: 3);
var x = builder.Inputs(1);
var w = builder.Weights("w", 2);
var circuit = builder.H(0).CNOT(0, 1).RZ(w[0], 0).RX(x[0], 1).CNOT(0, 1).RZ(-w[0], 0).RX(x[0] + 0.2, 1)
    .SWAP(1, 2).T(0).CZ(0, 1).T(0).CZ(1, 0).If(x[0] > 0.1, then => then.RY(w[1], 2).S(2))
    .ExpectZ().Build();
var optimized = circuit.Optimize();
Console.WriteLine(circuit);
Console.WriteLine(optimized);
Console.WriteLine($"{circuit.Operations.Length} operations became {optimized.Operations.Length}");

// In the gates of a machine, with inputs and weights still free.
var decomposed = circuit.Decompose(GateSet.Transmon);
Console.WriteLine(decomposed);
var own = new GateSet(Gates.RZ, Gates.SX, Gates.CZ);
var molecule = new CircuitBuilder(wires: 4);
var t = molecule.Weights("t", 1);
var parts = molecule.DoubleExcitation(t[0], 0, 1, 2, 3).ExpectZ().Build().Decompose(own);
Console.WriteLine($"a double excitation in {own} takes {parts.Resources().TwoQubitGates} CZ");

// The same results.
using var before = new CpuDevice().Compile<double>(circuit);
using var after = new CpuDevice().Compile<double>(decomposed.Optimize());
double[] data = [0.7], weights = [0.3, -0.4];
Console.WriteLine(string.Join(" ", before.Evaluate<double>(data, weights).Select(value => $"{value:F9}")));
Console.WriteLine(string.Join(" ", after.Evaluate<double>(data, weights).Select(value => $"{value:F9}")));
