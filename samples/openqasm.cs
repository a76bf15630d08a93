#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/openqasm.md. Run them: dotnet run samples/openqasm.cs
using Qusp;
using Qusp.OpenQasm;

// A text, or QasmReader.Load(path) for a file.
var program = QasmReader.Parse(
    """
    OPENQASM 3.0;
    include "stdgates.inc";
    input float theta;
    qubit[3] q;
    gate entangle(t) a, b { ctrl @ ry(t) a, b; cx b, a; }
    h q[0];
    for int i in [0:1] { entangle(theta / (i + 1)) q[i], q[i + 1]; }
    """);
var circuit = program.Circuit.WithMeasurements(new Expectation(PauliSum.Parse("Z0*Z2")));
using var compiled = new CpuDevice().Compile<double>(circuit);
var (byInputs, _) = compiled.Jacobian<double>([0.3]); // theta is the circuit's input 0
Console.WriteLine($"inputs {string.Join(", ", program.Inputs)}; ⟨Z0 Z2⟩ = {compiled.Evaluate<double>([0.3])[0]:F6}, by theta {byInputs[0, 0]:F6}");

// And back.
Console.WriteLine(QasmWriter.Write(circuit));
Console.WriteLine(QasmWriter.Write(new CircuitBuilder(2).H(0).ISWAP(0, 1).Build(), QasmVersion.Two));
