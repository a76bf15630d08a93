// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Qusp.Tests.Docs;

/// <summary>docs/gates.md is the table, printed. To print it anew: QUSP_WRITE_DOCS=1 dotnet run --project tests/Qusp.Tests -- -class '*GatePageTests'.</summary>
public sealed partial class GatePageTests
{
    [Fact]
    public void The_page_of_gates_is_the_table()
    {
        var path = Path.Combine(Repository.Root, "docs", "gates.md");
        var page = Page();
        if (Environment.GetEnvironmentVariable("QUSP_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.True(File.ReadAllText(path) == page, "docs/gates.md is stale; print it anew as the summary of this class says.");
    }

    private static string Page()
    {
        var summaries = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Qusp", "Gates"), "Gates.*.cs")
            .SelectMany(file => Summary().Matches(File.ReadAllText(file)))
            .DistinctBy(match => match.Groups["name"].Value)
            .ToDictionary(match => match.Groups["name"].Value, match => Text(match.Groups["summary"].Value));
        var page = new StringBuilder().Append(
            """
            # Gates

            The gate table, printed from it by a test that fails when this page is stale. Names, wires and matrices follow PennyLane 0.41; the first wire is the most significant bit of a matrix's index.
            Angles θ are in radians; the strengths of channels are written as angles. Frequencies are those of an expectation value as a function of each angle, from which its shift rule follows. A gate without decomposition works by its
            matrix or by its generator.

            Of any gate there are `gate.Adjoint()`, `gate.Controlled(true, false, …)` with a value for each control, and `gate.Power(exponent)`; of any block of a circuit `circuit.Adjoint(…)`, `circuit.Control(…)` and
            `circuit.Power(…)`. `Gates.Find` reads their names: `Adjoint(RX)`, `Controlled[01](RY)`, `Power[0.5](X)`.

            """);
        Table(page, "Fixed rows", Gates.All);
        Table(page, "Families", [Gates.MultiRZ(3), Gates.PauliRot("XYZ"), Gates.MultiControlledX(true, false, true), Gates.QFT(2), Gates.Barrier(2)]);
        Table(page, "Channels", [.. Gates.Channels, Gates.PauliChannel(), Gates.Depolarizing(2)]);
        Table(page, "In the course of a circuit", Gates.MidCircuit);
        page.Append(
            """

            `Gates.Unitary(matrix)` and `Gates.DiagonalUnitary(diagonal)` are any unitary of up to ten wires, `Gates.Channel(name, kraus)` is any channel.

            """);
        return page.ToString().ReplaceLineEndings("\n");

        void Table(StringBuilder text, string title, IEnumerable<Gate> gates)
        {
            text.Append("\n## " + title + "\n\n| gate | also | wires | angles | what it does | structure | frequencies | decomposition | OpenQASM 2 | OpenQASM 3 |\n|---|---|---|---|---|---|---|---|---|---|\n");
            foreach (var gate in gates)
            {
                string[] cells =
                [
                    Code(gate.Name),
                    string.Join(", ", gate.Aliases.Select(Code)),
                    $"{gate.Wires}",
                    $"{gate.Parameters}",
                    summaries.GetValueOrDefault(Property(gate), ""),
                    gate.Structure == GateStructure.Dense ? "" : $"{gate.Structure}".ToLowerInvariant(),
                    string.Join("; ", gate.Frequencies.Select(one => one.IsEmpty ? "none" : string.Join(", ", one))),
                    string.Join(" · ", gate.Decomposition.Select(part => Code($"{part}".Replace('x', 'θ')))),
                    gate.Qasm2 is null ? "" : Code(gate.Qasm2),
                    gate.Qasm3 is null ? "" : Code(gate.Qasm3),
                ];
                text.Append("| " + string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))) + " |\n");
            }
        }

        // The property of a row, or the method of a family.
        static string Property(Gate gate) => typeof(Gates).GetProperties()
            .FirstOrDefault(property => property.PropertyType == typeof(Gate) && ReferenceEquals(property.GetValue(null), gate))?.Name
            ?? gate.Name.Split('[')[0] switch
            {
                "Controlled" => nameof(Gates.MultiControlledX),
                "DepolarizingChannel" => nameof(Gates.Depolarizing),
                var family => family,
            };

        static string Code(string text) => $"`{text}`";
        static string Text(string xml) => Tag().Replace(Reference().Replace(LineStart().Replace(xml, " "), "${name}"), "").Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Trim();
    }

    [GeneratedRegex(@"/// <summary>(?<summary>(?:(?!</summary>)[\s\S])*)</summary>\n(?:\s*///.*\n)*\s*public static Gate (?<name>\w+)")]
    private static partial Regex Summary();

    [GeneratedRegex(@"\s*\n\s*///\s*")]
    private static partial Regex LineStart();

    [GeneratedRegex("""<see cref="(?<name>[\w.]+)[^"]*"/>""")]
    private static partial Regex Reference();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
