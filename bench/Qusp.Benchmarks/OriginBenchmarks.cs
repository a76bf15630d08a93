// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks;

/// <summary>The origin document's circuit over a batch. Goal: 15 ns a circuit and thread with the guard, in double.</summary>
[MemoryDiagnoser]
public class OriginBenchmarks
{
    private const int Samples = 4096;
    private readonly double[] x = BenchCircuits.Inputs(4 * Samples);
    private readonly double[] g = BenchCircuits.Cotangents(4 * Samples);
    private readonly double[] outputs = new double[4 * Samples];
    private IProgram<double> program = null!;

    /// <summary>Vector width in bits; 64 is one number at a time.</summary>
    [Params(64, 128, 256, 512)]
    public int VectorBits { get; set; }

    /// <summary>Whether the guard x &gt; 0.1 is there.</summary>
    [Params(false, true)]
    public bool Guarded { get; set; }

    [GlobalSetup]
    public void Compile() => program = new CpuDevice(VectorBits).Compile<double>(BenchCircuits.Origin(Guarded), new ProgramOptions { Threads = 1 });

    [GlobalCleanup]
    public void Close() => program.Dispose();

    [Benchmark(OperationsPerInvoke = Samples)]
    public void Forward() => program.Evaluate(Samples, x, [], outputs);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void Pullback() => program.Pullback(Samples, x, [], g, outputs, []);
}
