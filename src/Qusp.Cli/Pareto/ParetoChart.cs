// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Qusp.Cli;

/// <summary>Accuracy against executed two-wire gates as SVG: a panel a set, a line a model.</summary>
internal sealed class ParetoChart(ParetoTable table)
{
    private const int PanelWidth = 300, PanelHeight = 220, GatesShown = 3, Columns = 4, Left = 46, Top = 30, Right = 12, Bottom = 34, LegendRow = 18;

    private static readonly string[] Colours = ["#0b6e99", "#d9480f", "#2b8a3e", "#862e9c", "#a61e4d", "#e67700", "#1864ab", "#5c940d", "#495057"];

    public string ToSvg()
    {
        var models = Shown();
        var columns = Math.Min(Columns, table.Sets.Count);
        var under = (table.Sets.Count + columns - 1) / columns * PanelHeight;
        var height = under + ((models.Count + columns) / columns * LegendRow) + 16; // the last entry is the dense model's
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{columns * PanelWidth}\" height=\"{height}\" viewBox=\"0 0 {columns * PanelWidth} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n");
        Add(svg, $"<title>Test accuracy against executed two-wire gates a sample</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        foreach (var (k, set) in table.Sets.Index())
        {
            Panel(svg, set.Name, models, k % columns * PanelWidth, k / columns * PanelHeight);
        }

        foreach (var (k, model) in models.Append(ParetoModels.Dense).Index())
        {
            var (x, y) = ((k % columns * PanelWidth) + Left, under + 16 + (k / columns * LegendRow));
            Add(svg, k == models.Count ? (FormattableString)$"<circle cx=\"{x + 11}\" cy=\"{y}\" r=\"4\" fill=\"#212529\"/>" : $"<line x1=\"{x}\" y1=\"{y}\" x2=\"{x + 22}\" y2=\"{y}\" stroke=\"{Colour(k)}\" stroke-width=\"2\"{Dash(model)}/>");
            Add(svg, $"<text x=\"{x + 28}\" y=\"{y + 4}\">{model}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    // Of each scope the gates of the highest mean accuracy, and the controls: more lines than that, nobody can tell apart.
    private List<string> Shown() =>
    [
        .. table.Points.Where(point => point.Budget is not null).GroupBy(point => point.Model)
            .GroupBy(model => (Scope: model.Key[model.Key.IndexOf('/', StringComparison.Ordinal)..], IsControl: IsControl(model.Key)))
            .SelectMany(scope => scope.Key.IsControl ? scope : scope.OrderByDescending(model => model.Average(point => point.Accuracy)).Take(GatesShown))
            .Select(model => model.Key),
    ];

    private static bool IsControl(string model) => ParetoModels.Controls.Any(control => model.StartsWith(control, StringComparison.Ordinal));

    private void Panel(StringBuilder svg, string set, List<string> models, int x0, int y0)
    {
        var points = table.Points.Where(point => point.Set == set && (point.Budget is not null || point.Model == ParetoModels.Dense)).ToList();
        if (points.Count == 0)
        {
            return;
        }

        var low = Math.Floor(points.Min(point => point.Accuracy) * 20) / 20;
        var high = Math.Max(low + 0.05, Math.Ceiling(points.Max(point => point.Accuracy) * 20) / 20);
        double X(double gates) => x0 + Left + (gates / table.Dense * (PanelWidth - Left - Right));
        double Y(double accuracy) => y0 + Top + ((high - accuracy) / (high - low) * (PanelHeight - Top - Bottom));
        var (right, bottom) = (X(table.Dense), Y(low));
        Add(svg, $"<text x=\"{x0 + Left}\" y=\"{y0 + 18}\" font-weight=\"bold\">{set}</text>\n");
        Add(svg, $"<path d=\"M{X(0):F1} {Y(high):F1}V{bottom:F1}H{right:F1}\" fill=\"none\" stroke=\"#adb5bd\"/>\n");
        foreach (var accuracy in new[] { low, (low + high) / 2, high })
        {
            Add(svg, $"<text x=\"{x0 + Left - 6}\" y=\"{Y(accuracy) + 4:F1}\" text-anchor=\"end\" fill=\"#495057\">{100 * accuracy:F0} %</text>\n");
        }

        foreach (var gates in new[] { 0, table.Dense / 2, table.Dense })
        {
            Add(svg, $"<text x=\"{X(gates):F1}\" y=\"{bottom + 15:F1}\" text-anchor=\"middle\" fill=\"#495057\">{gates:0.#}</text>\n");
        }

        Add(svg, $"<text x=\"{(X(0) + right) / 2:F1}\" y=\"{bottom + 28:F1}\" text-anchor=\"middle\" fill=\"#495057\">two-wire gates a sample</text>\n");
        var dense = table.Find(set, ParetoModels.Dense, null);
        if (dense is not null)
        {
            Add(svg, $"<circle cx=\"{X(dense.TwoQubit):F1}\" cy=\"{Y(dense.Accuracy):F1}\" r=\"4\" fill=\"#212529\"><title>dense</title></circle>\n");
        }

        foreach (var (k, model) in models.Index())
        {
            var line = points.Where(point => point.Model == model).OrderBy(point => point.TwoQubit).ToList();
            if (line.Count > 0)
            {
                var path = string.Join("L", line.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.TwoQubit):F1} {Y(point.Accuracy):F1}")));
                Add(svg, $"<path d=\"M{path}\" fill=\"none\" stroke=\"{Colour(k)}\" stroke-width=\"1.6\"{Dash(model)}><title>{model}</title></path>\n");
                foreach (var point in line)
                {
                    // Seen where a model has one budget, too.
                    Add(svg, $"<circle cx=\"{X(point.TwoQubit):F1}\" cy=\"{Y(point.Accuracy):F1}\" r=\"2.2\" fill=\"{Colour(k)}\"/>\n");
                }
            }
        }
    }

    // Controls are dashed.
    private static string Dash(string model) => IsControl(model) ? " stroke-dasharray=\"4 3\"" : "";

    private static string Colour(int k) => Colours[k % Colours.Length];

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
