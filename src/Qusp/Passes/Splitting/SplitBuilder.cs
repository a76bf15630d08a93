// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>Gathers the parts and outputs of a <see cref="Split"/>.</summary>
internal sealed class SplitBuilder
{
    private readonly List<(Shape Shape, int[] Wires, int[] Sources, int FirstValue)> parts = [];
    private readonly List<Sum> sums = [];
    private readonly List<Product> products = [];
    private readonly List<int> factors = [];
    private readonly List<Join> joins = [];

    /// <summary>How many values the parts so far have.</summary>
    public int Values { get; private set; }

    public void Add(Shape shape, int[] wires, int[] sources)
    {
        parts.Add((shape, wires, sources, Values));
        Values += shape.Circuit.Outputs;
    }

    /// <summary>Adds a product of values to an output; without values, a constant. Outputs come in rising order.</summary>
    public void Add(int output, double coefficient, ReadOnlySpan<int> values)
    {
        if (sums.Count == 0 || sums[^1].Output != output)
        {
            sums.Add(new Sum(output, 0, products.Count, 0));
        }

        var sum = sums[^1];
        if (values.IsEmpty)
        {
            sums[^1] = sum with { Constant = sum.Constant + coefficient };
            return;
        }

        sums[^1] = sum with { Count = sum.Count + 1 };
        products.Add(new Product(coefficient, factors.Count, values.Length));
        factors.AddRange(values);
    }

    public void Add(Join join) => joins.Add(join);

    /// <summary>The split: parts of one shape side by side, values in their order.</summary>
    /// <param name="counts">What fired.</param>
    /// <param name="atZero">The outputs where nothing fires, <c>[K]</c>; those that are the same are left out.</param>
    public Split Build((int Gates, int TwoQubitGates, int Skipped) counts, double[] atZero)
    {
        var (moved, bundles, next) = (new int[Values], new List<Bundle>(), 0);
        foreach (var group in parts.GroupBy(part => part.Shape.Index))
        {
            var shape = group.First().Shape;
            bundles.Add(new Bundle(shape, group.Count(), [.. group.SelectMany(part => part.Wires)], [.. group.SelectMany(part => part.Sources)], next));
            foreach (var part in group)
            {
                for (var v = 0; v < shape.Circuit.Outputs; v++)
                {
                    moved[part.FirstValue + v] = next++;
                }
            }
        }

        return new Split
        {
            Bundles = [.. bundles],
            Values = Values,
            Sums = [.. sums.Where(sum => sum.Count > 0 || sum.Constant != atZero[sum.Output])],
            Products = [.. products],
            Factors = [.. factors.Select(value => moved[value])],
            Joins = [.. joins.Select(join => join with { Parts = [.. join.Parts.Select(part => (moved[part.FirstValue], part.Bits))] })],
            LongestProduct = products.Count > 0 ? products.Max(product => product.Count) : 0,
            Counts = counts,
            Wires = parts.Sum(part => part.Wires.Length),
            LargestPart = parts.Count > 0 ? parts.Max(part => part.Wires.Length) : 0,
            IsLinear = joins.TrueForAll(join => join.Parts.Length < 2) && products.TrueForAll(product => product.Count < 2),
        };
    }
}
