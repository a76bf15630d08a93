// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>Facts about kernel matrices.</summary>
public static class KernelMatrices
{
    /// <summary>
    /// The alignment of a kernel with labels, ⟨K, yyᵀ⟩ / (‖K‖ ‖yyᵀ‖) in the Frobenius product, −1 to 1: how well the kernel
    /// tells the two classes apart (Cristianini et al. 2001; Hubregtsen et al. 2021, arXiv:2105.02276).
    /// </summary>
    /// <param name="kernel"><c>[B, B]</c>.</param>
    /// <param name="labels">−1 or 1, <c>[B]</c>.</param>
    /// <param name="centered">Whether K and yyᵀ are centred first (Cortes, Mohri, Rostamizadeh 2012), which classes of unequal size ask for.</param>
    /// <exception cref="ArgumentException">The kernel is not square or has another size than the labels.</exception>
    public static double Alignment(double[,] kernel, ReadOnlySpan<double> labels, bool centered = false)
    {
        var count = Size(kernel);
        if (labels.Length != count)
        {
            throw new ArgumentException($"{labels.Length} labels for a kernel of {count} samples.", nameof(labels));
        }

        double[] y = [.. labels];
        var k = centered ? Centered(kernel) : kernel;
        if (centered)
        {
            var mean = y.Average();
            y = [.. y.Select(label => label - mean)];
        }

        var (product, square, target) = (0.0, 0.0, y.Sum(label => label * label));
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                product += k[i, j] * y[i] * y[j];
                square += k[i, j] * k[i, j];
            }
        }

        return product / (Math.Sqrt(square) * target);
    }

    /// <summary>The kernel of the features less their mean: HKH, H = 1 − 11ᵀ/B.</summary>
    /// <exception cref="ArgumentException">The kernel is not square.</exception>
    public static double[,] Centered(double[,] kernel)
    {
        var count = Size(kernel);
        var (rows, columns, centered) = (new double[count], new double[count], new double[count, count]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                rows[i] += kernel[i, j] / count;
                columns[j] += kernel[i, j] / count;
            }
        }

        var mean = rows.Sum() / count;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                centered[i, j] = kernel[i, j] - rows[i] - columns[j] + mean;
            }
        }

        return centered;
    }

    /// <summary>
    /// Whether a symmetric matrix has no eigenvalue below −<paramref name="tolerance"/>: whether K + tolerance·1 has a
    /// Cholesky factor. An exact kernel has none; one estimated from shots may.
    /// </summary>
    /// <param name="kernel"><c>[B, B]</c>, symmetric.</param>
    /// <param name="tolerance">Above 0: for exact kernels what rounding leaves.</param>
    /// <exception cref="ArgumentException">The kernel is not square.</exception>
    public static bool IsPositiveSemidefinite(double[,] kernel, double tolerance = 1e-10)
    {
        var count = Size(kernel);
        var factor = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = kernel[i, j] + (i == j ? tolerance : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= factor[i, k] * factor[j, k];
                }

                if (i == j && !(sum > 0))
                {
                    return false;
                }

                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        }

        return true;
    }

    private static int Size(double[,] kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return kernel.GetLength(0) == kernel.GetLength(1)
            ? kernel.GetLength(0)
            : throw new ArgumentException($"A kernel matrix has as many rows as columns; this has {kernel.GetLength(0)} and {kernel.GetLength(1)}.", nameof(kernel));
    }
}
