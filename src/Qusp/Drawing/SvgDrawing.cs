// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Qusp.Drawing;

/// <summary>
/// Draws circuits as SVG: dark lines and text, light boxes, no background, no fonts but the reader's monospace. Guarded
/// and conditional operations are dashed and coloured, with their predicate above them; noise is red, a measurement green, a barrier a grey bar. The same layout as <see cref="TextDrawing"/>.
/// </summary>
public static class SvgDrawing
{
    private const double Character = 7.9; // a monospace glyph of 13 px
    private const double SmallCharacter = 6.7; // and of 11 px
    private const double Pitch = 46; // from wire to wire
    private const double BoxHeight = 28;
    private const double Gap = 14; // between columns
    private const double Radius = 10; // of ⊕

    private const string Ink = "#1f2430";
    private const string GuardInk = "#b3470b";
    private const string Fill = "#e9eef8";
    private const string Fonts = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
    private const string GuardFill = "#fdeee2";
    private const string ChannelFill = "#f7dfe6";
    private const string MeasureFill = "#e3f3e3";
    private const string BarrierInk = "#9aa3b5";

    /// <summary>The circuit as the text of an SVG file.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="width">How many pixels wide a line may be before the drawing goes on below, at least 300.</param>
    public static string Draw(Circuit circuit, double width = 1200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 300);
        var layout = CircuitLayout.Of(circuit);
        double[] widths = [.. layout.Columns.Select(column => column.Max(Width) + Gap)];
        var margin = 16 + (Character * (layout.Wires - 1).ToString(CultureInfo.InvariantCulture).Length);
        var end = 12 + (Character * layout.Ends.Max(text => text.Length));
        var body = new StringBuilder();
        var (top, right) = (0.0, 0.0);
        foreach (var line in CircuitLayout.Lines(widths, end, width - margin))
        {
            var isLast = line.End.Value == widths.Length;
            var lineEnd = margin + Gap + widths[line].Sum();
            top += 32;
            for (var wire = 0; wire < layout.Wires; wire++)
            {
                var y = top + (wire * Pitch);
                Text(body, margin - 8, y, wire.ToString(CultureInfo.InvariantCulture), "end");
                Line(body, margin, y, lineEnd, y);
                Text(body, lineEnd + 6, y, isLast ? layout.Ends[wire] : "»", "start");
            }

            Columns(body, layout.Columns[line], widths[line], margin + (Gap / 2), top);
            right = Math.Max(right, lineEnd + (isLast ? end : 20));
            top += ((layout.Wires - 1) * Pitch) + 28;
        }

