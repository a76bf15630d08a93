// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Qusp;

/// <summary>A number known from a finite number of shots.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">The standard deviation of the estimate, itself estimated from the shots; NaN where they are too few to say.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>The estimate as <c>0.4821 ± 0.0028</c>: two digits of the error, and the value as far.</summary>
    public override string ToString()
    {
        if (!(StandardError > 0 && double.IsFinite(StandardError)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Value:G6} ± {StandardError:G2}");
        }

        var digits = "F" + Math.Clamp(1 - (int)Math.Floor(Math.Log10(StandardError)), 0, 15).ToString(CultureInfo.InvariantCulture);
        return Value.ToString(digits, CultureInfo.InvariantCulture) + " ± " + StandardError.ToString(digits, CultureInfo.InvariantCulture);
    }

    /// <summary>The mean of independent numbers and the error of the mean, s/√N with N − 1 degrees of freedom, from sums over them.</summary>
    internal static Estimate OfMean(long count, double sum, double sumOfSquares)
    {
        var mean = sum / count;
        return new(mean, count < 2 ? double.NaN : Math.Sqrt(Math.Max(0, (sumOfSquares / count) - (mean * mean)) / (count - 1)));
    }
}
