// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Kernels;

/// <summary>What kernels share: each sample is embedded once, in batches, and pairs are compared afterwards.</summary>
internal static class EmbeddedSamples
{
    /// <summary>How many samples there are.</summary>
    public static int Count(Circuit embedding, ReadOnlySpan<double> x)
    {
        if (embedding.Inputs == 0 || x.Length % embedding.Inputs != 0)
        {
            throw new ArgumentException($"{x.Length} numbers are not whole samples of {embedding.Inputs} input(s).", nameof(x));
        }

        return x.Length / embedding.Inputs;
    }

    /// <summary>The program's outputs for each sample, <c>[B, K]</c>.</summary>
    public static double[] Run(IProgram<double> program, ReadOnlySpan<double> x, ReadOnlySpan<double> weights, Draw draw = default)
    {
        var (batch, length) = (Count(program.Circuit, x), (long)Count(program.Circuit, x) * program.Circuit.Outputs);
        if (length > Array.MaxLength)
        {
            throw new ArgumentException($"{batch} samples of {program.Circuit.Outputs} numbers each are more than one array holds; give fewer samples at a time.", nameof(x));
        }

        var outputs = new double[length];
        program.Evaluate(batch, x, weights, outputs, draw);
        return outputs;
    }

    /// <summary>The matrix of a symmetric function of two rows, computed for i &lt; j; 1 on the diagonal.</summary>
    public static double[,] Symmetric(int count, int threads, Func<int, int, double> pair)
    {
        var matrix = new double[count, count];
        Parallel.For(0, count, Options(threads), i =>
        {
            matrix[i, i] = 1;
            for (var j = i + 1; j < count; j++)
            {
                matrix[i, j] = matrix[j, i] = pair(i, j);
            }
        });
        return matrix;
    }

    /// <summary>The matrix of a function of a row here and a row there.</summary>
    public static double[,] Rectangular(int rows, int columns, int threads, Func<int, int, double> pair)
    {
        var matrix = new double[rows, columns];
        Parallel.For(0, rows, Options(threads), i =>
        {
            for (var j = 0; j < columns; j++)
            {
                matrix[i, j] = pair(i, j);
            }
        });
        return matrix;
    }

    private static ParallelOptions Options(int threads) => new() { MaxDegreeOfParallelism = threads > 0 ? threads : -1 };
}
