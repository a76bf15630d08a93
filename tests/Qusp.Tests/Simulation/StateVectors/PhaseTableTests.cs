// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

public sealed class PhaseTableTests
{
    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void The_tables_product_is_the_phase_of_all_words(int width, bool isSingle) => EveryWidth.Run(width, isSingle, new Product());

    private sealed unsafe class Product : IWidthTest
    {
        private static readonly double[] Arguments = [0.3, -1.7, 40.0, 0, 2.2];

        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            // Within one table; in two; few words that cross, and more than have a table of each pattern.
            foreach (var (bits, count) in ((int, int)[])[(1, 2), (4, 3), (9, 12), (10, 2), (11, 4), (12, 9), (12, 40), (13, 0)])
            {
                PhaseWord[] words =
                [
                    .. Enumerable.Range(1, count).Select(k => new PhaseWord((nint)(k * 2654435761L % ((1L << bits) - 1)) + 1, (k % 6) - 1, 0.1 + (0.2 * (k % 7)))),
                ];
                using var memory = new PhaseMemory<T>();
                var table = new PhaseTable<V, T>(words, bits, memory);
                var other = new PhaseTable<V, T>([new PhaseWord(1, 1, 1)], bits, memory);
                using var scratch = new AlignedArray<T>(table.Scratch);
                table.Fill(Arguments, 1, 0.5);
                Check(words, bits, table, scratch, Arguments, 1, 0.5, tolerance);
                double[] others = [.. Arguments.Select(argument => argument + 0.25)];
                table.Fill(others, -1, 2);
                other.Fill(others, 1, 1); // in the same memory
                table.Fill(others, -1, 2);
                Check(words, bits, table, scratch, others, -1, 2, tolerance);
            }
        }

        private static void Check<V, T>(
            PhaseWord[] words, int bits, PhaseTable<V, T> table, AlignedArray<T> scratch, double[] arguments, double sign, double scale, double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var size = (nint)1 << table.LowBits;
            for (nint block = 0; block < (nint)1 << (bits - table.LowBits); block++)
            {
                var low = table.Low(block, scratch.Start);
                var high = table.HasHigh ? Number(table.High(block).Re, table.High(block).Im) : 1;
                for (nint y = 0; y < size; y++)
                {
                    var angle = words.Sum(word =>
                        (IndexMap.Parity(word.Mask & ((block * size) + y)) == 0 ? 1 : -1) * word.Factor * (word.Angle < 0 ? 1 : arguments[word.Angle]));
                    var expected = Complex.FromPolarCoordinates(scale, sign * angle);
                    Assert.Equal(0, Complex.Abs(expected - (Number(low[y], low[size + y]) * high)), tolerance);
                }
            }
        }

        private static Complex Number<T>(T re, T im)
            where T : IFloatingPointIeee754<T> => new(double.CreateChecked(re), double.CreateChecked(im));
    }
}
