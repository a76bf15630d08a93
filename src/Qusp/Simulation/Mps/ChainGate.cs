// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>What of an operation decides its cost in a chain of tensors; its varying angles stand for any.</summary>
internal sealed class ChainGate
{
    private const double Zero = 1e-12;

    private readonly Complex[,] matrix;

    public ChainGate(Operation operation)
    {
        Wires = [.. operation.Wires];
        Varies = operation.Angles.Any(angle => !angle.IsConstant);
        matrix = operation.Gate.Matrix([.. operation.Angles.Select((angle, k) => angle.IsConstant ? angle.Value([], []) : 0.8 + (0.9 * k))]);
        IsDiagonal = [.. Enumerable.Range(0, Wires.Length).Select(Keeps)];
        Entries = matrix.Cast<Complex>().Count(entry => entry != Complex.Zero) / (double)matrix.GetLength(0);
    }

    public int[] Wires { get; }

    /// <summary>For each of its wires, whether the gate leaves its bit as it is.</summary>
    public bool[] IsDiagonal { get; }

    /// <summary>Whether an angle of it varies.</summary>
    public bool Varies { get; }

    /// <summary>The numbers in a row of its matrix that are not 0.</summary>
    public double Entries { get; }

    /// <summary>For each cut between its wires, the terms A ⊗ B that the gate is a sum of: what it at most multiplies a bond there by.</summary>
    /// <param name="places">Of its wires in the order of the sites.</param>
    public double[] Ranks(ReadOnlySpan<int> places)
    {
        var ordered = MatrixAlgebra.Embed(matrix, places, places.Length);
        var ranks = new double[places.Length - 1];
        for (var left = 1; left < places.Length; left++)
        {
            ranks[left - 1] = Rank(Regrouped(ordered, left, places.Length - left));
        }

        return ranks;
    }

    private bool Keeps(int place)
    {
        var bit = 1 << (Wires.Length - 1 - place);
        for (var row = 0; row < matrix.GetLength(0); row++)
        {
            for (var column = 0; column < matrix.GetLength(0); column++)
            {
                if (((row ^ column) & bit) != 0 && matrix[row, column] != Complex.Zero)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // [row and column of the left wires, those of the right]
    private static Complex[,] Regrouped(Complex[,] matrix, int left, int right)
    {
        var result = new Complex[1 << (2 * left), 1 << (2 * right)];
        var mask = (1 << right) - 1;
        for (var row = 0; row < matrix.GetLength(0); row++)
        {
            for (var column = 0; column < matrix.GetLength(0); column++)
            {
                result[((row >> right) << left) | (column >> right), ((row & mask) << right) | (column & mask)] = matrix[row, column];
            }
        }

        return result;
    }

    // By elimination with the largest entry as pivot.
    private static int Rank(Complex[,] matrix)
    {
        var (rows, columns) = (matrix.GetLength(0), matrix.GetLength(1));
        for (var rank = 0; rank < Math.Min(rows, columns); rank++)
        {
            var (largest, pivotRow, pivotColumn) = (0.0, 0, 0);
            for (var r = rank; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    if (Complex.Abs(matrix[r, c]) is var size && size > largest)
                    {
                        (largest, pivotRow, pivotColumn) = (size, r, c);
                    }
                }
            }

            if (largest < Zero)
            {
                return rank;
            }

            for (var c = 0; c < columns; c++)
            {
                (matrix[rank, c], matrix[pivotRow, c]) = (matrix[pivotRow, c], matrix[rank, c]);
            }

            for (var r = rank + 1; r < rows; r++)
            {
                var factor = matrix[r, pivotColumn] / matrix[rank, pivotColumn];
                for (var c = 0; c < columns && factor != Complex.Zero; c++)
                {
                    matrix[r, c] = c == pivotColumn ? 0 : matrix[r, c] - (factor * matrix[rank, c]);
                }
            }
        }

        return Math.Min(rows, columns);
    }
}
