// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>Which rows go to the test set, so that each class keeps its share.</summary>
internal static class StratifiedSplit
{
    /// <summary>The rows of the test set in rising order.</summary>
    public static int[] TestRows(int[] labels, double fraction, ulong seed)
    {
        if (!(fraction >= 0 && fraction < 1))
        {
            throw new ArgumentException($"the test fraction is {fraction}; it is from 0 (no test set) to below 1, such as 0.2", nameof(fraction));
        }

        if (fraction == 0)
        {
            return [];
        }

        var classes = labels.Select((label, row) => (label, row)).GroupBy(item => item.label, item => item.row)
            .OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        var random = new SeededRandom(seed);
        var counts = Counts([.. classes.Select(rows => rows.Length)], fraction);
        var test = new List<int>();
        for (var k = 0; k < classes.Length; k++)
        {
            random.Shuffle(classes[k]);
            test.AddRange(classes[k].AsSpan(0, counts[k]));
        }

        if (test.Count == 0 || test.Count == labels.Length)
        {
            var part = test.Count == 0 ? "test" : "training";
            throw new ArgumentException($"a test fraction of {fraction} of {labels.Length} rows leaves no {part} row; give another fraction (0 = no test set) or more rows", nameof(fraction));
        }

        test.Sort();
        return [.. test];
    }

    // Largest remainders, so that the parts sum to the rounded whole; a class never leaves the training set.
    private static int[] Counts(int[] sizes, double fraction)
    {
        var counts = sizes.Select(size => (int)Math.Floor(size * fraction)).ToArray();
        var open = (int)Math.Round(sizes.Sum() * fraction, MidpointRounding.AwayFromZero) - counts.Sum();
        foreach (var k in Enumerable.Range(0, sizes.Length).OrderByDescending(k => (sizes[k] * fraction) - counts[k]).Take(Math.Max(open, 0)).ToArray())
        {
            counts[k]++;
        }

        return [.. counts.Zip(sizes, (count, size) => Math.Min(count, size - 1))];
    }
}
