// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Drawing;
using Qusp.OpenQasm;

namespace Qusp.Cli;

/// <summary>What a run found, for people and as JSON.</summary>
/// <param name="Program">The file.</param>
/// <param name="Circuit">The circuit as it ran, without the measurements that end it.</param>
/// <param name="Selection">Where it ran.</param>
internal sealed record RunReport(QasmProgram Program, Circuit Circuit, DeviceSelection Selection)
{
    private const int MostRows = 32; // of a table for people

    /// <summary>The expectation values by the text that asked for them.</summary>
    public ImmutableArray<(string Text, double Value)> Expectations { get; init; } = [];

    /// <summary>The probability of each bit string; null if not asked for.</summary>
    public double[]? Probabilities { get; init; }

    /// <summary>Real and imaginary part of each amplitude in turn; null if not asked for.</summary>
    public double[]? State { get; init; }

    /// <summary>How often each bit string came up; null if not asked for.</summary>
    public Counts? Counts { get; init; }

    public void Print(Terminal terminal)
    {
        if (terminal.IsJson)
        {
            terminal.Json(Document());
            return;
        }

        var (operations, resources) = (Operations(), Circuit.Resources());
        terminal.Facts(
            ("wires", Number(Circuit.Wires)),
            ("operations", operations.Count == 0 ? "none" : string.Join(", ", operations.Select(pair => $"{pair.Key} {Number(pair.Value)}"))),
            ("two-qubit gates", Number(resources.TwoQubitGates)),
            ("depth", Number(resources.Depth)),
            ("device", Selection.Reason));
        if (!Expectations.IsEmpty)
        {
            terminal.Table(["observable", "expectation"], Expectations.Select(one => new[] { one.Text, Number(one.Value) }));
        }

        if (Probabilities is { } probabilities)
        {
            Print(terminal, "probability", probabilities.Index().Where(entry => entry.Item > 1e-12).Select(entry => (Bits(entry.Index), Number(entry.Item), entry.Item)));
        }

        if (State is { } state)
        {
            Print(terminal, "amplitude", state.Chunk(2).Index().Select(entry => (Bits(entry.Index), Amplitude(entry.Item), Math.Pow(entry.Item[0], 2) + Math.Pow(entry.Item[1], 2)))
                .Where(row => row.Item3 > 1e-24));
        }

        if (Counts is not null)
        {
            Print(terminal, "count", Counts.Entries.Select(one => (one.Bits, Number(one.Count), (double)one.Count)));
        }
    }

    /// <summary>The operations by the names that the file gives them: gates, resets and what is measured in their course.</summary>
    private SortedDictionary<string, int> Operations()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var measurements = Circuit.Operations.Count(operation => operation.Gate.Kind == GateKind.Measure);
        foreach (var name in Program.Names.Where(name => name is not (null or "barrier" or "measure")))
        {
            counts[name!] = counts.GetValueOrDefault(name!) + 1;
        }

        if (measurements > 0)
        {
            counts["measure"] = measurements;
        }

        return counts;
    }

    /// <summary>Counts, or else probabilities, as a picture.</summary>
    public string Histogram() => Counts is not null
        ? HistogramDrawing.Draw([.. Counts.Entries.Select(one => (one.Bits, (double)one.Count))], "counts")
        : HistogramDrawing.Draw([.. (Probabilities ?? []).Index().Where(entry => entry.Item > 1e-12).Select(entry => (Bits(entry.Index), entry.Item))], "probability");

    private JsonObject Document()
    {
        var resources = Circuit.Resources();
        var document = new JsonObject
        {
            ["wires"] = Circuit.Wires,
            ["operations"] = new JsonObject(Operations().Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["twoQubitGates"] = resources.TwoQubitGates,
            ["depth"] = resources.Depth,
        };
        if (!Expectations.IsEmpty)
        {
            var expectations = new JsonObject();
            foreach (var (text, value) in Expectations)
            {
                expectations[text] = Json.Number(value);
            }

            document["expectations"] = expectations;
        }

        if (Probabilities is { } probabilities)
        {
            document["probabilities"] = Json.Array(probabilities);
        }

        if (Counts is not null)
        {
            document["counts"] = new JsonObject(Counts.Entries.Select(one => KeyValuePair.Create(one.Bits, (JsonNode?)one.Count)));
        }

        if (State is { } state)
        {
            document["state"] = Json.Rows(state, 2);
        }

        document["device"] = Selection.Device.Name;
        return document;
    }

    private static void Print(Terminal terminal, string what, IEnumerable<(string Bits, string Value, double Weight)> rows)
    {
        var all = rows.ToArray();
        var shown = all.Length <= MostRows ? all : [.. all.OrderByDescending(row => row.Weight).Take(MostRows)];
        terminal.Table(["bits", what], shown.Select(row => new[] { row.Bits, row.Value }));
        if (shown.Length < all.Length)
        {
            terminal.Line($"… {Number(all.Length - shown.Length)} more bit strings; --json has all");
        }
    }

    private string Bits(int index) => Convert.ToString(index, 2).PadLeft(Circuit.Wires, '0');

    private static string Amplitude(double[] parts) => $"{Number(parts[0])}{(parts[1] < 0 ? "-" : "+")}{Number(Math.Abs(parts[1]))}i";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => (Math.Abs(value) < 5e-9 ? 0 : value).ToString("0.########", CultureInfo.InvariantCulture);
}
