// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Workloads;

/// <summary>
/// A workload of <c>qusp bench</c>, the same circuit, numbers and calls, under BenchmarkDotNet. What a call allocates is 0.
/// </summary>
[MemoryDiagnoser]
public abstract class WorkloadBenchmark
{
    /// <summary>As <c>--precision</c>.</summary>
    [Params("double", "single")]
    public string Precision { get; set; } = "double";

    /// <summary>As <c>--threads</c>.</summary>
    [Params(1, 2)]
    public int Threads { get; set; } = 1;

    private protected Work Work { get; private set; } = null!;

    private protected abstract string Workload { get; }

    /// <summary>Which of several measurements of the workload, null if there is one.</summary>
    private protected virtual string? Variant => null;

    /// <summary>What to change of the workload's first size; 0 keeps it.</summary>
    private protected virtual WorkloadSize Size => new(0, 0, 0);

    [GlobalSetup]
    public void Prepare()
    {
        var workload = Cli.Bench.Workload.All.Single(workload => workload.Name == Workload && workload.Variant == Variant);
        Work = workload.Prepare(workload.Sizes(Size with { Threads = Threads, Single = Precision == "single" }).First());
    }

    [GlobalCleanup]
    public void Close() => Work.Dispose();
}
