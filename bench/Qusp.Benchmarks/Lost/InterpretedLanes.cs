// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;
using Qusp.Simulation.Lanes.Code;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// The origin document's guarded circuit over 4096 samples by the interpreter of lane passes against the code made from it at
/// run time. The interpreter is what runs where code cannot be made (ahead-of-time compilation).
/// </summary>
public class InterpretedLanes : TwoDesigns
{
    private const int Samples = 4096;
    private readonly double[] x = BenchCircuits.Inputs<double>(4 * Samples);
    private readonly double[] g = BenchCircuits.Cotangents<double>(4 * Samples);
    private readonly double[] outputs = new double[4 * Samples];
    private IProgram<double> code = null!, interpreter = null!;

    [GlobalSetup]
    public void Check()
    {
        code = Compile(CodeUse.AtOnce);
        interpreter = Compile(CodeUse.Never);
        foreach (var (used, lost) in ((Action, Action)[])[(Generated, Interpreted), (GeneratedPullback, InterpretedPullback)])
        {
            used();
            var expected = outputs.ToArray();
            lost();
            RequireEqual(expected, outputs, 0);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Samples)]
    public void Generated() => code.Evaluate(Samples, x, [], outputs);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void Interpreted() => interpreter.Evaluate(Samples, x, [], outputs);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void GeneratedPullback() => code.Pullback(Samples, x, [], g, outputs, []);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void InterpretedPullback() => interpreter.Pullback(Samples, x, [], g, outputs, []);

    private IProgram<double> Compile(CodeUse use)
    {
        LaneCode.Use = use;
        var program = Keep(new CpuDevice().Compile<double>(BenchCircuits.Origin(guarded: true), new ProgramOptions { Threads = 1 }));
        LaneCode.Use = CodeUse.WhenItPays;
        return program;
    }
}
