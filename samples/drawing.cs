#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/drawing.md. Run them: dotnet run samples/drawing.cs
using Qusp;
using Qusp.Drawing;

// A circuit prints as its drawing.
var builder = new CircuitBuilder(wires: 3);
var x = builder.Inputs(1);
var c = builder.Bits(2);
var circuit = builder.If(x[0] > 0.1, then => then.RY(x[0], 0)).H(1).CNOT(1, 2).Barrier().CNOT(0, 1).H(0)
    .Measure(0, c[0]).Measure(1, c[1])
    .When(Condition.IsSet(c[0]), then => then.Z(2)).When(Condition.IsSet(c[1]), then => then.X(2))
    .Apply(Gates.DepolarizingChannel, [2], 0.05).ExpectZ(2).Build();
Console.WriteLine(circuit);
Console.WriteLine(TextDrawing.Draw(circuit, width: 60)); // goes on below where a line ends
string svg = SvgDrawing.Draw(circuit);

// Counts, and the Bloch vector of each wire.
using var sampler = new CircuitSampler<double>(new CpuDevice(), circuit);
var counts = sampler.Sample(shots: 1000, [0.8], draw: new Draw(Seed: 7)).Counts();
string histogram = HistogramDrawing.Draw([.. counts.Entries.Select(one => (one.Bits, (double)one.Count))], "counts");
string spheres = BlochDrawing.Draw([("0", 0.6, 0, 0.8), ("1", 0, 0, -0.5)]);
Console.WriteLine($"{svg.Length + histogram.Length + spheres.Length} characters of SVG");
