#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/mid-circuit.md. Run them: dotnet run samples/mid-circuit.cs
using Qusp;

// Teleportation: what is measured on two wires decides what is done to the third.
var builder = new CircuitBuilder(wires: 3);
var x = builder.Inputs(2);
var c = builder.Bits(2);
var teleportation = builder.RY(x[0], 0).RZ(x[1], 0) // the state to send
    .H(1).CNOT(1, 2) // a shared pair
    .CNOT(0, 1).H(0).Measure(0, c[0]).Measure(1, c[1])
    .When(Condition.IsSet(c[1]), then => then.X(2)).When(Condition.IsSet(c[0]), then => then.Z(2))
    .ExpectZ(2).Measure(new BitProbabilities(c[0], c[1])).Build();
Console.WriteLine(teleportation);
using var program = new CpuDevice().Compile<double>(teleportation);
var outputs = program.Evaluate<double>([0.7, 0.4]);
var (slopes, _) = program.Jacobian<double>([0.7, 0.4]);
Console.WriteLine($"⟨Z2⟩ = {outputs[0]:F6}, cos 0.7 = {Math.Cos(0.7):F6}; ∂⟨Z2⟩/∂x0 = {slopes[0, 0]:F6}; P(00) = {outputs[1]:F6}");

// Three wires hold one qubit; two more find which of them flipped, and a condition on both bits turns it back.
var code = new CircuitBuilder(wires: 5);
var p = code.Inputs(1)[0];
var s = code.Bits(2);
var corrected = code.X(0).CNOT(0, 1).CNOT(0, 2).BitFlip(p, 0).BitFlip(p, 1).BitFlip(p, 2)
    .CNOT(0, 3).CNOT(1, 3).Measure(3, s[0]).CNOT(1, 4).CNOT(2, 4).Measure(4, s[1])
    .When(new Condition([s[0], s[1]], 0b10), then => then.X(0))
    .When(new Condition([s[0], s[1]], 0b11), then => then.X(1))
    .When(new Condition([s[0], s[1]], 0b01), then => then.X(2))
    .CNOT(0, 2).CNOT(0, 1).ExpectZ(0).Build();
using var memory = new CpuDevice().Compile<double>(corrected);
foreach (var flip in new[] { 0.01, 0.1, 0.3 })
{
    Console.WriteLine($"a flip of each wire with probability {flip}: the qubit is lost with {(1 + memory.Evaluate<double>([flip])[0]) / 2:F6}");
}

// Repeat until success, then keep the shots that were given a certain outcome.
var repeat = new CircuitBuilder(wires: 2);
var done = repeat.Bits(1)[0];
repeat.RY(1.0, 0).Measure(0, done);
for (var attempt = 1; attempt < 8; attempt++)
{
    repeat.When(Condition.IsSet(done).Not(), then => then.Reset(0).RY(1.0, 0).Measure(0, done));
}

using var until = new CpuDevice().Compile<double>(repeat.RY(0.6, 1).CNOT(0, 1).Postselect(0, true).ExpectZ(1).Measure(new BitProbabilities(done)).Build());
Console.WriteLine($"given success, ⟨Z1⟩ = {until.Evaluate<double>([])[0]:F6}");
