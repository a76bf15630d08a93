#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/large-circuits.md. Run them: dotnet run samples/large-circuits.cs
using Qusp;

// Sixty wires, little entanglement: a state of 2^60 amplitudes, or a chain of small tensors.
const int n = 60;
var builder = new CircuitBuilder(wires: n);
var w = builder.Weights("w", 2, n);
for (var layer = 0; layer < 2; layer++)
{
    for (var wire = 0; wire < n; wire++)
    {
        builder.RY(w[layer, wire], wire).RX(0.2, wire);
    }

    for (var wire = 0; wire + 1 < n; wire++)
    {
        builder.CNOT(wire, wire + 1);
    }
}

var circuit = builder.Expect(PauliWord.Z(n - 1)).Expect(PauliWord.Z(0) * PauliWord.Z(1)).Build();
double[] weights = [.. Enumerable.Range(0, 2 * n).Select(k => 0.1 * Math.Sin(k))];

using var mps = new MpsDevice().Compile<double>(circuit);
var values = mps.Evaluate<double>([], weights);
var gradient = new double[2 * n];
mps.Pullback(1, [], weights, [1, 1], [], gradient);
Console.WriteLine($"mps: {values[0]:F9} {values[1]:F9}, ∂/∂w0 = {gradient[0]:F9}, weight cut off: {mps.Cost.TruncationError:G1}");

// The same observables as sums of Pauli words, carried back through the circuit.
var near = circuit.WithMeasurements(circuit.Measurements[1]);
using var pauli = new PauliDevice().Compile<double>(near);
Console.WriteLine($"pauli: {pauli.Evaluate<double>([], weights)[0]:F9}");

// Words of small coefficients cut off: faster, with a bound on the error.
using var cut = new PauliDevice(maxWeight: 8, cutoff: 1e-3).Compile<double>(near);
var about = cut.Evaluate<double>([], weights)[0];
Console.WriteLine($"pauli, cut off: {about:F6}, wrong by {Math.Abs(about - values[1]):G1}, at most {cut.Cost.TruncationError:G1}");

// Which device, and why.
Console.WriteLine(Devices.Select("auto", circuit).Reason);
