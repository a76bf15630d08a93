// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Torch;

/// <summary>
/// Samples to learn from: N rows of F features, and for each row either a class or K real targets. Immutable by
/// convention: nothing here writes to the arrays after they were handed over.
/// </summary>
public sealed class Dataset
{
    private Dataset(string name, ImmutableArray<string> featureNames, double[] features, int[]? labels, ImmutableArray<string> classNames, double[] targets, int outputs)
    {
        (Name, FeatureNames, Features, Labels, ClassNames, Targets, Outputs) = (name, featureNames, features, labels, classNames, targets, outputs);
        Count = features.Length / featureNames.Length;
    }

    /// <summary>The name of the set or the file it came from.</summary>
    public string Name { get; }

    /// <summary>The features' names, <c>[F]</c>.</summary>
    public ImmutableArray<string> FeatureNames { get; }

    /// <summary>The features, <c>[N, F]</c> row-major.</summary>
    public double[] Features { get; }

    /// <summary>The class of each row as an index into <see cref="ClassNames"/>, <c>[N]</c>; null if the targets are real numbers.</summary>
    public int[]? Labels { get; }

    /// <summary>The classes' names in order, <c>[K]</c>; empty if the targets are real numbers.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>What a model should answer, <c>[N, K]</c> row-major: real targets, or 1 for the row's class and 0 for the others.</summary>
    public double[] Targets { get; }

    /// <summary>The number K of targets or classes.</summary>
    public int Outputs { get; }

    /// <summary>The number N of rows.</summary>
    public int Count { get; }

    /// <summary>The number F of features.</summary>
    public int FeatureCount => FeatureNames.Length;

    /// <summary>Rows that belong to classes.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="featureNames">The features' names, <c>[F]</c>, F ≥ 1.</param>
    /// <param name="features">The features, <c>[N, F]</c> row-major.</param>
    /// <param name="labels">The class of each row, <c>[N]</c>, from 0.</param>
    /// <param name="classNames">The classes' names, <c>[K]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or a label is outside of the classes.</exception>
    public static Dataset OfClasses(string name, ImmutableArray<string> featureNames, double[] features, int[] labels, ImmutableArray<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(labels);
        CheckRows(featureNames, features, labels.Length);
        var outputs = classNames.Length;
        if (labels.Any(label => label < 0 || label >= outputs))
        {
            throw new ArgumentException($"A label is outside of the {outputs} classes.", nameof(labels));
        }

        var targets = new double[labels.Length * outputs];
        for (var row = 0; row < labels.Length; row++)
        {
            targets[(row * outputs) + labels[row]] = 1;
        }

        return new Dataset(name, featureNames, features, labels, classNames, targets, outputs);
    }

    /// <summary>Rows with real targets.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="featureNames">The features' names, <c>[F]</c>, F ≥ 1.</param>
    /// <param name="features">The features, <c>[N, F]</c> row-major.</param>
    /// <param name="targets">The targets, <c>[N, K]</c> row-major.</param>
    /// <param name="outputs">The number K of targets a row, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static Dataset OfTargets(string name, ImmutableArray<string> featureNames, double[] features, double[] targets, int outputs)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        CheckRows(featureNames, features, targets.Length / outputs);
        return targets.Length % outputs == 0
            ? new Dataset(name, featureNames, features, null, [], targets, outputs)
            : throw new ArgumentException($"{targets.Length} targets do not make rows of {outputs}.", nameof(targets));
    }

    /// <summary>The same rows with other features, such as standardized ones.</summary>
    /// <param name="features">The features, <c>[N, F]</c> row-major.</param>
    /// <exception cref="ArgumentException">The number of values differs.</exception>
    public Dataset WithFeatures(double[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return features.Length == Features.Length
            ? new Dataset(Name, FeatureNames, features, Labels, ClassNames, Targets, Outputs)
            : throw new ArgumentException($"{features.Length} values are not {Count} rows of {FeatureCount}.", nameof(features));
    }

    /// <summary>
    /// The same rows with the features that a model takes: those of these names if all are there, in whatever order; otherwise the
    /// features as they are, if their number fits. Names that only number the features, f0 to fn, are not those of a set that goes on with the next number.
    /// </summary>
    /// <param name="names">The names of the model's features, in its order, <c>[F]</c>.</param>
    /// <exception cref="InvalidDataException">There are neither these names nor as many features.</exception>
    public Dataset WithFeaturesOf(ImmutableArray<string> names)
    {
        var columns = names.Select(name => FeatureNames.IndexOf(name)).ToArray();
        if (columns.Contains(-1) || CsvDataset.GoesOn(names, FeatureNames))
        {
            return names.Length == FeatureCount
                ? this
                : throw new InvalidDataException($"{Name}: {FeatureCount} features, but the model takes {names.Length}; give the data it was made for");
        }

        var features = new double[Count * columns.Length];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = Features[(i / columns.Length * FeatureCount) + columns[i % columns.Length]];
        }

        return new Dataset(Name, names, features, Labels, ClassNames, Targets, Outputs);
    }

    /// <summary>Some of the rows, in the order given.</summary>
    /// <param name="rows">Indices of rows, each from 0 to N - 1.</param>
    public Dataset Subset(ReadOnlySpan<int> rows)
    {
        var features = new double[rows.Length * FeatureCount];
        var targets = new double[rows.Length * Outputs];
        var labels = Labels is null ? null : new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            Features.AsSpan(rows[i] * FeatureCount, FeatureCount).CopyTo(features.AsSpan(i * FeatureCount));
            Targets.AsSpan(rows[i] * Outputs, Outputs).CopyTo(targets.AsSpan(i * Outputs));
            labels?[i] = Labels![rows[i]];
        }

        return new Dataset(Name, FeatureNames, features, labels, ClassNames, targets, Outputs);
    }

    /// <summary>
    /// Parts the rows at random into a training and a test set; each class keeps its share (stratified), and rows keep
    /// their order. The parts depend on the rows' classes, the fraction and the seed alone.
    /// </summary>
    /// <param name="testFraction">The share of the test set, from 0 (no test set) to below 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The training set, and the test set or null if the fraction is 0.</returns>
    /// <exception cref="ArgumentException">The fraction is out of range, or leaves one of the parts empty.</exception>
    public (Dataset Train, Dataset? Test) Split(double testFraction, ulong seed = 0)
    {
        var test = StratifiedSplit.TestRows(Labels ?? new int[Count], testFraction, seed);
        if (testFraction == 0)
        {
            return (this, null);
        }

        var taken = new HashSet<int>(test);
        return (Subset([.. Enumerable.Range(0, Count).Where(row => !taken.Contains(row))]), Subset(test));
    }

    /// <summary>One line: name, rows, features and classes.</summary>
    public override string ToString() =>
        $"{Name}: {Count} rows, {FeatureCount} features, {(Labels is null ? $"{Outputs} targets" : $"{Outputs} classes")}";

    private static void CheckRows(ImmutableArray<string> featureNames, double[] features, int rows)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (featureNames.IsDefaultOrEmpty || features.Length != rows * featureNames.Length)
        {
            throw new ArgumentException($"{features.Length} values are not {rows} rows of {(featureNames.IsDefault ? 0 : featureNames.Length)} features.", nameof(features));
        }
    }
}
