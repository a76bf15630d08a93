// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Workloads;

/// <summary>Layers of rotations and CNOT rings.</summary>
public abstract class AnsatzBenchmark : WorkloadBenchmark
{
    /// <summary>Whether every weight is new in each call, or all stay.</summary>
    [Params(false, true)]
    public bool NewWeights { get; set; }

    private protected override string Workload => Kind + (NewWeights ? "-new" : "");

    private protected abstract string Kind { get; }
}

/// <summary>⟨Z⟩ of all wires, one circuit at a time.</summary>
public class Forward : AnsatzBenchmark
{
    [Params(4, 8, 12, 16, 20, 24)]
    public int Wires { get; set; }

    private protected override string Kind => "forward";

    private protected override WorkloadSize Size => new(Wires, 0, 0);

    [Benchmark]
    public void Circuit() => Work.Run();
}

/// <summary>Σ Z and its derivatives by all weights, one circuit at a time.</summary>
public class Gradient : AnsatzBenchmark
{
    [Params(4, 8, 12, 16, 20, 22, 24)]
    public int Wires { get; set; }

    private protected override string Kind => "gradient";

    private protected override WorkloadSize Size => new(Wires, 0, 0);

    [Benchmark]
    public void Circuit() => Work.Run();
}

/// <summary>64 samples of 10 wires, values and pullback; the time is of all.</summary>
public class Batch : AnsatzBenchmark
{
    private protected override string Kind => "batch";

    [Benchmark]
    public void Call() => Work.Run();
}

/// <summary>A million shots of 20 wires.</summary>
public class Sample : WorkloadBenchmark
{
    private protected override string Workload => "sample";

    [Benchmark]
    public void MillionShots() => Work.Run();
}
