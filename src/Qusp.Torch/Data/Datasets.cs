// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Torch;

/// <summary>Data sets by name or from files.</summary>
public static class Datasets
{
    private static readonly ImmutableArray<string> Embedded = ["iris", "wine", "breast-cancer", "digits"];

    /// <summary>The names that <see cref="Load"/> knows: four real sets that the assembly holds, and two made from a seed.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Embedded, "moons", "origin"];

    /// <summary>
    /// A data set by its name, from a CSV file, or from an IDX pair <c>IMAGES,LABELS</c> (each plain or gzip; a pixel is
    /// divided by 255). A CSV file has a header line and numbers. Its class column is <paramref name="label"/>, or else the
    /// last one: whole numbers or texts. If its last columns are named y0, y1, … and no label is named, they are real targets.
    /// </summary>
    /// <param name="source">A name or a path.</param>
    /// <param name="label">The class column of a CSV file.</param>
    /// <param name="classes">The classes that a trained model knows, for data to test it with; null to take those found.</param>
    /// <param name="seed">The seed of generated sets.</param>
    /// <exception cref="FileNotFoundException">There is neither such a set nor such a file.</exception>
    /// <exception cref="InvalidDataException">The file is wrong; one line <c>FILE:LINE, column NAME: what; what to do</c>.</exception>
    public static Dataset Load(string source, string? label = null, IReadOnlyList<string>? classes = null, ulong seed = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (classes is { Count: 0 })
        {
            classes = null;
        }

        if (Names.Contains(source))
        {
            return source switch
            {
                "moons" => Moons(seed: seed),
                "origin" => Origin(seed),
                _ => CsvDataset.From(EmbeddedTable(source), label, classes),
            };
        }

        var comma = source.IndexOf(',', StringComparison.Ordinal);
        if (comma > 0 && !File.Exists(source))
        {
            var (images, labels) = (source[..comma].Trim(), source[(comma + 1)..].Trim());
            return IdxDataset.Open(Existing(images), Existing(labels), classes);
        }

        return CsvDataset.From(CsvTable.Open(Existing(source)), label, classes);
    }

    /// <summary>The features alone of what <see cref="Load"/> takes; a class column is not needed and, if there, not read.</summary>
    /// <param name="source">A name or a path.</param>
    /// <param name="featureNames">
    /// The features wanted. A CSV file that has all of these columns is read by name; otherwise its first columns are taken, and
    /// there must be as many, a class column or targets after them apart.
    /// </param>
    /// <param name="label">The class column of a CSV file, to leave out.</param>
    /// <param name="seed">The seed of generated sets.</param>
    /// <returns>The features, <c>[N, F]</c> row-major.</returns>
    /// <exception cref="FileNotFoundException">There is neither such a set nor such a file.</exception>
    /// <exception cref="InvalidDataException">The file is wrong, or has another number of features.</exception>
    public static double[] LoadFeatures(string source, ImmutableArray<string> featureNames, string? label = null, ulong seed = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (File.Exists(source) && !Names.Contains(source))
        {
            return CsvDataset.Features(CsvTable.Open(source), featureNames, label);
        }

        return Load(source, label, seed: seed).WithFeaturesOf(featureNames).Features;
    }

    /// <summary>Two interleaved half moons with normal noise, classes 0 and 1 by turns (scikit-learn's make_moons).</summary>
    /// <param name="count">The number of points, even.</param>
    /// <param name="noise">The standard deviation of the noise.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is odd or below 4, or the noise is negative.</exception>
    public static Dataset Moons(int count = 200, double noise = 0.1, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 4);
        ArgumentOutOfRangeException.ThrowIfNotEqual(count % 2, 0, nameof(count));
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        return GeneratedData.Moons(count, noise, seed);
    }

    /// <summary>
    /// The 10 random samples that the origin document trains on: 4 features uniform in [0, 1), 2 targets of 0 or 1 that have
    /// nothing to do with them. The numbers are ours (SplitMix64 of the seed), not those of <c>torch.manual_seed</c>.
    /// </summary>
    /// <param name="seed">The seed.</param>
    public static Dataset Origin(ulong seed = 0) => GeneratedData.Origin(seed);

    private static CsvTable EmbeddedTable(string name)
    {
        var stream = typeof(Datasets).Assembly.GetManifestResourceStream(name + ".csv")
            ?? throw new InvalidOperationException($"The data set {name} was not embedded when this assembly was built.");
        using var text = new StreamReader(stream);
        return CsvTable.Read(text, name);
    }

    private static string Existing(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        throw Directory.Exists(path)
            ? new FileNotFoundException($"{path}: this is a directory; give a CSV file in it", path)
            : new FileNotFoundException($"{path}: there is no such file or data set; the data sets are {string.Join(", ", Names)}", path);
    }
}
