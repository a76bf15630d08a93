// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Angles with a shape, row-major, as templates take them: a group of weights, the inputs, or numbers convert to one.
/// A list without a shape of its own (one axis) is read in the shape that the template asks for.
/// </summary>
public readonly struct AngleArray
{
    private readonly ImmutableArray<Angle> angles;

    private AngleArray(ImmutableArray<int> shape, ImmutableArray<Angle> angles) => (Shape, this.angles) = (shape, angles);

    /// <summary>The shape.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>How many angles there are.</summary>
    public int Count => angles.IsDefault ? 0 : angles.Length;

    /// <summary>The angle at a row-major position.</summary>
    public Angle this[int index] => angles[index];

    /// <summary>A group of weights, in its shape.</summary>
    public static implicit operator AngleArray(WeightGroup weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new(weights.Shape, [.. Enumerable.Range(weights.Offset, weights.Count).Select(k => Angle.Weight(k))]);
    }

    /// <summary>A list of angles.</summary>
    public static implicit operator AngleArray(Angle[] list) => new([list?.Length ?? 0], [.. list ?? []]);

    /// <summary>A list of traced numbers.</summary>
    public static implicit operator AngleArray(TracedNumber[] list) => (AngleArray)(list ?? []).Select(number => number.Angle).ToArray();

    /// <summary>A list of constant angles.</summary>
    public static implicit operator AngleArray(double[] list) => (AngleArray)(list ?? []).Select(Angle.Constant).ToArray();

    /// <summary>The angles in the shape that a template asks for, <c>[layers, …rest]</c>, and the number of layers.</summary>
    internal int Layers(string template, params ReadOnlySpan<int> rest)
    {
        var size = 1;
        foreach (var length in rest)
        {
            size *= length;
        }

        // A list is read in the shape asked for.
        var fits = Shape.Length <= 1 ? size > 0 && Count % size == 0 : Shape.AsSpan()[1..].SequenceEqual(rest);
        return fits
            ? size == 0 ? Shape[0] : Count / size
            : throw new ArgumentException($"{template} takes angles of the shape [layers, {string.Join(", ", rest.ToArray())}], not [{string.Join(", ", Shape)}].");
    }

    /// <summary>Checks that there are as many angles as a template asks for.</summary>
    internal void Expect(string template, int count)
    {
        if (Count != count)
        {
            throw new ArgumentException($"{template} takes {count} angle(s) here, not {Count}.");
        }
    }
}
