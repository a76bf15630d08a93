#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/kernels.md. Run them: dotnet run samples/kernels.cs
using Qusp;

// Two classes of points: inside and outside of a circle.
const int Train = 60, Test = 40;
var random = new Random(7);
double[] points = [.. Enumerable.Range(0, 2 * (Train + Test)).Select(_ => (2 * random.NextDouble()) - 1)];
double[] labels = [.. points.Chunk(2).Select(p => (p[0] * p[0]) + (p[1] * p[1]) < 0.6 ? 1.0 : -1.0)];
double[] x = points[..(2 * Train)], y = points[(2 * Train)..];

var builder = new CircuitBuilder(wires: 2);
builder.ZZFeatureMap(builder.Inputs(2), repetitions: 1);
var embedding = builder.Build();

using var kernel = new FidelityKernel(embedding);
double[,] k = kernel.KernelMatrix(x); // [60, 60], from 60 circuits
double[,] cross = kernel.KernelMatrixWith(y, x); // [40, 60]: test samples with training samples
Console.WriteLine($"positive: {KernelMatrices.IsPositiveSemidefinite(k)}, alignment {KernelMatrices.Alignment(k, labels.AsSpan(0, Train)):F3}");
Console.WriteLine($"accuracy {Ridge(k, cross):P0} of the fidelity kernel");

using var projected = new ProjectedKernel(embedding, gamma: 1);
Console.WriteLine($"accuracy {Ridge(projected.KernelMatrix(x), projected.KernelMatrixWith(y, x)):P0} of the projected kernel");

// As hardware would measure it: one circuit a pair, 1000 shots each, the same for the same seed.
using var sampled = new ComputeUncomputeKernel(embedding, options: new ProgramOptions { Shots = 1000 }, draw: new Draw(Seed: 1));
Console.WriteLine($"k(0, 1) = {k[0, 1]:F4}, by shots {sampled.KernelMatrix(x.AsSpan(0, 4))[0, 1]:F4}");

// Kernel ridge regression on ±1: solves (K + λ) a = labels by elimination.
double Ridge(double[,] train, double[,] test)
{
    double[][] rows = [.. Enumerable.Range(0, Train).Select(i => (double[])[.. Enumerable.Range(0, Train).Select(j => train[i, j] + (i == j ? 0.01 : 0)), labels[i]])];
    for (var p = 0; p < Train; p++)
    {
        for (var i = 0; i < Train; i++)
        {
            var factor = i == p ? 0 : rows[i][p] / rows[p][p];
            for (var j = p; j <= Train; j++)
            {
                rows[i][j] -= factor * rows[p][j];
            }
        }
    }

    return Enumerable.Range(0, Test).Average(i =>
        Enumerable.Range(0, Train).Sum(j => test[i, j] * rows[j][Train] / rows[j][j]) * labels[Train + i] > 0 ? 1.0 : 0.0);
}
