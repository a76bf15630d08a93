// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Gradients;

/// <summary>Small dense real systems of equations.</summary>
internal static class LinearSystem
{
    /// <summary>The solution of A x = b by elimination with pivots, or null if A is singular to 1e-9 of its largest entry.</summary>
    public static double[]? Solve(double[,] a, double[] b)
    {
        var (m, x, size) = ((double[,])a.Clone(), (double[])b.Clone(), b.Length);
        var scale = m.Cast<double>().Max(Math.Abs);
        for (var p = 0; p < size; p++)
        {
            var best = p;
            for (var r = p + 1; r < size; r++)
            {
                best = Math.Abs(m[r, p]) > Math.Abs(m[best, p]) ? r : best;
            }

            if (Math.Abs(m[best, p]) <= 1e-9 * scale)
            {
                return null;
            }

            (x[p], x[best]) = (x[best], x[p]);
            for (var c = p; c < size; c++)
            {
                (m[p, c], m[best, c]) = (m[best, c], m[p, c]);
            }

            for (var r = p + 1; r < size; r++)
            {
                var factor = m[r, p] / m[p, p];
                x[r] -= factor * x[p];
                for (var c = p; c < size; c++)
                {
                    m[r, c] -= factor * m[p, c];
                }
            }
        }

        for (var p = size - 1; p >= 0; p--)
        {
            for (var c = p + 1; c < size; c++)
            {
                x[p] -= m[p, c] * x[c];
            }

            x[p] /= m[p, p];
        }

        return x;
    }
}
