// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Qusp;

/// <summary>Numbers between a program's precision and double, in which sums are kept; and buffers that grow with the batch.</summary>
internal static class Numbers
{
    /// <summary>The numbers in double.</summary>
    public static double[] ToDouble<T>(this ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] result = [];
        _ = values.ToDouble(ref result);
        return result;
    }

    /// <summary>The numbers in double, in a buffer.</summary>
    public static Span<double> ToDouble<T>(this ReadOnlySpan<T> values, ref double[] buffer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var result = Room(ref buffer, values.Length);
        for (var k = 0; k < result.Length; k++)
        {
            result[k] = double.CreateChecked(values[k]);
        }

        return result;
    }

    /// <summary>Writes as many numbers as there is room for: none where a gradient is not wanted.</summary>
    public static void ConvertTo<T>(this ReadOnlySpan<double> values, Span<T> to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            values[..to.Length].CopyTo(MemoryMarshal.Cast<T, double>(to));
            return;
        }

        var k = 0;
        if (typeof(T) == typeof(float))
        {
            var from = MemoryMarshal.Cast<double, Vector256<double>>(values[..to.Length]);
            var floats = MemoryMarshal.Cast<T, Vector256<float>>(to);
            for (; k < floats.Length; k++)
            {
                floats[k] = Vector256.Narrow(from[2 * k], from[(2 * k) + 1]);
            }

            k *= Vector256<float>.Count;
        }

        for (; k < to.Length; k++)
        {
            to[k] = T.CreateChecked(values[k]);
        }
    }

    /// <summary>The first numbers of a buffer, which is made anew where it is too short; what it held is not kept then.</summary>
    public static Span<T> Room<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[length];
        }

        return buffer.AsSpan(0, length);
    }
}
