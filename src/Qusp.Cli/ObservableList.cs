// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;

namespace Qusp.Cli;

/// <summary><c>--observables</c>: what expectation values a call asks for.</summary>
internal static class ObservableList
{
    public static Option<string?> Option() => Options.Text(
        "--observables", "LIST", "Expectation values, separated by commas, such as \"Z0,X0*Z2,0.5*Z0*Z1-0.25*X2\"; wires in order of declaration.");

    /// <summary>The observables that a call names, each with its text.</summary>
    /// <exception cref="UsageException">One is not understood or reads a wire that is not there.</exception>
    public static (string Text, PauliSum Observable)[] Read(Call call, Option<string?> option, int wires) =>
    [
        .. (call.Get(option) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text =>
        {
            var observable = UsageException.Blame(call.Place(option), () => PauliSum.Parse(text));
            var last = observable.Terms.Max(term => term.Word.LastWire);
            return last < wires
                ? (text, observable)
                : throw new UsageException(call.Place(option), $"{text} reads wire {last}, and the file declares {wires} qubits; wires count from 0");
        }),
    ];

    /// <summary>Z of every wire: what is measured where nothing is asked for.</summary>
    public static (string Text, PauliSum Observable)[] OfAllWires(int wires) =>
        [.. Enumerable.Range(0, wires).Select(wire => (string.Create(CultureInfo.InvariantCulture, $"Z{wire}"), (PauliSum)PauliWord.Z(wire)))];
}
