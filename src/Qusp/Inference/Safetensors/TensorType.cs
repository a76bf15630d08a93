// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Inference;

/// <summary>The element types of tensors that Qusp stores.</summary>
public enum TensorType
{
    /// <summary><c>F64</c>: <see cref="double"/>.</summary>
    Float64,

    /// <summary><c>F32</c>: <see cref="float"/>.</summary>
    Float32,

    /// <summary><c>F16</c>: <see cref="Half"/>.</summary>
    Float16,

    /// <summary><c>I64</c>: <see cref="long"/>.</summary>
    Int64,

    /// <summary><c>I32</c>: <see cref="int"/>.</summary>
    Int32,

    /// <summary><c>I16</c>: <see cref="short"/>.</summary>
    Int16,

    /// <summary><c>I8</c>: <see cref="sbyte"/>.</summary>
    Int8,

    /// <summary><c>U8</c>: <see cref="byte"/>.</summary>
    UInt8,
}

/// <summary>What an element type is called in a file, how wide it is and which type of C# holds it: one row a type.</summary>
internal static class TensorTypes
{
    private static readonly ImmutableArray<(TensorType Type, string Name, int Bytes, Type Element)> Rows =
    [
        (TensorType.Float64, "F64", 8, typeof(double)),
        (TensorType.Float32, "F32", 4, typeof(float)),
        (TensorType.Float16, "F16", 2, typeof(Half)),
        (TensorType.Int64, "I64", 8, typeof(long)),
        (TensorType.Int32, "I32", 4, typeof(int)),
        (TensorType.Int16, "I16", 2, typeof(short)),
        (TensorType.Int8, "I8", 1, typeof(sbyte)),
        (TensorType.UInt8, "U8", 1, typeof(byte)),
    ];

    /// <summary>The names of all types, for messages.</summary>
    public static string Supported => string.Join(", ", Rows.Select(row => row.Name));

    /// <summary>The name in a file.</summary>
    public static string Name(this TensorType type) => Row(type).Name;

    /// <summary>The size of an element.</summary>
    public static int Bytes(this TensorType type) => Row(type).Bytes;

    /// <summary>The type of a name in a file, or null.</summary>
    public static TensorType? Find(string name)
    {
        foreach (var row in Rows)
        {
            if (row.Name == name)
            {
                return row.Type;
            }
        }

        return null;
    }

    /// <summary>The type whose elements are <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No tensor has such elements.</exception>
    public static TensorType Of<T>()
        where T : unmanaged
    {
        foreach (var row in Rows)
        {
            if (row.Element == typeof(T))
            {
                return row.Type;
            }
        }

        throw new NotSupportedException(
            $"A tensor does not hold {typeof(T).Name}; it holds {string.Join(", ", Rows.Select(row => row.Element.Name))}.");
    }

    private static (TensorType Type, string Name, int Bytes, Type Element) Row(TensorType type) =>
        (uint)type < (uint)Rows.Length ? Rows[(int)type] : throw new ArgumentOutOfRangeException(nameof(type), type, "This is no tensor type.");
}
