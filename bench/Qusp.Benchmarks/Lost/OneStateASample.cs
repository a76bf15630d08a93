// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;
using Qusp.Simulation;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// 64 samples of RY(x) and the ansatz of 4 layers, values and pullback: a sample in each lane against one state after the
/// other with vectors across its amplitudes. Which of the two wins depends on the number of wires; <c>cpu</c> decides by it.
/// </summary>
public class OneStateASample : TwoDesigns
{
    private const int Samples = 64;
    private double[] x = [], w = [], g = [], outputs = [], byInputs = [], byWeights = [];
    private IProgram<double> lanes = null!, oneByOne = null!;

    [Params(4, 6, 8, 9, 10, 11, 12)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        var circuit = BenchCircuits.Ansatz(Wires, 4, encoded: true).ExpectZ().Build();
        (x, w, g) = (BenchCircuits.Inputs<double>(Wires * Samples), BenchCircuits.Weights<double>(12 * Wires), BenchCircuits.Cotangents<double>(Wires * Samples));
        (outputs, byInputs, byWeights) = (new double[x.Length], new double[x.Length], new double[w.Length]);
        IProgram<double> Compile(CpuPath path) => Keep(new CpuDevice(0, path).Compile<double>(circuit, new ProgramOptions { Threads = 1, Components = false }));
        (lanes, oneByOne) = (Compile(CpuPath.Lanes), Compile(CpuPath.OneState));
        double[] All() => [.. outputs, .. byInputs, .. byWeights];
        Lanes();
        var used = All();
        OneState();
        RequireEqual(used, All());
    }

    [Benchmark(Baseline = true)]
    public void Lanes() => Run(lanes);

    [Benchmark]
    public void OneState() => Run(oneByOne);

    private void Run(IProgram<double> program)
    {
        program.Evaluate(Samples, x, w, outputs);
        program.Pullback(Samples, x, w, g, byInputs, byWeights);
    }
}