        foreach (var note in layout.Notes)
        {
            Text(body, 8, top += 14, note, "start");
            right = Math.Max(right, 16 + (Character * note.Length));
            top += 6;
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{N(right)}" height="{N(top + 4)}" viewBox="0 0 {N(right)} {N(top + 4)}"
                 font-family="{Fonts}" font-size="13">
            {body}</svg>

            """.ReplaceLineEndings("\n");
    }

    private static void Columns(StringBuilder body, ImmutableArray<ImmutableArray<PlacedOperation>> columns, double[] widths, double left, double top)
    {
        for (var k = 0; k < columns.Length; k++)
        {
            foreach (var operation in columns[k])
            {
                Draw(body, operation, left + (widths[k] / 2), top);
            }

            left += widths[k];
        }
    }

    private static void Draw(StringBuilder body, PlacedOperation operation, double x, double top)
    {
        if (operation.Kind == GateKind.Barrier)
        {
            foreach (var part in operation.Parts)
            {
                var y = top + (part.Top * Pitch);
                body.Append($"<path d=\"M{N(x)} {N(y - (Pitch / 2))}V{N(y + (Pitch / 2))}\" stroke=\"{BarrierInk}\" stroke-width=\"6\" stroke-opacity=\"0.5\"/>\n");
            }

            return;
        }

        var guarded = operation.Guard is not null;
        if (operation.Bottom > operation.Top)
        {
            Line(body, x, top + (operation.Top * Pitch), x, top + (operation.Bottom * Pitch), guarded);
        }

        foreach (var part in operation.Parts)
        {
            var y = top + (part.Top * Pitch);
            if (part.IsBox)
            {
                Box(body, part, x, y, guarded, operation.Kind);
            }
            else
            {
                Mark(body, part.Mark, x, y, guarded ? GuardInk : Ink);
            }
        }

        if (operation.Guard is { } guard)
        {
            var first = operation.Parts[0];
            var height = first.IsBox ? BoxHeight / 2 : first.Mark == WireMark.Plus ? Radius : 5;
            var y = top + (operation.Top * Pitch) - height - 4;
            body.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"middle\" font-size=\"11\" font-style=\"italic\" fill=\"{GuardInk}\">")
                .Append(Escape(guard)).Append("</text>\n");
        }
    }

    private static void Box(StringBuilder body, DrawnPart part, double x, double y, bool guarded, GateKind kind)
    {
        var (width, height) = (Width(part), BoxHeight + ((part.Bottom - part.Top) * Pitch));
        var (left, ports) = (x - (width / 2), part.Ports.IsEmpty ? 0 : Character * 1.5);
        var fill = kind switch { GateKind.Channel => ChannelFill, GateKind.Measure => MeasureFill, _ => guarded ? GuardFill : Fill };
        var style = guarded ? $"fill=\"{fill}\" stroke=\"{GuardInk}\" stroke-dasharray=\"4 3\"" : $"fill=\"{fill}\" stroke=\"{Ink}\"";
        body.Append($"<rect x=\"{N(left)}\" y=\"{N(y - (BoxHeight / 2))}\" width=\"{N(width)}\" height=\"{N(height)}\" rx=\"4\" {style}/>\n");
        Text(body, x + (ports / 2), y + ((part.Bottom - part.Top) * Pitch / 2), part.Label, "middle");
        for (var k = 0; k < part.Ports.Length; k++)
        {
            Text(body, left + 5, y + (k * Pitch), part.Ports[k], "start");
        }
    }

    private static void Mark(StringBuilder body, WireMark mark, double x, double y, string ink)
    {
        if (mark != WireMark.Cross)
        {
            var (radius, fill) = mark switch { WireMark.Dot => (5, ink), WireMark.Ring => (5, "#ffffff"), _ => (Radius, Fill) };
            body.Append($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" fill=\"{fill}\" stroke=\"{ink}\" stroke-width=\"1.5\"/>\n");
        }

        if (mark == WireMark.Plus)
        {
            body.Append($"<path d=\"M{N(x - Radius)} {N(y)}H{N(x + Radius)}M{N(x)} {N(y - Radius)}V{N(y + Radius)}\" stroke=\"{ink}\" stroke-width=\"1.5\"/>\n");
        }

        if (mark == WireMark.Cross)
        {
            var (left, right, above, below) = (N(x - 5), N(x + 5), N(y - 5), N(y + 5));
            body.Append($"<path d=\"M{left} {above}L{right} {below}M{left} {below}L{right} {above}\" stroke=\"{ink}\" stroke-width=\"2\"/>\n");
        }
    }

    private static void Line(StringBuilder body, double x1, double y1, double x2, double y2, bool guarded = false) => body.Append(
        CultureInfo.InvariantCulture,
        $"<path d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\" stroke=\"{(guarded ? GuardInk : Ink)}\" stroke-width=\"1.2\"{(guarded ? " stroke-dasharray=\"4 3\"" : "")}/>\n");

    private static void Text(StringBuilder body, double x, double y, string text, string anchor)
    {
        if (text.Length > 0)
        {
            body.Append(CultureInfo.InvariantCulture, $"<text x=\"{N(x)}\" y=\"{N(y + 4.5)}\" text-anchor=\"{anchor}\" fill=\"{Ink}\">{Escape(text)}</text>\n");
        }
    }

    private static double Width(PlacedOperation operation) =>
        Math.Max(SmallCharacter * (operation.Guard?.Length ?? 0), operation.Parts.Max(Width));

    private static double Width(DrawnPart part) => part.IsBox
        ? Math.Max(BoxHeight, (Character * (part.Label.Length + (part.Ports.IsEmpty ? 0 : 1.5))) + 12)
        : 2 * Radius;

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    internal static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
