// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;

namespace Qusp.Torch;

/// <summary>
/// Brings each feature to mean 0 and deviation 1: <c>(x - mean) / deviation</c>. Fitted on the training set only and kept
/// with the model, so that no row of the test set is seen.
/// </summary>
public static class DatasetStandardization
{
    /// <summary>The statistics of a data set: means, and standard deviations of the population (divisor N); 1 for a constant feature.</summary>
    /// <param name="data">The data set, N ≥ 1.</param>
    /// <exception cref="ArgumentException">The set has no rows.</exception>
    /// <exception cref="InvalidDataException">The numbers of a column are so large that their spread is none.</exception>
    public static Standardization FitStandardization(this Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0)
        {
            throw new ArgumentException("A set without rows has no mean.", nameof(data));
        }

        var mean = new double[data.FeatureCount];
        var deviation = new double[data.FeatureCount];
        for (var j = 0; j < mean.Length; j++)
        {
            var column = Column(data, j);
            mean[j] = column.Average();
            var spread = Math.Sqrt(column.Average(x => (x - mean[j]) * (x - mean[j])));
            if (!double.IsFinite(spread))
            {
                throw new InvalidDataException($"{data.Name}, column {data.FeatureNames[j]}: its spread is beyond all numbers; scale the column");
            }

            // What rounding leaves of a constant column is no spread to be blown up to 1.
            deviation[j] = spread > Math.Abs(mean[j]) * 1e-14 ? spread : 1;
        }

        return new Standardization([.. mean], [.. deviation]);
    }

    /// <summary>The data set with standardized features.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="standardization">The statistics, usually those of another set; null leaves the features as they are.</param>
    /// <exception cref="ArgumentException">The number of features differs.</exception>
    public static Dataset Standardized(this Dataset data, Standardization? standardization)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (standardization is null)
        {
            return data;
        }

        if (standardization.Mean.Length != data.FeatureCount)
        {
            throw new ArgumentException($"{data.Name} has {data.FeatureCount} features, the statistics {standardization.Mean.Length}.", nameof(standardization));
        }

        var features = new double[data.Features.Length];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = standardization.Apply(i % data.FeatureCount, data.Features[i]);
        }

        return data.WithFeatures(features);
    }

    private static IEnumerable<double> Column(Dataset data, int j) =>
        Enumerable.Range(0, data.Count).Select(row => data.Features[(row * data.FeatureCount) + j]);
}
