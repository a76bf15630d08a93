// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Page;

/// <summary>The figures of the page, as <c>qusp bench --json</c> prints them: measured, kept in a file, looked up.</summary>
internal sealed class Figures
{
    private readonly Dictionary<(string Workload, string? Variant, int Wires, int Batch, Configuration Configuration), JsonObject> results = [];

    /// <summary>Those of a file; none if it is not there.</summary>
    public static Figures Read(string path)
    {
        var figures = new Figures();
        foreach (var result in File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsArray() : [])
        {
            figures.Take(result!.DeepClone().AsObject());
        }

        return figures;
    }

    /// <summary>Measures workloads and takes their figures for the old ones; the file has every one as soon as it is measured.</summary>
    public void Measure(IReadOnlyList<string> names, IEnumerable<Configuration> configurations, string path)
    {
        foreach (var (single, threads) in configurations)
        {
            foreach (var workload in Workload.All.Where(workload => names.Count == 0 || names.Contains(workload.Name)))
            {
                foreach (var size in workload.Sizes(new WorkloadSize(0, 0, 0, threads, single)))
                {
                    Console.Error.WriteLine($"{workload.Name} {workload.Variant} {size.Wires} {(single ? "single" : "double")} {threads} …");
                    Take(WorkloadResult.Of(workload, size).Document());
                    Write(path);
                }
            }
        }
    }

    /// <summary>The rows of some workloads, in the order of <see cref="Workload.All"/>.</summary>
    public static IEnumerable<(string Name, string? Variant, WorkloadSize Size)> Rows(params string[] names) =>
        from workload in Workload.All
        where names.Contains(workload.Name)
        from size in workload.Sizes(new WorkloadSize(0, 0, 0))
        select (workload.Name, workload.Variant, size);

    /// <summary>A figure, null if it was not measured.</summary>
    public Figure? Of((string Name, string? Variant, WorkloadSize Size) row, Configuration configuration) =>
        results.GetValueOrDefault((row.Name, row.Variant, row.Size.Wires, row.Size.Batch, configuration)) is not { } result
            ? null
            : new((double)result["secondsPerCircuit"]!, (double?)result["passes"], (double?)result["gigabytesPerSecond"], (long)result["allocatedBytes"]!);

    private void Take(JsonObject result)
    {
        var configuration = new Configuration((string?)result["precision"] == "single", (int)result["threads"]!);
        results[((string)result["workload"]!, (string?)result["variant"], (int)result["wires"]!, (int)result["batch"]!, configuration)] = result;
    }

    private void Write(string path)
    {
        var options = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var ordered = results.OrderBy(result => (result.Key.Configuration.Threads, result.Key.Configuration.Single, Place(result.Key.Workload, result.Key.Variant), result.Key.Wires, result.Key.Batch));
        var text = new JsonArray([.. ordered.Select(result => result.Value.DeepClone())]).ToJsonString(options);
        File.WriteAllText(path + ".new", text + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    private static int Place(string name, string? variant) =>
        Workload.All.Index().First(workload => workload.Item.Name == name && workload.Item.Variant == variant).Index;
}

/// <summary>What the page shows of a result.</summary>
internal sealed record Figure(double Seconds, double? Passes, double? GigabytesPerSecond, long AllocatedBytes);
