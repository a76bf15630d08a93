// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp.OpenQasm;

/// <summary>What the language calls the rows of the gate table.</summary>
internal static class QasmNames
{
    /// <summary>
    /// The row's name, with modifiers where it is derived from another, such as <c>cx</c>, <c>inv @ sx</c>,
    /// <c>ctrl(2) @ negctrl @ y</c>; null if the version has no such name. Rows that no library has are called by <see cref="Defined"/>.
    /// </summary>
    public static string? Spelled(Gate gate, QasmVersion version)
    {
        if (QasmLibrary.NameOf(gate, version) is { } name)
        {
            return name;
        }

        if (Defined(gate) is { } own)
        {
            return own;
        }

        return version == QasmVersion.Two || gate.IsCustom ? null : gate switch
        {
            { Target: { } target } => Spelled(target, version) is { } inner ? Controls(gate.ControlValues) + inner : null,
            { Exponent: { } exponent, Origin: { } root } =>
                Spelled(root, version) is { } inner ? $"pow({exponent.ToString("R", CultureInfo.InvariantCulture)}) @ {inner}" : null,
            { Origin: { } origin } => Spelled(origin, version) is { } inner ? $"inv @ {inner}" : null,
            _ => null,
        };
    }

    /// <summary>The row's name for who reads, in any version: modifiers stand where a version has none, and the table's name in lower case where it has no name.</summary>
    public static string Of(Gate gate, QasmVersion version) =>
        Spelled(gate, version) ?? (version == QasmVersion.Two ? Spelled(gate, QasmVersion.Three) : null) ?? gate.Name.ToLowerInvariant();

    /// <summary>The name under which the writer defines a row of the table that no library has; null for other gates.</summary>
    public static string? Defined(Gate gate) => Own.GetValueOrDefault(gate);

    /// <summary>The row that a definition writes out just as the writer does; null if there is none.</summary>
    public static Gate? RowOf(QasmStatement.Definition definition, QasmVersion version) =>
        Own.FirstOrDefault(pair => pair.Value == definition.Name).Key is { } row && definition.Text is { } text && Bare(QasmWriter.Define(row, version)) == Bare(text) ? row : null;

    private static readonly ImmutableDictionary<Gate, string> Own = Gates.All
        .Where(gate => !gate.Equals(Gates.GlobalPhase) && (QasmLibrary.NameOf(gate, QasmVersion.Two) is null || QasmLibrary.NameOf(gate, QasmVersion.Three) is null))
        .ToImmutableDictionary(gate => gate, gate =>
            gate.Qasm2 ?? (gate.Aliases.FirstOrDefault(alias => alias.StartsWith('R') && alias.Length == 3) ?? gate.Name).ToLowerInvariant()); // rxx, ryy, rzz

    private static string Controls(ImmutableArray<bool> values)
    {
        var text = "";
        for (var (start, k) = (0, 1); k <= values.Length; k++)
        {
            if (k == values.Length || values[k] != values[start])
            {
                text += $"{(values[start] ? "ctrl" : "negctrl")}{(k - start > 1 ? $"({k - start})" : "")} @ ";
                start = k;
            }
        }

        return text;
    }

    private static string Bare(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}
