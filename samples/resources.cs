#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/resources.md. Run them: dotnet run samples/resources.cs
using Qusp;

var builder = new CircuitBuilder(wires: 4);
var x = builder.Inputs(4);
for (var i = 0; i < 4; i++)
{
    var wire = i;
    builder.If(x[wire] > 0.1, then => then.RY(x[wire], wire).CNOT(wire, (wire + 1) % 4));
}

var circuit = builder.ExpectZ().Build();

// What it is made of, if every guard holds, and for one sample.
CircuitResources worst = circuit.Resources();
CircuitResources one = circuit.Resources([0.5, 0, 0.7, -1]);
Console.Write(worst);
Console.WriteLine($"depth {one.Depth} of {worst.Depth}, gates {one.Gates} of {worst.Gates}");

// What simulating takes, before anything is allocated.
Console.WriteLine($"as a state vector {SimulationCost.StateVector(circuit)}; as a density matrix {SimulationCost.DensityMatrix(circuit)}");
var large = new CircuitBuilder(48);
for (var wire = 0; wire < 48; wire++)
{
    large.RY(0.3, wire).CNOT(wire, (wire + 1) % 48);
}

Console.WriteLine(new CpuDevice().Refusal(large.Probabilities(0, 47).Build()) ?? "it fits");
