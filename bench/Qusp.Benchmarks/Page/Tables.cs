// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Page;

/// <summary>The tables of docs/performance.md, in Markdown, by name.</summary>
internal sealed class Tables(Figures figures)
{
    private static readonly string[] Compared =
        ["origin", "origin-guarded", "origin-pullback", "origin-jacobian", "forward", "forward-new", "gradient", "gradient-new", "batch", "batch-new", "sample"];

    /// <summary>Every table.</summary>
    public IReadOnlyDictionary<string, string> All => new Dictionary<string, string>
    {
        ["compared"] = Table(
            ["workload", "n", .. Configuration.All.Select(configuration => $"{configuration}")],
            Compared.SelectMany(name => Figures.Rows(name)).Select(row => (string[])[.. Heading(row), .. Configuration.All.Select(configuration => TimeAndRatio(row, configuration))])),
        ["peers"] = Table(
            ["workload", "n", "goal", .. Configuration.All.Select(configuration => $"{configuration}")],
            Peer.All.Where(peer => peer.Workload != "gate").Select(peer => (string[])
            [
                peer.Workload,
                Whole(peer.Wires),
                $"{peer.Goal} ×",
                .. Configuration.All.Select(configuration => peer.At(configuration) is { } best ? $"{Time(best.Seconds)} {best.Program}" : "–"),
            ])),
        ["passes"] = Table(
            ["workload", "n", .. Configuration.All.Select(configuration => $"{configuration}")],
            Figures.Rows("forward", "forward-new", "gradient", "gradient-new", "batch").Where(row => row.Size.Wires >= 8).Select(row => (string[])
                [.. Heading(row), .. Configuration.All.Select(configuration => figures.Of(row, configuration)?.Passes is { } passes ? Number(passes) : "–")])),
        ["threads"] = Table(
            ["workload", "n", "double", "single"],
            Figures.Rows("forward", "gradient", "batch", "origin", "origin-guarded", "origin-pullback", "origin-jacobian", "sample").Where(IsShared).Select(row => (string[])
                [.. Heading(row), .. ((bool[])[false, true]).Select(single => Speedup(row, single))])),
        ["gate"] = Table(
            ["gate, wire's place", .. Configuration.All.Select(configuration => $"{configuration}")],
            Figures.Rows("gate").Select(row => (string[])[row.Variant!, .. Configuration.All.Select(configuration => OneGate(row, configuration))])),
        ["sparse"] = Table(
            ["workload", "n", .. Configuration.All.Select(configuration => $"{configuration}")],
            Figures.Rows("sparse", "sparse-whole").Select(row => (string[])[.. Heading(row), .. Configuration.All.Select(configuration => TimeAndRatio(row, configuration))])),
        ["epoch"] = Table(
            ["a training step", "10 samples", "100", "1000"],
            ((string[])["origin-epoch", "origin-epoch-cos"]).Select(name => (string[])
                [name, .. Figures.Rows(name).Select(row => figures.Of(row, Configuration.All[0]) is { } figure ? Time(figure.Seconds) : "–")])),
        ["allocated"] = $"Managed memory that a call allocates after the first, the most of all these workloads: {MostAllocated()} bytes.\n",
    };

    private static string[] Heading((string Name, string? Variant, WorkloadSize Size) row) =>
        [row.Name.EndsWith("-new", StringComparison.Ordinal) ? $"{row.Name[..^4]}, every weight new in each call" : row.Name, Whole(row.Size.Wires)];

    private static Peer? PeerOf((string Name, string? Variant, WorkloadSize Size) row)
    {
        var name = row.Name.EndsWith("-new", StringComparison.Ordinal) ? row.Name[..^4] : row.Name;
        return Peer.All.FirstOrDefault(peer => peer.Workload == name && peer.Variant == row.Variant && peer.Wires == row.Size.Wires);
    }

    private string TimeAndRatio((string Name, string? Variant, WorkloadSize Size) row, Configuration configuration)
    {
        if (figures.Of(row, configuration) is not { } figure)
        {
            return "–";
        }

        if (PeerOf(row) is not { } peer || peer.At(configuration) is not { } best)
        {
            return Time(figure.Seconds);
        }

        var ratio = best.Seconds / figure.Seconds;
        var missed = ratio < peer.GoalAt(configuration) ? " (goal missed)" : "";
        return $"{Time(figure.Seconds)}, {Number(ratio)} ×{missed}";
    }

    private string OneGate((string Name, string? Variant, WorkloadSize Size) row, Configuration configuration) =>
        figures.Of(row, configuration) is not { } figure
            ? "–"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Time(figure.Seconds)}, {figure.Passes:0.0} passes, {figure.GigabytesPerSecond:0} GB/s; peer {Time(PeerOf(row)!.At(configuration)!.Seconds)}");

    // Below, waking a thread costs what it brings.
    private bool IsShared((string Name, string? Variant, WorkloadSize Size) row) =>
        figures.Of(row, Configuration.All[0]) is { } figure && figure.Seconds * (row.Name == "sample" ? 1 : row.Size.Batch) > 50e-6;

    private string Speedup((string Name, string? Variant, WorkloadSize Size) row, bool single) =>
        (figures.Of(row, new(single, 1)), figures.Of(row, new(single, 2))) is ({ } one, { } two) ? Number(one.Seconds / two.Seconds, "0.00") : "–";

    private long MostAllocated() => (
        from row in Figures.Rows([.. Workload.Names.Where(name => !name.StartsWith("origin-epoch", StringComparison.Ordinal))])
        from configuration in Configuration.All
        select figures.Of(row, configuration)?.AllocatedBytes ?? 0).DefaultIfEmpty().Max();

    private static string Table(string[] heading, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", heading).Append(" |\n");
        text.Append('|').Insert(text.Length, "---|", heading.Length).Append('\n');
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value, string? format = null) =>
        value.ToString(format ?? (value < 19.95 ? "0.0" : "0"), CultureInfo.InvariantCulture);

    private static string Time(double seconds)
    {
        var (factor, unit) = seconds switch
        {
            < 1e-6 => (1e9, "ns"),
            < 1e-3 => (1e6, "µs"),
            < 1 => (1e3, "ms"),
            _ => (1, "s"),
        };
        var value = seconds * factor;
        return $"{value.ToString(value < 9.95 ? "0.0#" : value < 99.5 ? "0.0" : "0", CultureInfo.InvariantCulture)} {unit}";
    }
}
