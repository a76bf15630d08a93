// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Qusp.Drawing;

/// <summary>Draws counts or probabilities of bit strings as SVG: a bar for each, its value above and the bit string below.</summary>
public static class HistogramDrawing
{
    private const int MostBars = 64;
    private const double Height = 220; // of the tallest bar
    private const double Character = 7.3; // a monospace glyph of 12 px
    private const double Left = 56;
    private const double Top = 28;

    private const string Ink = "#1f2430";
    private const string Bar = "#5b7fc7";
    private const string Rule = "#d5dae5";
    private const string Fonts = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

    /// <summary>The histogram as the text of an SVG file.</summary>
    /// <param name="bars">Bit strings and their values, none negative; of more than 64 the largest are drawn, and a line says so.</param>
    /// <param name="what">What the values are, such as <c>counts</c>.</param>
    /// <exception cref="ArgumentException">A value is negative or no number.</exception>
    public static string Draw(ImmutableArray<(string Label, double Value)> bars, string what)
    {
        ArgumentNullException.ThrowIfNull(what);
        if (bars.IsDefault || bars.Any(bar => !(bar.Value >= 0) || !double.IsFinite(bar.Value)))
        {
            throw new ArgumentException("A histogram has values from 0, and finite ones.", nameof(bars));
        }

        var shown = bars;
        if (bars.Length > MostBars)
        {
            var least = bars.Select(bar => bar.Value).OrderDescending().ElementAt(MostBars - 1);
            shown = [.. bars.Where(bar => bar.Value >= least).Take(MostBars)];
        }

        // Long labels stand on end, so that bars need not be as wide as they are long.
        var longest = shown.Select(bar => bar.Label.Length).DefaultIfEmpty().Max();
        var upright = longest > 6;
        var pitch = Math.Max(upright ? 26 : (longest * Character) + 10, 40);
        var top = Ceiling(shown.Select(bar => bar.Value).DefaultIfEmpty().Max());
        var bottom = Top + Height;
        var body = new StringBuilder();
        for (var k = 0; k <= 4; k++)
        {
            var y = bottom - (Height * k / 4);
            body.Append($"<path d=\"M{N(Left)} {N(y)}H{N(Left + Math.Max(pitch * shown.Length, 60))}\" stroke=\"{(k == 0 ? Ink : Rule)}\" stroke-width=\"1\"/>\n");
            Text(body, Left - 6, y + 4, Number(top * k / 4), "end");
        }

        for (var k = 0; k < shown.Length; k++)
        {
            var (label, value) = shown[k];
            var (x, height) = (Left + (pitch * (k + 0.5)), top == 0 ? 0 : Height * value / top);
            body.Append($"<rect x=\"{N(x - (pitch * 0.35))}\" y=\"{N(bottom - height)}\" width=\"{N(pitch * 0.7)}\" height=\"{N(height)}\" fill=\"{Bar}\"/>\n");
            Text(body, x, bottom - height - 5, Number(value), "middle");
            Text(body, upright ? x + 4 : x, bottom + (upright ? 8 : 18), label, upright ? "end" : "middle", upright);
        }

        var below = bottom + (upright ? (longest * Character) + 16 : 30);
        Text(body, 6, 14, what, "start");
        if (shown.Length < bars.Length)
        {
            Text(body, 6, below + 8, $"… {bars.Length - shown.Length} more bit strings, each with less, are not drawn", "start");
            below += 14;
        }

        var width = Left + Math.Max(pitch * shown.Length, shown.Length < bars.Length ? 440 : 60) + 12;
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{N(width)}" height="{N(below)}" viewBox="0 0 {N(width)} {N(below)}"
                 font-family="{Fonts}" font-size="12">
            {body}</svg>

            """.ReplaceLineEndings("\n");
    }

    // The next of 1, 2, 4, 5, 8, 10 times a power of ten: quarters of it are short numbers.
    private static double Ceiling(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        double[] steps = [1, 2, 4, 5, 8, 10];
        return power * steps.First(step => step * power >= value * (1 - 1e-12));
    }

    private static void Text(StringBuilder body, double x, double y, string text, string anchor, bool upright = false)
    {
        var turn = upright ? $" transform=\"rotate(-90 {N(x)} {N(y)})\"" : "";
        body.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\" fill=\"{Ink}\"{turn}>{SvgDrawing.Escape(text)}</text>\n");
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
