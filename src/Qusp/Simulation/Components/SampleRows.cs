// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Components;

/// <summary>
/// Some samples of a call, which one thread takes after another, and the rows that their components have in the batches of their shapes:
/// first counted, then placed behind those of the samples before.
/// </summary>
internal sealed class SampleRows
{
    private readonly List<int> rows = []; // the first of each bundle of each sample, until it is placed among these samples' own
    private int[] byShape = []; // components, then the first one's row

    /// <summary>The shapes that any of the samples has.</summary>
    public List<int> Shapes { get; } = [];

    /// <summary>What running them costs.</summary>
    public Cost Cost { get; private set; }

    /// <summary>The most values that a sample's components have.</summary>
    public int MostValues { get; private set; }

    /// <summary>Forgets the samples of the call before.</summary>
    /// <param name="shapes">How many shapes are known.</param>
    public void Clear(int shapes)
    {
        foreach (var shape in Shapes)
        {
            byShape[shape] = 0;
        }

        if (byShape.Length < shapes)
        {
            byShape = new int[2 * shapes];
        }

        Shapes.Clear();
        rows.Clear();
        (Cost, MostValues) = (default, 0);
    }

    /// <summary>Counts a sample's components.</summary>
    /// <returns>The number of its first bundle.</returns>
    public int Add(Split split)
    {
        var first = rows.Count;
        foreach (ref readonly var bundle in split.Bundles.AsSpan())
        {
            ref var count = ref byShape[bundle.Shape.Index];
            if (count == 0)
            {
                Shapes.Add(bundle.Shape.Index);
            }

            rows.Add(count);
            count += bundle.Count;
        }

        Cost += new Cost(1, split.Counts.Gates, split.Counts.TwoQubitGates, split.Counts.Skipped, 0) { SimulatedWires = split.Wires, LargestState = split.LargestPart };
        MostValues = Math.Max(MostValues, split.Values);
        return first;
    }

    /// <summary>How many components of a shape the samples have.</summary>
    public int Components(int shape) => byShape[shape];

    /// <summary>Says which row of a shape's batch is these samples' first.</summary>
    public void Begin(int shape, int row) => byShape[shape] = row;

    /// <summary>Places a bundle, once all samples have been counted.</summary>
    /// <returns>Its first row.</returns>
    public int Place(int number, in Bundle bundle) => rows[number] += byShape[bundle.Shape.Index];

    /// <summary>A placed bundle's first row.</summary>
    public int this[int number] => rows[number];
}
