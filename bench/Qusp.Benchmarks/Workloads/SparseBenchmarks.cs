// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Workloads;

/// <summary>A quarter of the wires active, values and pullback of 64 samples; the time is of one.</summary>
public abstract class SparseBenchmark : WorkloadBenchmark
{
    private const int Samples = 64;

    private protected override string Workload => "sparse";

    private protected override WorkloadSize Size => new(0, 0, Samples);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void Circuit() => Work.Run();
}

/// <summary>As the components that fired guards leave.</summary>
public class Sparse : SparseBenchmark
{
    [Params(16, 64, 256)]
    public int Wires { get; set; }

    private protected override WorkloadSize Size => base.Size with { Wires = Wires };
}

/// <summary>With all 16 wires in one state.</summary>
public class SparseWhole : SparseBenchmark
{
    private protected override string Workload => "sparse-whole";
}
