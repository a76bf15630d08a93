// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

public sealed class GatherTests
{
    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void Every_amplitude_comes_from_its_source_with_its_phase(int width, bool isSingle) => EveryWidth.Run(width, isSingle, new Definition());

    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void Every_block_is_moved_once(int width, bool isSingle) => EveryWidth.Run(width, isSingle, new Blocks());

    /// <summary>An exchange of the k lowest bits with the k highest: the lanes of a vector come from 2^k vectors.</summary>
    private static IndexMap Crossing(int bits, int k) => Enumerable.Range(0, k).Aggregate(
        IndexMap.Identity(bits),
        (map, bit) => map.Then(IndexMaps.OfGate(bits, circuit => circuit.SWAP(bit, bits - 1 - bit))));

    private sealed class Definition : IWidthTest
    {
        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var laneBits = LaneConstants<V, T>.Bits;
            foreach (var bits in (int[])[Math.Max(1, laneBits), 10])
            {
                foreach (var words in (int[])[0, 1, 9])
                {
                    // Sources of a lane: 1, 2, 4, ... vectors; one of them in place.
                    for (var k = 0; k <= Math.Min(laneBits, bits - laneBits); k++)
                    {
                        Check<V, T>(Crossing(bits, k), words, bits, tolerance);
                    }

                    IndexMaps.Of(bits).Sample(map => Check<V, T>(map, words, bits, tolerance), iter: 8, threads: 1);
                }
            }
        }

        private static void Check<V, T>(IndexMap source, int count, int bits, double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            PhaseWord[] words = [.. Enumerable.Range(1, count).Select(k => new PhaseWord((nint)(k * 2654435761L % ((1L << bits) - 1)) + 1, -1, 0.1 + (0.2 * k)))];
            Check<V, T, ComplexField>(source, words, bits, tolerance);
            if (count == 0)
            {
                Check<V, T, RealField>(source, words, bits, tolerance);
            }
        }

        private static unsafe void Check<V, T, F>(IndexMap source, PhaseWord[] words, int bits, double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
            where F : IField
        {
            using var memory = new PhaseMemory<T>();
            var gather = new Gather<V, T>(source, words, bits, memory);
            Assert.Equal(source.IsIdentity, gather.IsInPlace);
            gather.Table.Fill([], 1, 0.75);
            using var scratch = new AlignedArray<T>(gather.Table.Scratch);
            using var old = new AlignedArray<T>((nint)2 << bits);
            using var moved = new AlignedArray<T>((nint)2 << bits);
            var size = (nint)1 << bits;
            Complex[] given = [.. Enumerable.Range(0, (int)size).Select(y => new Complex(Math.Sin(y + 0.5), F.IsReal ? 0 : Math.Cos(1.3 * y)))];
            for (nint y = 0; y < size; y++)
            {
                (old.Start[y], old.Start[size + y]) = (T.CreateChecked(given[y].Real), T.CreateChecked(given[y].Imaginary));
            }

            var to = gather.IsInPlace ? old : moved;
            gather.Run<F>(Planes(to), Planes(old), 0, (nint)1 << (bits - gather.Table.LowBits), T.CreateChecked(0.75), scratch.Start);
            for (nint y = 0; y < size; y++)
            {
                var angle = words.Sum(word => (IndexMap.Parity(word.Mask & y) == 0 ? 1 : -1) * word.Factor);
                var expected = Complex.FromPolarCoordinates(0.75, angle) * given[source.Apply(y)];
                Assert.Equal(expected.Real, double.CreateChecked(to.Start[y]), tolerance);
                Assert.Equal(expected.Imaginary, double.CreateChecked(to.Start[size + y]), tolerance);
            }

            Planes<V> Planes(AlignedArray<T> array) => new((V*)array.Start, F.IsReal ? null : (V*)(array.Start + size));
        }
    }

    private sealed class Blocks : IWidthTest
    {
        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            const int bits = 13;
            Gen.OneOf(IndexMaps.Of(bits), Gen.Const(Crossing(bits, 1))).Sample(
                map =>
                {
                    using var memory = new PhaseMemory<T>();
                    var gather = new Gather<V, T>(map, [], bits, memory);
                    foreach (var blockBits in (int[])[9, 12])
                    {
                        var count = 1 << (bits - blockBits);
                        Assert.Equal(
                            Enumerable.Range(0, count).Select(k => (nint)k),
                            Enumerable.Range(0, count).Select(k => gather.BlockAt(k, blockBits)).Order());
                    }
                },
                iter: 20,
                threads: 1);
        }
    }
}
