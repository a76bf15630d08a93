// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Qusp.OpenQasm;

/// <summary>What the language calls the rows of the gate table.</summary>
internal static class QasmNames
{
    /// <summary>The row's name, with modifiers where it is derived from another: <c>cx</c>, <c>inv @ sx</c>, <c>ctrl @ negctrl @ y</c>.</summary>
    public static string Of(Gate gate, QasmVersion version)
    {
        if ((version == QasmVersion.Two ? gate.Qasm2 : gate.Qasm3) is { } name)
        {
            return name;
        }

        if (gate.Target is { } target)
        {
            return $"{string.Concat(gate.ControlValues.Select(value => value ? "ctrl @ " : "negctrl @ "))}{Of(target, version)}";
        }

        return gate switch
        {
            { Exponent: { } exponent, Origin: { } root } => $"pow({exponent.ToString("R", CultureInfo.InvariantCulture)}) @ {Of(root, version)}",
            { Origin: { } inner } => $"inv @ {Of(inner, version)}",
            _ => gate.Name.ToLowerInvariant(),
        };
    }

    /// <summary>The row that a definition writes out, if it is one that the writer makes; null if not.</summary>
    public static Gate? RowOf(QasmStatement.Definition definition) => null;
}
