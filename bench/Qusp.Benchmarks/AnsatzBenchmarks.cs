// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks;

/// <summary>One circuit at a time: layers of rotations and CNOT rings.</summary>
[MemoryDiagnoser]
public class AnsatzBenchmarks
{
    private double[] weights = [];
    private double[] outputs = [];
    private double[] gradient = [];
    private IProgram<double> values = null!;
    private IProgram<double> derivatives = null!;

    /// <summary>The number of wires.</summary>
    [Params(4, 8, 12, 16)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Compile()
    {
        weights = BenchCircuits.Weights(12 * Wires);
        (outputs, gradient) = (new double[Wires], new double[12 * Wires]);
        var options = new ProgramOptions { Threads = 1 };
        values = new CpuDevice().Compile<double>(BenchCircuits.Ansatz(Wires, 4, encoded: false).ExpectZ().Build(), options);
        derivatives = new CpuDevice().Compile<double>(BenchCircuits.Ansatz(Wires, 4, encoded: false).Expect(BenchCircuits.SumZ(Wires)).Build(), options);
    }

    [GlobalCleanup]
    public void Close()
    {
        values.Dispose();
        derivatives.Dispose();
    }

    [Benchmark]
    public void Forward() => values.Evaluate(1, [], weights, outputs);

    [Benchmark]
    public void Gradient() => derivatives.Pullback(1, [], weights, [1], [], gradient);
}
