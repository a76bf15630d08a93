// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// A tensor of one site, or of several side by side: <c>[Left, Size, Right]</c>, row-major; Size is 2 to the number of sites. Never changed once made, so states share them.
/// </summary>
internal sealed class MpsTensor(int left, int size, int right)
{
    public int Left => left;

    public int Size => size;

    public int Right => right;

    public Complex[] Data { get; } = new Complex[left * size * right];

    public ref Complex this[int l, int s, int r] => ref Data[(((l * size) + s) * right) + r];

    /// <summary>Both side by side, the bond between them summed.</summary>
    public MpsTensor Join(MpsTensor next)
    {
        var result = new MpsTensor(left, size * next.Size, next.Right);
        var width = next.Size * next.Right;
        for (var row = 0; row < left * size; row++)
        {
            var target = result.Data.AsSpan(row * width, width);
            for (var k = 0; k < right; k++)
            {
                var factor = Data[(row * right) + k];
                if (factor == Complex.Zero)
                {
                    continue;
                }

                var source = next.Data.AsSpan(k * width, width);
                for (var c = 0; c < width; c++)
                {
                    target[c] += factor * source[c];
                }
            }
        }

        return result;
    }

    /// <summary>The tensor with a matrix applied to its sites.</summary>
    public MpsTensor Apply(Complex[,] matrix)
    {
        var result = new MpsTensor(left, size, right);
        for (var l = 0; l < left; l++)
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++)
                {
                    var factor = matrix[i, j];
                    if (factor == Complex.Zero)
                    {
                        continue;
                    }

                    for (var r = 0; r < right; r++)
                    {
                        result[l, i, r] += factor * this[l, j, r];
                    }
                }
            }
        }

        return result;
    }

    /// <summary>As a matrix, the first <paramref name="sites"/> sites with the left bond as rows.</summary>
    public ComplexColumns ToMatrix(int sites)
    {
        var rows = left << sites;
        var columns = Data.Length / rows;
        var result = new ComplexColumns(rows, columns);
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                result[r, c] = Data[(r * columns) + c];
            }
        }

        return result;
    }

    /// <summary>A matrix as a tensor.</summary>
    public static MpsTensor From(ComplexColumns matrix, int left, int size, int right)
    {
        var result = new MpsTensor(left, size, right);
        var columns = matrix.Columns;
        for (var r = 0; r < matrix.Rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                result.Data[(r * columns) + c] = matrix[r, c];
            }
        }

        return result;
    }
}
