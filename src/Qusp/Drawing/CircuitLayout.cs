// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Drawing;

/// <summary>
/// Where everything of a circuit stands, in wires and columns, without a unit of length: text and SVG are drawn from it.
/// An operation is as far left as its wires allow, and after the measurements whose bits it reads; nothing else stands between
/// its first and last wire.
/// </summary>
/// <param name="Wires">How many wires are drawn: the circuit's first ones.</param>
/// <param name="Columns">The operations, in columns from the left.</param>
/// <param name="Ends">What is measured on each wire, <c>[Wires]</c>; empty if nothing is on this wire alone.</param>
/// <param name="Notes">Lines below the drawing: joint measurements, and what is not drawn.</param>
internal sealed record CircuitLayout(
    int Wires,
    ImmutableArray<ImmutableArray<PlacedOperation>> Columns,
    ImmutableArray<string> Ends,
    ImmutableArray<string> Notes)
{
    /// <summary>More wires than these are not drawn.</summary>
    public const int MaxWires = 64;

    /// <summary>More operations than these are not drawn.</summary>
    public const int MaxOperations = 1000;

    private const int MaxMeasurements = 8;
    private const int MaxMeasurementText = 80;

    public static CircuitLayout Of(Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var wires = Math.Min(circuit.Wires, MaxWires);
        var visible = circuit.Operations.Where(operation => operation.Wires.All(wire => wire < wires)).ToList();
        List<string> notes = [];
        if (circuit.Wires > wires)
        {
            notes.Add($"… {circuit.Wires - wires} more wires, and {circuit.Operations.Length - visible.Count} operations on them, are not drawn");
        }

        if (visible.Count > MaxOperations)
        {
            notes.Add($"… {visible.Count - MaxOperations} more operations are not drawn");
        }

        var ends = Measured(circuit, wires, notes);
        return new(wires, Place(wires, circuit.Bits, visible.Take(MaxOperations)), ends, [.. notes]);
    }

    /// <summary>Breaks the columns into lines that are no wider than <paramref name="limit"/>; a column alone may be.</summary>
    /// <param name="widths">The width of each column.</param>
    /// <param name="end">The width of the measurements, which stay with the last column.</param>
    /// <param name="limit">The width that a line has.</param>
    /// <returns>The columns of each line; one line without columns if there are none.</returns>
    public static IEnumerable<Range> Lines(IReadOnlyList<double> widths, double end, double limit)
    {
        var (start, width) = (0, 0.0);
        for (var k = 0; k < widths.Count; k++)
        {
            var needed = widths[k] + (k == widths.Count - 1 ? end : 0);
            if (width + needed > limit && k > start)
            {
                yield return start..k;
                (start, width) = (k, 0);
            }

            width += widths[k];
        }

        yield return start..widths.Count;
    }

    private static ImmutableArray<ImmutableArray<PlacedOperation>> Place(int wires, int bits, IEnumerable<Operation> operations)
    {
        var free = new int[wires]; // the first column that nothing on this wire reaches
        var known = new int[bits]; // the first column in which what was written to this bit can be read
        var columns = new List<ImmutableArray<PlacedOperation>.Builder>();
        foreach (var operation in operations)
        {
            var placed = PlacedOperation.Of(operation);
            var span = free.AsSpan(placed.Top, placed.Bottom - placed.Top + 1);
            var column = 0;
            foreach (var first in span)
            {
                column = Math.Max(column, first);
            }

            foreach (var bit in operation.Conditions.SelectMany(condition => condition.Bits).Concat(operation.Bit is { } written ? [written] : []))
            {
                column = Math.Max(column, known[bit]);
            }

            span.Fill(column + 1);
            if (operation.Bit is { } target)
            {
                known[target] = column + 1;
            }

            while (column >= columns.Count)
            {
                columns.Add(ImmutableArray.CreateBuilder<PlacedOperation>());
            }

            columns[column].Add(placed);
        }

        return [.. columns.Select(column => column.OrderBy(placed => placed.Top).ToImmutableArray())];
    }

    private static ImmutableArray<string> Measured(Circuit circuit, int wires, List<string> notes)
    {
        var ends = Enumerable.Repeat("", wires).ToArray();
        var (joint, hidden) = (new List<string>(), 0);
        foreach (var measurement in circuit.Measurements)
        {
            if (measurement is Expectation { Observable.Terms: [(1.0, { Letters: [var (wire, pauli)] })] })
            {
                hidden += wire < wires ? 0 : 1;
                if (wire < wires)
                {
                    ends[wire] += ends[wire].Length == 0 ? $"⟨{pauli}⟩" : $" ⟨{pauli}⟩";
                }
            }
            else if (joint.Count < MaxMeasurements)
            {
                joint.Add(Shorten(measurement.ToString()!, MaxMeasurementText));
            }
            else
            {
                hidden++;
            }
        }

        if (joint.Count > 0)
        {
            notes.Add("measures " + string.Join(", ", joint));
        }

        if (hidden > 0)
        {
            notes.Add($"… {hidden} more measurements are not drawn");
        }

        return [.. ends];
    }

    /// <summary>The text, or its beginning and an ellipsis.</summary>
    internal static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
