// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Workloads;

/// <summary>The origin document's circuit over 4096 samples; times are of one circuit.</summary>
public abstract class OriginBenchmark : WorkloadBenchmark
{
    private protected const int Samples = 4096;

    private protected override WorkloadSize Size => new(0, 0, Samples);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void Circuit() => Work.Run();
}

/// <summary>Values. Goal: 30 times the best peer.</summary>
public class Origin : OriginBenchmark
{
    private protected override string Workload => "origin";
}

/// <summary>With the guard x &gt; 0.1. Goal: 15 ns a circuit and thread in double.</summary>
public class OriginGuarded : OriginBenchmark
{
    private protected override string Workload => "origin-guarded";
}

/// <summary>Values and one pullback, with the guard.</summary>
public class OriginPullback : OriginBenchmark
{
    private protected override string Workload => "origin-pullback";
}

/// <summary>Values and the 4 × 4 Jacobian. Goal: 30 times the best peer.</summary>
public class OriginJacobian : OriginBenchmark
{
    private protected override string Workload => "origin-jacobian";
}

/// <summary>A training step in TorchSharp, which allocates; with the circuit, and with a cosine in its place.</summary>
public class OriginEpoch : WorkloadBenchmark
{
    /// <summary>Samples a step.</summary>
    [Params(10, 100, 1000)]
    public int Batch { get; set; }

    /// <summary>Which of the two.</summary>
    [Params("origin-epoch", "origin-epoch-cos")]
    public string Layer { get; set; } = "";

    private protected override string Workload => Layer;

    private protected override WorkloadSize Size => new(0, 0, Batch);

    [Benchmark]
    public void Step() => Work.Run();
}
