// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Qusp.Inference;

/// <summary>A tensor of a file: its name, element type, shape and bytes (row-major, little-endian). Immutable.</summary>
public sealed class NamedTensor
{
    /// <summary>A tensor from its bytes.</summary>
    /// <param name="name">The name; not <c>__metadata__</c>, which the format keeps for itself.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="shape">The size of each axis, from 0; empty for a scalar.</param>
    /// <param name="bytes">The elements, row-major, little-endian. Not copied.</param>
    /// <exception cref="ArgumentException">The name is reserved, a size is negative, or the bytes are not as many as the shape asks for.</exception>
    public NamedTensor(string name, TensorType type, ImmutableArray<int> shape, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == SafetensorsHeader.MetadataKey)
        {
            throw new ArgumentException($"'{name}' is no name for a tensor: the format keeps it for the file's metadata.", nameof(name));
        }

        shape = shape.IsDefault ? [] : shape;
        var count = CountOf(shape);
        if (count is null || (long)count * type.Bytes() != bytes.Length)
        {
            throw new ArgumentException(
                $"{name}: a tensor {type.Name()}[{string.Join(", ", shape)}] is not made of {bytes.Length} bytes.", nameof(bytes));
        }

        (Name, Type, Shape, Bytes, Count) = (name, type, shape, bytes, (int)count);
    }

    /// <summary>The name, such as <c>classical_layer.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public TensorType Type { get; }

    /// <summary>The size of each axis; empty for a scalar.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The number of elements: the product of the shape, 1 for a scalar.</summary>
    public int Count { get; }

    /// <summary>The elements' bytes, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A tensor that holds a copy of these values.</summary>
    /// <typeparam name="T">The element: double, float, Half, long, int, short, sbyte or byte.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="values">The values, row-major.</param>
    /// <param name="shape">The size of each axis; empty for a scalar.</param>
    /// <exception cref="ArgumentException">The shape asks for another number of values.</exception>
    /// <exception cref="NotSupportedException">A tensor does not hold this type.</exception>
    public static NamedTensor Of<T>(string name, ReadOnlySpan<T> values, params ImmutableArray<int> shape)
        where T : unmanaged =>
        new(name, TensorTypes.Of<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The elements as they are, row-major.</summary>
    /// <typeparam name="T">The element that <see cref="Type"/> says.</typeparam>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged =>
        TensorTypes.Of<T>() == Type
            ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
            : throw new InvalidOperationException($"{Name} holds {Type.Name()}, not {TensorTypes.Of<T>().Name()}.");

    /// <summary>The elements of a floating-point tensor as doubles, which hold them exactly.</summary>
    /// <exception cref="InvalidOperationException">The elements are integers.</exception>
    public double[] ToDoubles() => Type switch
    {
        TensorType.Float64 => As<double>().ToArray(),
        TensorType.Float32 => Convert<float, double>(As<float>(), value => value),
        TensorType.Float16 => Convert<Half, double>(As<Half>(), value => (double)value),
        _ => throw NoFloat(),
    };

    /// <summary>The elements of a floating-point tensor as floats, rounded to nearest.</summary>
    /// <exception cref="InvalidOperationException">The elements are integers.</exception>
    public float[] ToSingles() => Type switch
    {
        TensorType.Float64 => Convert<double, float>(As<double>(), value => (float)value),
        TensorType.Float32 => As<float>().ToArray(),
        TensorType.Float16 => Convert<Half, float>(As<Half>(), value => (float)value),
        _ => throw NoFloat(),
    };

    /// <summary>Name, type and shape: <c>classical_layer.weight F32[4, 4]</c>.</summary>
    public override string ToString() => $"{Name} {Type.Name()}[{string.Join(", ", Shape)}]";

    /// <summary>The number of elements of a shape; null if a size is negative or the number exceeds what an array holds.</summary>
    internal static int? CountOf(ImmutableArray<int> shape)
    {
        // A size of 0 makes the tensor empty whatever the others are, so it is looked for before they are multiplied.
        long count = shape.Contains(0) ? 0 : 1;
        foreach (var size in shape)
        {
            count *= size;
            if (size < 0 || count > Array.MaxLength)
            {
                return null;
            }
        }

        return (int)count;
    }

    private static TTo[] Convert<TFrom, TTo>(ReadOnlySpan<TFrom> values, Func<TFrom, TTo> convert)
    {
        var result = new TTo[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = convert(values[i]);
        }

        return result;
    }

    private InvalidOperationException NoFloat() => new($"{Name} holds {Type.Name()}; F64, F32 or F16 is needed.");
}
