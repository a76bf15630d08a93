// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Qusp.Cli.Bench;

/// <summary>A workload's figures.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Variant">Which of several measurements of the workload it is; null if there is one.</param>
/// <param name="Size">Wires, batch, precision and threads.</param>
/// <param name="SecondsPerCircuit">Seconds a circuit (for origin-epoch, a training step; for gate, one gate).</param>
/// <param name="Passes">Seconds a circuit in units of one in-place pass over a state of that size; null where a state has no meaning.</param>
/// <param name="GigabytesPerSecond">What one reading and one writing of the state in that time would be; null but for gate.</param>
/// <param name="AllocatedBytes">Managed memory that one call allocates when it is not the first.</param>
/// <param name="Check">Values that other programs must agree with.</param>
internal sealed record WorkloadResult(
    string Workload,
    string? Variant,
    WorkloadSize Size,
    Timing SecondsPerCircuit,
    double? Passes,
    double? GigabytesPerSecond,
    long AllocatedBytes,
    double[] Check)
{
    /// <summary>Measures one size.</summary>
    public static WorkloadResult Of(Workload workload, WorkloadSize size)
    {
        using var work = workload.Prepare(size);
        var timing = Stopclock.Measure(work.Run);
        if (work.Besides is { } besides)
        {
            var less = Stopclock.Measure(besides.Run);
            timing = new(timing.Median - less.Median, timing.Minimum - less.Minimum, timing.Runs);
        }

        timing = timing.DividedBy(work.Circuits);
        var allocated = Stopclock.Allocated(work.Run);
        if (!work.CountsPasses)
        {
            return new(workload.Name, workload.Variant, size, timing, null, null, allocated, work.Check());
        }

        var bytesPerNumber = size.Single ? sizeof(float) : sizeof(double);
        var pass = Stopclock.Pass(size.Wires, bytesPerNumber, size.Threads).Median;
        double? gigabytes = work.Besides is null ? null : 2.0 * 2 * bytesPerNumber * Math.ScaleB(1e-9, size.Wires) / timing.Median;
        return new(workload.Name, workload.Variant, size, timing, timing.Median / pass, gigabytes, allocated, work.Check());
    }

    /// <summary>All of it.</summary>
    public JsonObject Document() => new()
    {
        ["workload"] = Workload,
        ["variant"] = Variant,
        ["wires"] = Size.Wires,
        ["layers"] = Size.Layers,
        ["batch"] = Size.Batch,
        ["precision"] = Size.Single ? "single" : "double",
        ["threads"] = Size.Threads,
        ["secondsPerCircuit"] = SecondsPerCircuit.Median,
        ["minimumSecondsPerCircuit"] = SecondsPerCircuit.Minimum,
        ["runs"] = SecondsPerCircuit.Runs,
        ["passes"] = Json.Number(Passes),
        ["gigabytesPerSecond"] = Json.Number(GigabytesPerSecond),
        ["allocatedBytes"] = AllocatedBytes,
        ["check"] = Json.Array(Check.AsSpan()),
    };
}
