#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/components.md. Run them: dotnet run samples/components.cs
using Qusp;

// Five hundred wires; a gate fires where its input exceeds 0.1.
const int n = 500;
var builder = new CircuitBuilder(wires: n);
var x = builder.Inputs(n);
for (var i = 0; i < n; i++)
{
    var wire = i;
    builder.If(x[wire] > 0.1, then => then.RY(x[wire], wire).CNOT(wire, (wire + 1) % n));
}

var circuit = builder.ExpectZ().Build();

// Two samples of which few wires are active; value and gradient as of any circuit.
var samples = new double[2 * n];
(samples[3], samples[4], samples[5], samples[200]) = (0.7, 0.4, 1.1, 0.3);
(samples[n + 40], samples[n + 41]) = (0.9, 0.2);
using var program = new CpuDevice().Compile<double>(circuit);
var outputs = program.Evaluate<double>(samples); // [2, 500]
Console.WriteLine($"⟨Z5⟩ = {outputs[5]:F6} = cos 0.7 · cos 0.4 · cos 1.1 = {Math.Cos(0.7) * Math.Cos(0.4) * Math.Cos(1.1):F6}");
Console.WriteLine($"wires simulated: {program.Cost.SimulatedWires} of {2 * n}; most in one state: {program.Cost.LargestState}");

// The same by hand: what the first sample runs, what is seen of it, and what hangs together.
var resolved = circuit.ResolveGuards(circuit.FiringGuards<double>(samples.AsSpan(0, n)));
var split = resolved.Components();
foreach (var component in split.Components)
{
    Console.WriteLine($"wires {string.Join(", ", component.Wires)}:\n{component.Circuit}");
}

// What one measurement sees: of a brickwork of 60 wires, ⟨Z30⟩ sees four (the last layer of CZ not at all).
var bricks = new CircuitBuilder(60);
for (var layer = 0; layer < 3; layer++)
{
    for (var wire = 0; wire < 60; wire++)
    {
        bricks.RY(0.3 + (0.01 * wire), wire);
    }

    for (var wire = layer % 2; wire + 1 < 60; wire += 2)
    {
        bricks.CZ(wire, wire + 1);
    }
}

var seen = bricks.ExpectZ(30).Build().LightCone();
Console.WriteLine($"{seen.Operations.Length} operations on {seen.Operations.SelectMany(operation => operation.Wires).Distinct().Count()} wires are seen");
