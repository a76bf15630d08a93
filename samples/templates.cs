#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/templates.md. Run them: dotnet run samples/templates.cs
using System.Numerics;
using Qusp;

{
    var circuit = new CircuitBuilder(wires: 4);
    var x = circuit.Inputs(4);
    var w = circuit.Weights("weights", Shapes.StronglyEntanglingLayers(layers: 2, wires: 4)); // [2, 4, 3]
    circuit.AngleEmbedding(x, Gates.RY).StronglyEntanglingLayers(w).ExpectZ();
    using var program = new CpuDevice().Compile<double>(circuit.Build());
    Console.WriteLine(string.Join(' ', program.Evaluate<double>([0.1, 0.2, 0.3, 0.4], new double[24]).Select(z => $"{z:F4}")));
}

{
    var circuit = new CircuitBuilder(wires: 2);
    var x = circuit.Inputs(2);
    var w = circuit.Weights("w", 1);
    circuit.RX(x[0] * x[1], 0).RY((Math.PI - x[0]) * (Math.PI - x[1]), 1).RZ(Angle.Atan2(x[0], w[0]), 0);
    using var program = new CpuDevice().Compile<double>(circuit.ExpectZ().Build());
    var (byInputs, byWeights) = program.Jacobian<double>([0.5, 0.7], [1.0]);
    Console.WriteLine($"∂⟨Z0⟩/∂x1 = {byInputs[0, 1]:F6}"); // −x0 sin(x0 x1)
}

{
    var circuit = new CircuitBuilder(wires: 3);
    circuit.AmplitudeEmbedding(circuit.Inputs(6), padWith: 0); // divided by their norm; differentiable
    using var embedded = new CpuDevice().Compile<double>(circuit.Probabilities().Build());
    Console.WriteLine(string.Join(' ', embedded.Evaluate<double>([1, 2, 3, 4, 5, 6]).Select(p => $"{p:F4}")));

    var bell = new CircuitBuilder(wires: 2);
    bell.StatePrep([Math.Sqrt(0.5), 0, 0, new Complex(0, Math.Sqrt(0.5))]);
    Console.WriteLine(bell.Build());
}

{
    // Where is 0b101? Two turns of Grover's operator find it with 94.5 %.
    var search = new CircuitBuilder(wires: 3).GroverSearch(oracle => oracle.FlipSign([true, false, true]), iterations: 2);
    using var found = new CpuDevice().Compile<double>(search.Probabilities().Build());
    Console.WriteLine($"P(101) = {found.Evaluate<double>([])[0b101]:F4}");

    // The phase of T, 2π/16, in four binary digits: 0001.
    var estimation = new CircuitBuilder(wires: 5).X(4);
    estimation.QuantumPhaseEstimation(unitary => unitary.PhaseShift(2 * Math.PI / 16, 4), [0, 1, 2, 3]);
    using var estimated = new CpuDevice().Compile<double>(estimation.Probabilities(0, 1, 2, 3).Build());
    Console.WriteLine($"P(0001) = {estimated.Evaluate<double>([])[1]:F4}");

    // Time evolution, by an input: ⟨Z0⟩ of two coupled spins after t.
    var evolution = new CircuitBuilder(wires: 2);
    var t = evolution.Inputs(1);
    evolution.TimeEvolution(PauliSum.Parse("0.5*X0*X1+0.3*Z0"), t[0], steps: 4, order: 2).Expect(PauliWord.Z(0));
    using var evolved = new CpuDevice().Compile<double>(evolution.Build());
    Console.WriteLine($"⟨Z0⟩ = {evolved.Evaluate<double>([1.0])[0]:F4}");
}

{
    var circuit = new CircuitBuilder(wires: 8);
    var blocks = TensorNetworks.Tree(wires: 8, blockWires: 2); // (0,1) (2,3) (4,5) (6,7) (1,3) (5,7) (3,7)
    var w = circuit.Weights("tree", blocks.Length, 2);
    circuit.TensorNetwork(blocks, (block, wires, k) => block.RY(w[k, 0], wires[0]).RY(w[k, 1], wires[1]).CNOT(wires[0], wires[1]));
    Console.WriteLine(circuit.ExpectZ(7).Build());
}
