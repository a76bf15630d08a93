// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>Tensors' memory as spans. The tensors are contiguous and on the CPU, float32 or float64.</summary>
internal static class TensorMemory
{
    /// <summary>The tensor's elements, without a copy; valid while the tensor lives.</summary>
    public static Span<T> Elements<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>Whether the tensor's elements are of type T.</summary>
    public static bool Holds<T>(Tensor tensor) =>
        tensor.dtype == (typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64);

    /// <summary>The elements as T: the tensor's own memory if they are, else converted into the buffer, which grows.</summary>
    public static ReadOnlySpan<T> Read<T>(Tensor tensor, int count, ref T[] buffer)
        where T : unmanaged, INumberBase<T>
    {
        if (count == 0)
        {
            return [];
        }

        if (Holds<T>(tensor))
        {
            return Elements<T>(tensor);
        }

        var copy = Buffer(ref buffer, count);
        CopyTo(tensor, copy);
        return copy;
    }

    /// <summary>The tensor's own memory if it holds T, else the buffer; <see cref="Finish"/> then converts.</summary>
    public static Span<T> Begin<T>(Tensor tensor, int count, ref T[] buffer)
        where T : unmanaged => count == 0 ? [] : Holds<T>(tensor) ? Elements<T>(tensor) : Buffer(ref buffer, count);

    /// <summary>Brings what was written to the span of <see cref="Begin"/> into the tensor.</summary>
    public static void Finish<T>(Tensor tensor, ReadOnlySpan<T> written)
        where T : unmanaged, INumberBase<T>
    {
        if (!written.IsEmpty && !Holds<T>(tensor))
        {
            CopyFrom(tensor, written);
        }
    }

    /// <summary>Copies the elements to T, converting.</summary>
    public static void CopyTo<T>(Tensor tensor, Span<T> target)
        where T : unmanaged, INumberBase<T>
    {
        if (tensor.dtype == ScalarType.Float32)
        {
            Convert(Elements<float>(tensor), target);
        }
        else
        {
            Convert(Elements<double>(tensor), target);
        }
    }

    /// <summary>Writes the elements from T, converting.</summary>
    public static void CopyFrom<T>(Tensor tensor, ReadOnlySpan<T> source)
        where T : unmanaged, INumberBase<T>
    {
        if (tensor.dtype == ScalarType.Float32)
        {
            Convert(source, Elements<float>(tensor));
        }
        else
        {
            Convert(source, Elements<double>(tensor));
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = TTo.CreateTruncating(source[i]);
        }
    }

    private static Span<T> Buffer<T>(ref T[] buffer, int count)
    {
        if (buffer.Length < count)
        {
            buffer = new T[BitOperations.RoundUpToPowerOf2((uint)count)];
        }

        return buffer.AsSpan(0, count);
    }
}
