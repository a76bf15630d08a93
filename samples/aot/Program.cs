// SPDX-License-Identifier: Apache-2.0
// The origin's circuit, or with a directory a trained model, as one native file: aot [MODEL] FEATURE…
using System.Globalization;
using Qusp;
using Qusp.Inference;

if (args.Length > 1 && Directory.Exists(args[0]))
{
    using var model = TrainedModel.Load(args[0]);
    Print(model.Predict([.. args[1..].Select(Number)], (args.Length - 1) / model.Inputs));
    return;
}

double[] x = args.Length == 4 ? [.. args.Select(Number)] : [0.3, 0.05, 0.8, 1.2];
var circuit = new CircuitBuilder(wires: 4);
var inputs = circuit.Inputs(4);
for (var i = 0; i < 4; i++)
{
    circuit.If(inputs[i] > 0.1, then => then.RY(inputs[i], i).CNOT(i, (i + 1) % 4));
}

using var program = new CpuDevice().Compile<double>(circuit.ExpectZ().Build());
Print(program.Evaluate(x));

static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
static void Print(double[] outputs) => Console.WriteLine(string.Join(" ", outputs.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
