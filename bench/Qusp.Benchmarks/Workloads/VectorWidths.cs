// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Workloads;

/// <summary>The origin document's circuit by vector width, with the code made at run time and without.</summary>
[MemoryDiagnoser]
public class VectorWidths
{
    private const int Samples = 4096;
    private readonly double[] x = BenchCircuits.Inputs<double>(4 * Samples);
    private readonly double[] g = BenchCircuits.Cotangents<double>(4 * Samples);
    private readonly double[] outputs = new double[4 * Samples];
    private IProgram<double> program = null!;

    /// <summary>Vector width in bits; 64 is one number at a time.</summary>
    [Params(64, 128, 256, 512)]
    public int VectorBits { get; set; }

    /// <summary>The AppContext switch <c>Qusp.GeneratedCode</c>.</summary>
    [Params(true, false)]
    public bool GeneratedCode { get; set; }

    [GlobalSetup]
    public void Compile()
    {
        AppContext.SetSwitch("Qusp.GeneratedCode", GeneratedCode);
        program = new CpuDevice(VectorBits).Compile<double>(BenchCircuits.Origin(guarded: true), new ProgramOptions { Threads = 1 });
    }

    [GlobalCleanup]
    public void Close() => program.Dispose();

    [Benchmark(OperationsPerInvoke = Samples)]
    public void Forward() => program.Evaluate(Samples, x, [], outputs);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void Pullback() => program.Pullback(Samples, x, [], g, outputs, []);
}
