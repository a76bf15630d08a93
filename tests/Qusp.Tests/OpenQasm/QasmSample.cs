// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Qusp.OpenQasm;

namespace Qusp.Tests;

/// <summary>A file of tests/golden/qasm, whose lines <c>//=</c> say what must come out.</summary>
internal sealed record QasmSample(
    string Name,
    QasmProgram Program,
    ImmutableArray<double> Inputs,
    ImmutableArray<double> Weights,
    ImmutableArray<(string Observable, double Value)> Expectations,
    ImmutableDictionary<string, double> Probabilities)
{
    private const string Mark = "//= ";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "golden", "qasm");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.qasm").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    public static QasmSample Load(string name)
    {
        var path = Path.Combine(Folder, name + ".qasm");
        var program = QasmReader.Load(path);
        var facts = File.ReadLines(path).Where(line => line.StartsWith(Mark, StringComparison.Ordinal))
            .Select(line => line[Mark.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLookup(words => words.Length == 2 && words[0] != "weight" ? "observable" : words[0]);
        var inputs = facts["input"].ToDictionary(words => words[1], words => Number(words[2]));
        return new(
            name,
            program,
            [.. program.Inputs.Select(input => inputs[input])],
            [.. facts["weight"].Select(words => Number(words[1]))],
            [.. facts["observable"].Select(words => (words[0], Number(words[1])))],
            facts["P"].ToImmutableDictionary(words => words[1], words => Number(words[2])));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
