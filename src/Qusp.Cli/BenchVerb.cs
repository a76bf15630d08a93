// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Cli.Bench;

namespace Qusp.Cli;

/// <summary><c>qusp bench</c>: the workloads that all simulators are measured on, on this machine.</summary>
internal static class BenchVerb
{
    private static readonly Argument<string[]> Names = new("WORKLOAD")
    {
        Description = "Which workloads; all if none is named: " + string.Join(", ", Workload.Names) + ".",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int> Wires = Options.Whole("--wires", 0, "Wires, where the workload has a choice; 0 = its own sizes.", most: 30);
    private static readonly Option<int> Layers = Options.Whole("--layers", 0, "Layers of the ansatz; 0 = 4.", most: 1000);
    private static readonly Option<int> Batch = Options.Whole("--batch", 0, "Samples a call; 0 = the workload's own.", most: 10_000_000);
    private static readonly Option<int> Threads = Options.Whole("--threads", 1, "Threads allowed.", least: 1, most: 1024);
    private static readonly Option<string> Precision = Options.Choice("--precision", "Precision of state and arithmetic.", "double", "single");

    public static Command Create(Terminal terminal) => Verb.Create(
        terminal,
        "bench",
        "Measure this machine on the workloads of docs/performance.md.",
        ["qusp bench origin origin-guarded origin-pullback origin-epoch", "qusp bench forward --wires 16 --precision single --json"],
        [Names, Wires, Layers, Batch, Threads, Precision],
        Run);

    private static int Run(Call call)
    {
        var names = call.Get(Names);
        foreach (var name in names.Where(name => Workload.All.All(workload => workload.Name != name)))
        {
            throw new UsageException($"bench:{name}", $"there is no such workload; use {string.Join(", ", Workload.Names)}");
        }

        if (call.Get(Wires) == 1)
        {
            throw new UsageException("bench:--wires", "'1' is not accepted; the circuits have rings, give a whole number from 2, or 0 for their own sizes");
        }

        var asked = new WorkloadSize(call.Get(Wires), call.Get(Layers), call.Get(Batch), call.Get(Threads), call.Get(Precision) == "single");
        var results = new List<WorkloadResult>();
        foreach (var workload in Workload.All.Where(workload => names.Length == 0 || names.Contains(workload.Name)))
        {
            foreach (var size in workload.Sizes(asked))
            {
                call.Cancellation.ThrowIfCancellationRequested();
                call.Terminal.Error.WriteLine($"{workload.Name} …");
                results.Add(WorkloadResult.Of(workload, size));
            }
        }

        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonArray([.. results.Select(result => result.Document())]));
            return CommandLine.Done;
        }

        call.Terminal.Table(
            ["workload", "wires", "batch", "precision", "threads", "median", "minimum", "runs", "passes", "allocated", "check"],
            results.Select(result => new[]
            {
                Name(result),
                Text(result.Size.Wires),
                Text(result.Size.Batch),
                result.Size.Single ? "single" : "double",
                Text(result.Size.Threads),
                Time(result.SecondsPerCircuit.Median),
                Time(result.SecondsPerCircuit.Minimum),
                Text(result.SecondsPerCircuit.Runs),
                result.Passes?.ToString("0.0", CultureInfo.InvariantCulture) ?? "",
                string.Create(CultureInfo.InvariantCulture, $"{result.AllocatedBytes} B"),
                string.Join(' ', result.Check.Select(value => value.ToString("F12", CultureInfo.InvariantCulture))),
            }));
        call.Terminal.Line("Times are of one circuit (origin-epoch: one training step). A pass is one reading and writing of a state of that size, measured here and now.");
        return CommandLine.Done;
    }

    private static string Name(WorkloadResult result) =>
        result.Workload
        + (result.Variant is { } variant ? $": {variant}" : "")
        + (result.GigabytesPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $", {rate:F0} GB/s") : "");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0.0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.0} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
    };
}
