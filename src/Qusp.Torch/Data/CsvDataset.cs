// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp.Torch;

/// <summary>Which columns of a table are features, and which the class or the targets.</summary>
internal static class CsvDataset
{
    /// <summary>The table as samples with classes or real targets.</summary>
    /// <param name="table">The table.</param>
    /// <param name="label">The class column; null for the last one, or for targets y0, y1, … at the end.</param>
    /// <param name="classes">The classes that the labels must be of; null to take those found, at least two.</param>
    public static Dataset From(CsvTable table, string? label, IReadOnlyList<string>? classes)
    {
        var columns = table.Header.Length;
        var targets = label is null ? TrailingTargets(table.Header) : 0;
        if (targets > 0)
        {
            var names = FeatureColumns(table, Enumerable.Range(0, columns - targets));
            return Dataset.OfTargets(table.Name, [.. names.Select(j => table.Header[j])], Numbers(table, names), Numbers(table, [.. Enumerable.Range(columns - targets, targets)]), targets);
        }

        var at = label is null ? columns - 1 : ColumnNamed(table, label);
        var features = FeatureColumns(table, Enumerable.Range(0, columns).Where(j => j != at));
        var classNames = classes ?? ClassesOf(table, at);
        // Numbers first: a text column before the label is the likelier mistake, and its message names the remedy.
        var values = Numbers(table, features);
        return Dataset.OfClasses(table.Name, [.. features.Select(j => table.Header[j])], values, Labels(table, at, classNames), [.. classNames]);
    }

    /// <summary>The features of a table that may or may not have a class column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="names">The names of the features wanted, in order.</param>
    /// <param name="label">The class column to leave out; null if none is named.</param>
    public static double[] Features(CsvTable table, IReadOnlyList<string> names, string? label)
    {
        var byName = names.Select(name => Array.IndexOf(table.Header, name)).ToArray();
        if (!byName.Contains(-1) && !GoesOn(names, table.Header))
        {
            return Numbers(table, byName);
        }

        var columns = Enumerable.Range(0, table.Header.Length);
        if (label is not null)
        {
            var at = ColumnNamed(table, label);
            columns = columns.Where(j => j != at);
        }

        var features = columns.ToArray();
        var targets = TrailingTargets(table.Header);
        var spare = features.Length - names.Count;
        if (spare != 0 && (label is not null || spare != Math.Max(targets, 1)))
        {
            throw table.Wrong(table.HeaderLine, null, $"{features.Length} feature columns, but the model takes {names.Count}", $"give the columns {Listed(names)}");
        }

        return Numbers(table, features[..names.Count]);
    }

    /// <summary>
    /// Whether names only number the features, f0, f1, … fn, and the columns go on with the next number: then they are other features of the same
    /// names, and not those of a model.
    /// </summary>
    public static bool GoesOn(IReadOnlyList<string> names, IReadOnlyCollection<string> columns) =>
        names.Index().All(name => name.Item == Numbered(name.Index)) && columns.Contains(Numbered(names.Count));

    private static string Numbered(int k) => string.Create(CultureInfo.InvariantCulture, $"f{k}");

    private static string Listed(IReadOnlyList<string> names) =>
        names.Count <= 8 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))}, …, {names[^1]}";

    private static int TrailingTargets(string[] header)
    {
        for (var first = header.Length - 1; first >= 0 && header[first].StartsWith('y'); first--)
        {
            if (header[first] == "y0")
            {
                var count = header.Length - first;
                return Enumerable.Range(0, count).All(k => header[first + k] == string.Create(CultureInfo.InvariantCulture, $"y{k}")) ? count : 0;
            }
        }

        return 0;
    }

    private static int ColumnNamed(CsvTable table, string label)
    {
        var at = Array.IndexOf(table.Header, label);
        return at >= 0 ? at : throw table.Wrong(table.HeaderLine, null, $"there is no column '{CsvTable.Shortened(label)}'", $"the columns are {Listed(table.Header)}");
    }

    private static int[] FeatureColumns(CsvTable table, IEnumerable<int> columns)
    {
        var features = columns.ToArray();
        return features.Length > 0 ? features : throw table.Wrong(table.HeaderLine, null, "there is no feature column", "give at least one column of numbers before the class");
    }

    private static double[] Numbers(CsvTable table, int[] columns)
    {
        var values = new double[table.Rows.Count * columns.Length];
        for (var row = 0; row < table.Rows.Count; row++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                values[(row * columns.Length) + j] = table.Number(row, columns[j]);
            }
        }

        return values;
    }

    /// <summary>The classes found: whole numbers by value, texts by ordinal order.</summary>
    private static ImmutableArray<string> ClassesOf(CsvTable table, int at)
    {
        var found = table.Rows.Select(row => ClassName(row.Fields[at])).Distinct().ToArray();
        var numbers = found.Where(name => IsNumber(name, out _)).ToArray();
        if (numbers.Length == found.Length && found.Any(name => !IsWhole(name)))
        {
            var (line, fields) = table.Rows.First(row => !IsWhole(ClassName(row.Fields[at])));
            throw table.Wrong(line, at, $"'{CsvTable.Shortened(fields[at])}' is a number, not a class", "name real targets y0, y1, … at the end, or name the class column with --label");
        }

        if (found.Length < 2 && found[0].Length > 0)
        {
            throw table.Wrong(table.HeaderLine, at, $"all {table.Rows.Count} rows are of one class, '{CsvTable.Shortened(found[0])}'", "give rows of at least two classes");
        }

        return numbers.Length == found.Length
            ? [.. found.OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))]
            : [.. found.Order(StringComparer.Ordinal)];
    }

    private static int[] Labels(CsvTable table, int at, IReadOnlyList<string> classes)
    {
        var index = classes.Select((name, k) => (name, k)).ToDictionary(pair => pair.name, pair => pair.k);
        var labels = new int[table.Rows.Count];
        for (var row = 0; row < labels.Length; row++)
        {
            var (line, fields) = table.Rows[row];
            var name = ClassName(fields[at]);
            if (name.Length == 0)
            {
                throw table.Wrong(line, at, "the class is missing", "fill it in or leave the row out");
            }

            labels[row] = index.TryGetValue(name, out var k)
                ? k
                : throw table.Wrong(line, at, $"'{CsvTable.Shortened(name)}' is not a class seen in training", $"the classes are {Listed(classes)}");
        }

        return labels;
    }

    // 1, 1.0 and 1e0 are the same class.
    private static string ClassName(string field) =>
        IsNumber(field, out var value) && value == Math.Truncate(value) && Math.Abs(value) < 1e15
            ? (value == 0 ? 0 : value).ToString("0", CultureInfo.InvariantCulture)
            : field;

    private static bool IsNumber(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static bool IsWhole(string name) => IsNumber(name, out var value) && value == Math.Truncate(value);
}
