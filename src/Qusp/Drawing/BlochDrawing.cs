// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Qusp.Drawing;

/// <summary>
/// Draws Bloch vectors as SVG, a sphere for each: x to the front left, y to the right, z up, seen from a little above. The vector of a
/// wire is (⟨X⟩, ⟨Y⟩, ⟨Z⟩) of its reduced density matrix, and shorter than the radius where the wire is entangled or noisy.
/// </summary>
public static class BlochDrawing
{
    private const int MostSpheres = 64;
    private const int PerRow = 6;
    private const double Radius = 62;
    private const double Pitch = 170;
    private const double RowPitch = 196;

    private const string Ink = "#1f2430";
    private const string Faint = "#b9c1d2";
    private const string Arrow = "#b3470b";
    private const string Fonts = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

    // Where the axes point on paper: an orthographic view, turned by 30° about z and tilted by 15°.
    private static readonly (double X, double Y) AxisX = (-0.5, 0.224), AxisY = (0.866, 0.129), AxisZ = (0, -0.966);

    /// <summary>The spheres as the text of an SVG file, six in a row.</summary>
    /// <param name="vectors">A label and the Bloch vector of each; more than 64 are not drawn, and a line says so.</param>
    /// <exception cref="ArgumentException">A vector is longer than 1, or no number.</exception>
    public static string Draw(ImmutableArray<(string Label, double X, double Y, double Z)> vectors)
    {
        if (vectors.IsDefault || vectors.Any(one => !((one.X * one.X) + (one.Y * one.Y) + (one.Z * one.Z) <= 1 + 1e-6)))
        {
            throw new ArgumentException("A Bloch vector is at most 1 long.", nameof(vectors));
        }

        var body = new StringBuilder();
        var count = Math.Min(vectors.Length, MostSpheres);
        for (var k = 0; k < count; k++)
        {
            Sphere(body, vectors[k], (Pitch * (k % PerRow)) + (Pitch / 2), (RowPitch * (k / PerRow)) + 98);
        }

        var (width, height) = (Pitch * Math.Clamp(count, 1, PerRow), RowPitch * Math.Max(1, (count + PerRow - 1) / PerRow));
        if (count < vectors.Length)
        {
            Text(body, 8, height + 12, $"… {vectors.Length - count} more are not drawn", "start", Ink);
            height += 20;
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{N(width)}" height="{N(height)}" viewBox="0 0 {N(width)} {N(height)}"
                 font-family="{Fonts}" font-size="12">
            {body}</svg>

            """.ReplaceLineEndings("\n");
    }

    private static void Sphere(StringBuilder body, (string Label, double X, double Y, double Z) vector, double x, double y)
    {
        body.Append($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(Radius)}\" fill=\"#f4f6fb\" stroke=\"{Ink}\" stroke-width=\"1.2\"/>\n");
        body.Append($"<ellipse cx=\"{N(x)}\" cy=\"{N(y)}\" rx=\"{N(Radius)}\" ry=\"{N(Radius * 0.259)}\" fill=\"none\" stroke=\"{Faint}\" stroke-width=\"1\"/>\n");
        foreach (var (name, axis) in (ReadOnlySpan<(string, (double X, double Y))>)[("x", AxisX), ("y", AxisY)])
        {
            Line(body, x - (Radius * axis.X), y - (Radius * axis.Y), x + (Radius * axis.X), y + (Radius * axis.Y), Faint, 1);
            Text(body, x + (Radius * axis.X * 1.18), y + (Radius * axis.Y * 1.18) + 4, name, "middle", Ink);
        }

        Line(body, x, y - (Radius * AxisZ.Y), x, y + (Radius * AxisZ.Y), Faint, 1);
        Text(body, x, y - Radius - 5, "|0⟩", "middle", Ink);
        Text(body, x, y + Radius + 14, "|1⟩", "middle", Ink);
        Text(body, x - Radius - 8, y - Radius + 2, vector.Label, "middle", Ink);
        var (dx, dy) = (
            Radius * ((vector.X * AxisX.X) + (vector.Y * AxisY.X)),
            Radius * ((vector.X * AxisX.Y) + (vector.Y * AxisY.Y) + (vector.Z * AxisZ.Y)));
        Line(body, x, y, x + dx, y + dy, Arrow, 2.5);
        body.Append($"<circle cx=\"{N(x + dx)}\" cy=\"{N(y + dy)}\" r=\"4.5\" fill=\"{Arrow}\"/>\n");
        Text(body, x, y + Radius + 30, $"({Number(vector.X)}, {Number(vector.Y)}, {Number(vector.Z)})", "middle", Ink);
    }

    private static void Line(StringBuilder body, double x1, double y1, double x2, double y2, string ink, double width) =>
        body.Append($"<path d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\" stroke=\"{ink}\" stroke-width=\"{N(width)}\"/>\n");

    private static void Text(StringBuilder body, double x, double y, string text, string anchor, string ink) =>
        body.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\" fill=\"{ink}\">{SvgDrawing.Escape(text)}</text>\n");

    private static string Number(double value) => (Math.Abs(value) < 5e-4 ? 0 : value).ToString("0.##", CultureInfo.InvariantCulture);

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
