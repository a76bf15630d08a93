// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Workloads;

/// <summary>One gate of a state of 24 wires: the difference of the two times, by eight. What stands between the gates keeps them apart.</summary>
public class Gate : WorkloadBenchmark
{
    /// <summary>Which gate.</summary>
    [Params("dense", "CNOT")]
    public string Gates { get; set; } = "";

    /// <summary>Where its wire is in the amplitude's index.</summary>
    [Params("low", "middle", "high")]
    public string Place { get; set; } = "";

    private protected override string Workload => "gate";

    private protected override string Variant => $"{Gates}, {Place}";

    [Benchmark(Baseline = true)]
    public void WithoutGates() => Work.Besides!.Run();

    [Benchmark]
    public void EightGates() => Work.Run();
}
