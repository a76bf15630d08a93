// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

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
    private readonly (int Input, T Threshold, bool Absolute)[] guards;
    private readonly Func<Shape, ShapeRun<T>> make;
    private readonly Func<int, string?> refusal;
    private readonly bool[] fires;
    private readonly ulong[] pattern;
    private readonly Dictionary<ulong[], Split>.AlternateLookup<ReadOnlySpan<ulong>> splits =
        new Dictionary<ulong[], Split>(new SequenceComparer<ulong>()).GetAlternateLookup<ReadOnlySpan<ulong>>();

    private long numbers;
    private double amplitudes;

    public SplitCache(Circuit circuit, Func<Shape, ShapeRun<T>> make, Func<int, string?> refusal)
    {
        (this.make, this.refusal) = (make, refusal);
        splitter = new Splitter(circuit);
        guards = [.. circuit.Guards.Select(guard => (guard.Input, T.CreateChecked(guard.Threshold), guard.Absolute))];
        fires = new bool[guards.Length];
        pattern = new ulong[(guards.Length + 63) / 64];
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

    /// <summary>A sample's split.</summary>
    /// <exception cref="NotSupportedException">A component is too large for the memory.</exception>
    public Split Find(ReadOnlySpan<T> data, int sample)
    {
        Array.Clear(pattern);
        for (var g = 0; g < guards.Length; g++)
        {
            var (input, threshold, absolute) = guards[g];
            var value = data[input];
            fires[g] = (absolute ? T.Abs(value) : value) > threshold;
            pattern[g >> 6] |= (fires[g] ? 1UL : 0) << (g & 63);
        }

        if (splits.TryGetValue(pattern, out var split))
        {
            return split;
        }

        split = splitter.Split(fires);
        numbers += split.Values + (4L * split.Sums.Length) + (6L * split.Parts.Length) + (2L * split.Products.Length) + pattern.Length;
        foreach (var part in split.Parts)
        {
            if (part.Shape.Index == Runs.Count)
            {
                Runs.Add(make(part.Shape));
                amplitudes += Math.ScaleB(1, part.Wires.Length) + 100;
            }
        }

        if (refusal(split.LargestPart) is { } reason)
        {
            throw new NotSupportedException($"cpu, sample {sample}: {reason}.");
        }

        splits[pattern] = split;
        return split;
    }

    public void Dispose()
    {
        foreach (var run in Runs)
        {
            run.Dispose();
        }
    }
}
