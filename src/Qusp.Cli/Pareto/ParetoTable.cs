// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Qusp.Cli;

/// <summary>A model on a set at a budget, over its seeds: mean and sample deviation.</summary>
/// <param name="Set">The data set.</param>
/// <param name="Model">The model.</param>
/// <param name="Budget">Two-wire gates a sample; null for models without a budget.</param>
/// <param name="Seeds">How many seeds there are.</param>
/// <param name="Accuracy">Mean accuracy on the test set.</param>
/// <param name="Deviation">Its sample deviation over seeds; 0 of one.</param>
/// <param name="TwoQubit">Two-wire gates a sample of the test set, executed.</param>
/// <param name="TwoQubitTrain">The same of the training set, where the budget was to be met.</param>
internal sealed record ParetoPoint(string Set, string Model, double? Budget, int Seeds, double Accuracy, double Deviation, double TwoQubit, double TwoQubitTrain)
{
    public JsonObject ToJson() => new()
    {
        ["set"] = Set,
        ["model"] = Model,
        ["budget"] = Budget,
        ["seeds"] = Seeds,
        ["accuracy"] = Accuracy,
        ["deviation"] = Deviation,
        ["twoQubitGatesPerSample"] = TwoQubit,
        ["twoQubitGatesPerTrainingSample"] = TwoQubitTrain,
    };
}

/// <summary>The runs of a comparison as tables.</summary>
internal sealed class ParetoTable
{
    private const double Same = 1e-9; // of two means
    private readonly ILookup<string, ParetoPoint> bySet;

    /// <summary>The tables of some runs.</summary>
    /// <param name="sets">The data sets, in order.</param>
    /// <param name="rows">The runs.</param>
    /// <param name="dense">Two-wire gates with all wires on.</param>
    public ParetoTable(IReadOnlyList<ParetoSet> sets, IEnumerable<ParetoRow> rows, double dense)
    {
        (Sets, Dense) = (sets, dense);
        Points =
        [
            .. rows.GroupBy(row => (row.Set, row.Model, row.Budget)).Select(group => new ParetoPoint(
                group.Key.Set, group.Key.Model, group.Key.Budget, group.Count(), group.Average(row => row.Test), Deviation([.. group.Select(row => row.Test)]),
                group.Average(row => row.TwoQubit), group.Average(row => row.TwoQubitTrain))),
        ];
        bySet = Points.ToLookup(point => point.Set);
    }

    public IReadOnlyList<ParetoSet> Sets { get; }

    public IReadOnlyList<ParetoPoint> Points { get; }

    /// <summary>Two-wire gates with all wires on.</summary>
    public double Dense { get; }

    /// <summary>A table of models by sets for each budget (executed gates in brackets), then on how many sets they do well, then the best of each set.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        var seeds = Points.Count == 0 ? 0 : Points.Max(point => point.Seeds);
        Invariant(text, $"Test accuracy in percent, mean ± deviation over {seeds} seeds. Dense: {Dense:F0} two-wire gates a sample.\n");
        foreach (var budget in Points.Select(point => point.Budget).Distinct().OrderByDescending(budget => budget ?? double.PositiveInfinity))
        {
            text.Append(budget is { } amount
                ? string.Create(CultureInfo.InvariantCulture, $"\n### {100 * amount / Dense:F0} % of the two-wire gates: {amount:G4} a sample\n\n")
                : "\n### Without a budget\n\n");
            text.Append("| model | ").AppendJoin(" | ", Sets.Select(set => set.Name)).Append(" |\n|---|").Append(string.Concat(Sets.Select(_ => "---|"))).Append('\n');
            foreach (var model in Points.Where(point => point.Budget == budget).Select(point => point.Model).Distinct())
            {
                text.Append("| ").Append(model).Append(" | ").AppendJoin(" | ", Sets.Select(set => Cell(Find(set.Name, model, budget)))).Append(" |\n");
            }
        }

        AddVerdicts(text);
        text.Append("\n### Best of each set\n\n| set | best with a circuit, controls apart | accuracy | published classical | within 1 point |\n|---|---|---|---|---|\n");
        foreach (var set in Sets)
        {
            var best = bySet[set.Name].Where(point => point.Model is not (ParetoModels.Identity or ParetoModels.Logistic)
                && !ParetoModels.Controls.Any(control => point.Model.StartsWith(control, StringComparison.Ordinal))).MaxBy(point => point.Accuracy);
            if (best is not null)
            {
                Invariant(text, $"| {set.Name} | {best.Model}{(best.Budget is { } b ? $" at {b:G4}" : "")} | {100 * best.Accuracy:F1} ± {100 * best.Deviation:F1} | {100 * set.Published:F1} | {Verdict(set.Published, best.Accuracy)} |\n");
            }
        }

        return text.ToString();
    }

    // On how many sets each budgeted model does what one would want of it: the means over seeds decide.
    private void AddVerdicts(StringBuilder text)
    {
        text.Append("\n### On how many sets\n\n")
            .Append("| model | budget | within 1 point of dense | above random | above static | equal to static | off the budget at most: training, test |\n|---|---|---|---|---|---|---|\n");
        var budgeted = Points.Where(point => point.Budget is not null).GroupBy(point => (point.Model, Budget: point.Budget!.Value));
        foreach (var group in budgeted.OrderByDescending(group => group.Key.Budget))
        {
            var (name, budget) = group.Key;
            var scope = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            int Sets(Func<ParetoPoint, bool> holds) => group.Count(holds);
            bool Above(ParetoPoint point, string control) => Find(point.Set, $"{control}/{scope}", budget) is { } other && point.Accuracy > other.Accuracy + Same;
            Invariant(
                text,
                $"| {name} | {budget:G4} | {Sets(point => Find(point.Set, ParetoModels.Dense, null) is { } dense && point.Accuracy >= dense.Accuracy - 0.01 - Same)} | {Sets(point => Above(point, ParetoModels.Random))} | {Sets(point => Above(point, ParetoModels.Static))} | {Sets(point => Find(point.Set, $"{ParetoModels.Static}/{scope}", budget) is { } other && Math.Abs(point.Accuracy - other.Accuracy) <= Same)} | {group.Max(point => Off(point.TwoQubitTrain, budget)):P1}, {group.Max(point => Off(point.TwoQubit, budget)):P1} |\n");
        }

        static double Off(double executed, double budget) => budget > 0 ? Math.Abs((executed / budget) - 1) : executed;
    }

    public ParetoPoint? Find(string set, string model, double? budget) => bySet[set].FirstOrDefault(point => point.Model == model && point.Budget == budget);

    private static string Cell(ParetoPoint? point) => point is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{100 * point.Accuracy:F1} ± {100 * point.Deviation:F1}{(point.Budget is null ? "" : $" ({point.TwoQubit:F2})")}");

    private static string Verdict(double? published, double accuracy) => published is null ? "" : accuracy >= published - 0.01 ? "yes" : "no";

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static void Invariant(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));
}
