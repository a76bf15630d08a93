// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp.Drawing;

/// <summary>
/// Draws circuits as text. An operation that hangs on the data or on measured bits has dashed lines and its predicate above it; what is measured on a wire
/// stands at its end, joint measurements below. Very large circuits are drawn in part, and a line says so.
/// <code>
///    ┌x0>0.1┐  x0>0.1
/// 0: ┤RY(x0)├────●───── ⟨Z⟩
///    └╌╌╌╌╌╌┘    ┆
/// 1: ────────────⊕───── ⟨Z⟩
/// </code>
/// </summary>
public static class TextDrawing
{
    /// <summary>The circuit, one line a wire and lines between them.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="width">How many characters a line has before the drawing goes on below, at least 40.</param>
    public static string Draw(Circuit circuit, int width = 120)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 40);
        var layout = CircuitLayout.Of(circuit);
        var margin = (layout.Wires - 1).ToString(CultureInfo.InvariantCulture).Length + 2;
        var end = layout.Ends.Max(text => text.Length);
        int[] widths = [.. layout.Columns.Select(Width)];
        var blocks = new List<string>();
        foreach (var line in CircuitLayout.Lines([.. widths.Select(value => (double)value)], end, width - margin - 2))
        {
            var isLast = line.End.Value == layout.Columns.Length;
            blocks.Add(string.Join('\n', Block(layout, widths[line], layout.Columns[line], margin, isLast ? layout.Ends : default)));
        }

        var drawing = string.Join("\n\n", blocks);
        return layout.Notes.IsEmpty ? drawing : $"{drawing}\n{string.Join('\n', layout.Notes)}";
    }

    private static IEnumerable<string> Block(
        CircuitLayout layout, int[] widths, ImmutableArray<ImmutableArray<PlacedOperation>> columns, int margin, ImmutableArray<string> ends)
    {
        var rows = Rows(layout.Wires, columns);
        var right = margin + Math.Max(widths.Sum(), 2);
        var canvas = new TextCanvas(rows[^1] + 1, right + 2 + (ends.IsDefault ? 0 : ends.Max(text => text.Length)));
        for (var wire = 0; wire < layout.Wires; wire++)
        {
            var row = rows[wire];
            canvas.Write(row, 0, wire.ToString(CultureInfo.InvariantCulture).PadLeft(margin - 2) + ":");
            canvas.Horizontal(row, margin, right);
            canvas.Write(row, margin, "─");
            canvas.Write(row, right, ends.IsDefault ? "»" : "─");
            canvas.Write(row, right + 2, ends.IsDefault ? "" : ends[wire]);
        }

        var left = margin;
        for (var k = 0; k < columns.Length; k++)
        {
            foreach (var operation in columns[k])
            {
                Draw(canvas, rows, operation, left + ((widths[k] - 1) / 2));
            }

            left += widths[k];
        }

        return canvas.Lines();
    }

    // The row of each wire, and last the row below all. Between two wires is one row, or two where a box ends in the same
    // column in which a predicate stands.
    private static int[] Rows(int wires, ImmutableArray<ImmutableArray<PlacedOperation>> columns)
    {
        var heights = Enumerable.Repeat(1, wires + 1).ToArray();
        heights[0] = columns.Any(column => column[0].Top == 0 && (column[0].Guard is not null || column[0].Parts[0].IsBox)) ? 1 : 0;
        heights[wires] = columns.Any(column => column[^1].Bottom == wires - 1 && column[^1].Parts[^1].IsBox) ? 1 : 0;
        foreach (var column in columns)
        {
            for (var k = 1; k < column.Length; k++)
            {
                if (column[k].Top == column[k - 1].Bottom + 1 && column[k].Guard is not null && column[k - 1].Parts[^1].IsBox)
                {
                    heights[column[k].Top] = 2;
                }
            }
        }

        var rows = new int[wires + 1];
        for (var (wire, row) = (0, 0); wire <= wires; wire++)
        {
            row += heights[wire];
            rows[wire] = wire < wires ? row++ : row - 1;
        }

        return rows;
    }

    private static void Draw(TextCanvas canvas, int[] rows, PlacedOperation operation, int center)
    {
        var dash = operation.Guard is not null;
        for (var k = 1; k < operation.Parts.Length; k++)
        {
            var (above, below) = (operation.Parts[k - 1], operation.Parts[k]);
            if (operation.Kind == GateKind.Barrier)
            {
                Bar(canvas, rows, above, below, center);
                continue;
            }

            canvas.Vertical(center, rows[above.Bottom] + (above.IsBox ? 1 : 0), rows[below.Top] - (below.IsBox ? 1 : 0), dash);
        }

        foreach (var part in operation.Parts)
        {
            if (part.IsBox)
            {
                Box(canvas, rows, part, center, Width(part, part.Top == operation.Top ? operation.Guard : null), dash);
            }
            else
            {
                canvas.Write(rows[part.Top], center, part.Mark switch { WireMark.Dot => "●", WireMark.Ring => "○", WireMark.Plus => "⊕", WireMark.Bar => "░", _ => "×" });
            }
        }

        if (operation.Guard is { } guard)
        {
            canvas.Write(rows[operation.Top] - 1, center - ((guard.Length - 1) / 2), guard);
        }
    }

    // A barrier leaves alone the wires between its own.
    private static void Bar(TextCanvas canvas, int[] rows, DrawnPart above, DrawnPart below, int center)
    {
        for (var row = rows[above.Bottom] + 1; row < rows[below.Top]; row++)
        {
            if (!rows.AsSpan(above.Bottom, below.Top - above.Bottom).Contains(row))
            {
                canvas.Write(row, center, "░");
            }
        }
    }

    private static void Box(TextCanvas canvas, int[] rows, DrawnPart part, int center, int width, bool dash)
    {
        var left = center - ((width - 1) / 2);
        var right = left + width - 1;
        var (top, bottom) = (rows[part.Top] - 1, rows[part.Bottom] + 1);
        canvas.Horizontal(top, left, right, dash);
        canvas.Horizontal(bottom, left, right, dash);
        canvas.Vertical(left, top, bottom, dash);
        canvas.Vertical(right, top, bottom, dash);
        for (var wire = part.Top; wire <= part.Bottom; wire++)
        {
            canvas.Clear(rows[wire], left + 1, right - 1);
            canvas.Write(rows[wire], left + 1, new string(' ', width - 2));
            canvas.Write(rows[wire], left + 1, part.Ports.IsEmpty ? "" : part.Ports[wire - part.Top]);
        }

        var ports = PortWidth(part);
        var space = width - 2 - ports - part.Label.Length;
        canvas.Write((rows[part.Top] + rows[part.Bottom]) / 2, left + 1 + ports + (space / 2), part.Label);
    }

    private static int Width(ImmutableArray<PlacedOperation> column) => 2 + column.Max(operation =>
        Math.Max(operation.Guard?.Length ?? 0, operation.Parts.Max(part => Width(part, part.Top == operation.Top ? operation.Guard : null))));

    // A box is as wide as its label, its ports and the predicate in its upper border; a single letter gets air.
    private static int Width(DrawnPart part, string? guard) => !part.IsBox ? 1
        : 2 + Math.Max(guard?.Length ?? 0, PortWidth(part) + part.Label.Length + (part.Label.Length == 1 ? 2 : 0));

    private static int PortWidth(DrawnPart part) => part.Ports.IsEmpty ? 0 : part.Ports.Max(port => port.Length) + 1;
}
