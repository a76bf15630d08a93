// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Components;

/// <summary>
/// Splits by pattern of fired guards and runs by shape, bounded: when there are too many, all are forgotten, between calls.
/// </summary>
internal sealed class SplitCache<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxNumbers = 1 << 24; // parts, products and values of all patterns kept
    private const double MaxAmplitudes = 1 << 22; // of all programs kept, a sample in each lane

    private readonly Splitter splitter;
    private readonly (int Input, bool Absolute)[] guards;
    private readonly T[] thresholds;
    private readonly bool areInARow; // guard g reads input g, or that and a constant more
    private readonly Func<Shape, ShapeRun<T>> make;
    private readonly Func<int, string?> refusal;
    private readonly bool[] fires;
    private readonly ulong[][] patterns; // of each slot, for the sample at hand
    private readonly Dictionary<ulong[], Split>.AlternateLookup<ReadOnlySpan<ulong>> splits =
        new Dictionary<ulong[], Split>(new SequenceComparer<ulong>()).GetAlternateLookup<ReadOnlySpan<ulong>>();

    private long numbers;
    private double amplitudes;

    public SplitCache(Circuit circuit, int slots, Func<Shape, ShapeRun<T>> make, Func<int, string?> refusal)
    {
        (this.make, this.refusal) = (make, refusal);
        splitter = new Splitter(circuit);
        guards = [.. circuit.Guards.Select(guard => (guard.Input, guard.Absolute))];
        thresholds = [.. circuit.Guards.Select(guard => T.CreateChecked(guard.Threshold))];
        areInARow = guards.Length > 0 && guards.Select((guard, g) => guard == (guards[0].Input + g, guards[0].Absolute)).All(isNext => isNext);
        fires = new bool[guards.Length];
        patterns = [.. Enumerable.Range(0, slots).Select(_ => new ulong[(guards.Length + 63) / 64])];
    }

    /// <summary>The outputs where nothing touches |0…0⟩.</summary>
    public double[] AtZero => splitter.AtZero;

    /// <summary>By shape.</summary>
    public List<ShapeRun<T>> Runs { get; } = [];

    /// <summary>Forgets everything if there is too much of it.</summary>
    public void Trim()
    {
        if (numbers > MaxNumbers || amplitudes > MaxAmplitudes)
        {
            Dispose();
            splits.Dictionary.Clear();
            splitter.Forget();
            Runs.Clear();
            (numbers, amplitudes) = (0, 0);
        }
    }

    /// <summary>A sample's split, if it is known; several threads may ask, each for a slot of its own, while none is made.</summary>
    public Split? Known(ReadOnlySpan<T> data, int slot)
    {
        Compare(data, patterns[slot]);
        return splits.TryGetValue(patterns[slot], out var split) ? split : null;
    }

    /// <summary>A sample's split, made if it is not known.</summary>
    /// <exception cref="NotSupportedException">A component is too large for the memory.</exception>
    public Split Make(ReadOnlySpan<T> data, int sample)
    {
        if (Known(data, slot: 0) is { } known)
        {
            return known; // of an earlier sample of this call
        }

        var pattern = patterns[0];
        for (var g = 0; g < fires.Length; g++)
        {
            fires[g] = (pattern[g >> 6] >> (g & 63) & 1) != 0;
        }

        var split = splitter.Split(fires);
        numbers += split.Values + (4L * split.Sums.Length) + (8L * split.Bundles.Length) + (2L * split.Products.Length);
        numbers += split.Factors.Length + split.Wires + pattern.Length;
        foreach (var bundle in split.Bundles)
        {
            if (bundle.Shape.Index == Runs.Count)
            {
                Runs.Add(make(bundle.Shape));
                amplitudes += Math.ScaleB(1, bundle.Shape.Circuit.Wires) + 100;
            }
        }

        if (refusal(split.LargestPart) is { } reason)
        {
            throw new NotSupportedException($"cpu, sample {sample}: {reason}.");
        }

        splits[pattern] = split;
        return split;
    }

    // Writes the pattern, several guards at a time where they read one input after the other.
    private void Compare(ReadOnlySpan<T> data, ulong[] pattern)
    {
        Array.Clear(pattern);
        var g = 0;
        if (areInARow)
        {
            var values = data[guards[0].Input..];
            var width = Vector512<T>.Count;
            for (; g + width <= guards.Length; g += width)
            {
                var value = Vector512.Create(values[g..]);
                value = guards[0].Absolute ? Vector512.Abs(value) : value;
                pattern[g >> 6] |= Vector512.GreaterThan(value, Vector512.Create(thresholds.AsSpan(g))).ExtractMostSignificantBits() << (g & 63);
            }
        }

        for (; g < guards.Length; g++)
        {
            var value = data[guards[g].Input];
            pattern[g >> 6] |= ((guards[g].Absolute ? T.Abs(value) : value) > thresholds[g] ? 1UL : 0) << (g & 63);
        }
    }

    public void Dispose()
    {
        foreach (var run in Runs)
        {
            run.Dispose();
        }
    }
}
