// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

public sealed class WalshTests
{
    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void Every_paritys_signed_sum(int width, bool isSingle) => EveryWidth.Run(width, isSingle, new Transform());

    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void Sums_of_few_words_and_of_many_are_what_they_are_by_definition(int width, bool isSingle) => EveryWidth.Run(width, isSingle, new Sums());

    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void Functions_of_few_words_and_of_many_are_what_they_are_by_definition(int width, bool isSingle) =>
        EveryWidth.Run(width, isSingle, new Expansion());

    private static double Sign(nint mask, nint y) => IndexMap.Parity(mask & y) == 0 ? 1 : -1;

    private static nint[] Masks(int count, int bits) => [.. Enumerable.Range(0, count).Select(k => (nint)(k * 2654435761L % ((long)1 << bits)))];

    private sealed unsafe class Transform : IWidthTest
    {
        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var bits = 0; bits <= 9; bits++)
            {
                using var numbers = new AlignedArray<T>((nint)1 << bits);
                double[] given = [.. Enumerable.Range(0, 1 << bits).Select(y => Math.Sin((0.7 * y) + 0.1))];
                Fill(numbers, given);
                Walsh<V, T>.Transform(numbers.Start, bits);
                for (nint r = 0; r < 1 << bits; r++)
                {
                    var sum = given.Select((number, y) => Sign(r, y) * number).Sum();
                    Assert.Equal(sum, double.CreateChecked(numbers.Start[r]), tolerance);
                }

                Walsh<V, T>.Transform(numbers.Start, bits);
                for (nint y = 0; y < 1 << bits; y++)
                {
                    Assert.Equal(given[y], double.CreateChecked(numbers.Start[y]) / (1 << bits), tolerance);
                }
            }
        }
    }

    private sealed unsafe class Sums : IWidthTest
    {
        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            const nint block = 5;
            foreach (var bits in (int[])[LaneConstants<V, T>.Bits, 6, 9])
            {
                foreach (var count in (int[])[0, 1, 3, 30])
                {
                    using var numbers = new AlignedArray<T>((nint)2 << bits);
                    double[] given = [.. Enumerable.Range(0, 1 << bits).Select(y => Math.Sin((0.7 * y) + 0.1))];
                    Fill(numbers, given);
                    var masks = Masks(count, bits + 3);
                    double[] sums = [.. masks.Select((_, k) => 10.0 * k)];
                    WordSums<V, T>.Add(numbers.Start, bits, block, masks, sums);
                    for (var k = 0; k < count; k++)
                    {
                        var sum = given.Select((number, y) => Sign(masks[k], (block << bits) | (nint)y) * number).Sum();
                        Assert.Equal((10 * k) + sum, sums[k], tolerance);
                    }
                }
            }
        }
    }

    private sealed unsafe class Expansion : IWidthTest
    {
        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            const nint block = 5;
            foreach (var bits in (int[])[LaneConstants<V, T>.Bits, 6, 9])
            {
                foreach (var count in (int[])[0, 1, 3, 30])
                {
                    using var numbers = new AlignedArray<T>((nint)1 << bits);
                    Fill(numbers, [.. Enumerable.Repeat(double.NaN, 1 << bits)]);
                    var masks = Masks(count, bits + 3);
                    double[] coefficients = [.. masks.Select((_, k) => Math.Cos(k))];
                    WordSums<V, T>.Expand(numbers.Start, bits, block, masks, coefficients);
                    for (nint y = 0; y < 1 << bits; y++)
                    {
                        var sum = masks.Select((mask, k) => Sign(mask, (block << bits) | y) * coefficients[k]).Sum();
                        Assert.Equal(sum, double.CreateChecked(numbers.Start[y]), tolerance);
                    }
                }
            }
        }
    }

    private static unsafe void Fill<T>(AlignedArray<T> array, double[] numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var k = 0; k < numbers.Length; k++)
        {
            array.Start[k] = T.CreateChecked(numbers[k]);
        }
    }
}
