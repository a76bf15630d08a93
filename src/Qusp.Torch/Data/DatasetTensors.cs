// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>Data sets as tensors.</summary>
public static class DatasetTensors
{
    /// <summary>The features and what a model should answer, as a <see cref="Trainer"/> takes them.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="precision">The precision of real numbers.</param>
    /// <returns>
    /// Features <c>[N, F]</c>; and classes <c>[N]</c> of type int64, or real targets <c>[N, K]</c>. The caller disposes of both.
    /// </returns>
    /// <exception cref="InvalidDataException">A number is beyond single precision, and that was asked for.</exception>
    public static (Tensor Features, Tensor Targets) ToTensors(this Dataset data, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(data);
        var targets = data.Labels is { } labels
            ? torch.tensor(Array.ConvertAll(labels, label => (long)label))
            : Real(data.Name, data.Targets, data.Count, data.Outputs, precision);
        return (Real(data.Name, data.Features, data.Count, data.FeatureCount, precision), targets);
    }

    private static Tensor Real(string name, double[] values, int rows, int columns, Precision precision)
    {
        if (precision == Precision.Double)
        {
            return torch.tensor(values, [rows, columns]);
        }

        var singles = Array.ConvertAll(values, value => (float)value);
        var lost = singles.AsSpan().IndexOfAny(float.PositiveInfinity, float.NegativeInfinity);
        return lost < 0 || double.IsInfinity(values[lost])
            ? torch.tensor(singles, [rows, columns])
            : throw new InvalidDataException($"{name}: {values[lost]:G4} in row {(lost / columns) + 1} is beyond the numbers of single precision; scale the column, or compute in double precision");
    }
}
