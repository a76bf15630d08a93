// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Torch;

/// <summary>
/// Brings each feature to mean 0 and deviation 1: <c>(x - mean) / deviation</c>. Fitted on the training set only and kept
/// with the model, so that no row of the test set is seen.
/// </summary>
/// <param name="Mean">The mean of each feature, <c>[F]</c>.</param>
/// <param name="Deviation">The standard deviation of each feature (of the population, divisor N), <c>[F]</c>; 1 for a constant one.</param>
public sealed record Standardization(ImmutableArray<double> Mean, ImmutableArray<double> Deviation)
{
    /// <summary>The statistics of a data set.</summary>
    /// <exception cref="ArgumentException">The set has no rows.</exception>
    public static Standardization Fit(Dataset data)
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
            var square = column.Average(x => (x - mean[j]) * (x - mean[j]));
            // What rounding leaves of a constant column is no spread to be blown up to 1.
            var rounding = Math.Abs(mean[j]) * 1e-14;
            deviation[j] = Math.Sqrt(square) > rounding ? Math.Sqrt(square) : 1;
        }

        return new Standardization([.. mean], [.. deviation]);
    }

    /// <summary>The data set with standardized features.</summary>
    /// <exception cref="ArgumentException">The number of features differs.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.WithFeatures(Apply(data.Features));
    }

    /// <summary>Standardized features.</summary>
    /// <param name="features">The features, <c>[N, F]</c> row-major.</param>
    /// <returns>The standardized ones, <c>[N, F]</c>.</returns>
    /// <exception cref="ArgumentException">The values do not make rows of F.</exception>
    public double[] Apply(ReadOnlySpan<double> features)
    {
        if (features.Length % Mean.Length != 0)
        {
            throw new ArgumentException($"{features.Length} values do not make rows of {Mean.Length} features.", nameof(features));
        }

        var result = new double[features.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var j = i % Mean.Length;
            result[i] = (features[i] - Mean[j]) / Deviation[j];
        }

        return result;
    }

    private static IEnumerable<double> Column(Dataset data, int j) =>
        Enumerable.Range(0, data.Count).Select(row => data.Features[(row * data.FeatureCount) + j]);
}
