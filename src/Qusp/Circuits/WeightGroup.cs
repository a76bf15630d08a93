// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// A named block of the circuit's weights with a shape, as a layer registers it as one parameter. The weights of a
/// circuit are its groups one after the other, each row-major.
/// </summary>
public sealed class WeightGroup : IEquatable<WeightGroup>
{
    internal WeightGroup(string name, int offset, ImmutableArray<int> shape)
    {
        (Name, Offset, Shape) = (name, offset, shape);
        Count = shape.Aggregate(1, (product, size) => checked(product * size));
    }

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>The first weight's index in the circuit.</summary>
    public int Offset { get; }

    /// <summary>The parameter's shape.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>How many weights the group holds.</summary>
    public int Count { get; }

    /// <summary>The angle that is the weight at <paramref name="index"/> of the group, row-major: <c>w[layer, wire, 2]</c>.</summary>
    /// <exception cref="ArgumentException">The index does not have the shape's rank or lies outside of it.</exception>
    public Angle this[params ReadOnlySpan<int> index]
    {
        get
        {
            var flat = 0;
            for (var axis = 0; axis < Shape.Length; axis++)
            {
                if (index.Length != Shape.Length || (uint)index[axis] >= (uint)Shape[axis])
                {
                    throw new ArgumentException(
                        $"Weight {Name}[{string.Join(", ", index.ToArray())}] lies outside of its shape [{string.Join(", ", Shape)}].", nameof(index));
                }

                flat = (flat * Shape[axis]) + index[axis];
            }

            return Angle.Weight(Offset + flat);
        }
    }

    /// <inheritdoc/>
    public bool Equals(WeightGroup? other) =>
        other is not null && Name == other.Name && Offset == other.Offset && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WeightGroup);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Offset, Count);

    /// <summary>Name and shape.</summary>
    public override string ToString() => $"{Name}[{string.Join(", ", Shape)}]";
}
