// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

public sealed class BlockKernelTests
{
    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void A_block_is_its_matrix_wherever_its_wires_are(int width, bool isSingle) => EveryWidth.Run(width, isSingle, new Definition());

    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void An_overlap_is_of_the_groups_that_a_block_would_change(int width, bool isSingle) => EveryWidth.Run(width, isSingle, new Overlap());

    /// <summary>Wires within the lanes, just above them, where vectors that are left out lie close together, and far above.</summary>
    private static IEnumerable<(int[] Bits, nint[] Offsets)> Blocks(int laneBits, int bits)
    {
        int[] places = [.. new[] { 0, 1, 2, laneBits, laneBits + 1, laneBits + 2, laneBits + 4, bits - 1 }.Distinct().Order()];
        foreach (var a in places)
        {
            yield return Mixing([a], 0, 1);
            yield return Mixing([a], 1); // a phase
            foreach (var b in places.Where(b => b > a))
            {
                yield return Mixing([a, b], 1, 3); // a is a control
                yield return Mixing([a, b], 2, 3); // b is
                yield return Mixing([a, b], 1, 2); // an exchange
                yield return Mixing([a, b], 0, 1, 2, 3);
            }
        }

        int last = places.Length - 1;
        foreach (var (i, j, k) in ((int, int, int)[])[(0, 1, 2), (0, 1, last), (0, last - 1, last), (last - 2, last - 1, last), (1, 2, 3)])
        {
            int[] three = [places[i], places[j], places[k]];
            yield return Mixing(three, [.. Enumerable.Range(0, 8)]);
            yield return Mixing(three, 3, 7);
            yield return Mixing(three, 1, 2, 4);
            yield return Mixing(three, 0, 1, 3, 5, 6);
        }

        int[] four = [places[0], places[2], places[3], places[last]];
        yield return Mixing(four, [.. Enumerable.Range(0, 16)]);
        yield return Mixing(four, 3, 12);
    }

    private static (int[] Bits, nint[] Offsets) Mixing(int[] bits, params int[] locals) =>
        (bits, [.. locals.Select(local => bits.Select((bit, k) => (nint)((local >> k) & 1) << bit).Aggregate((nint)0, (offset, bit) => offset | bit))]);

    private static Complex[] Numbers(int count, double seed, bool isReal) =>
        [.. Enumerable.Range(1, count).Select(k => new Complex(Math.Sin(seed + (k * k)), isReal ? 0 : Math.Cos(seed * k)))];

    private static BlockKernel<V, T> Kernel<V, T>(int[] bits, nint[] offsets, Complex[] matrix)
        where V : unmanaged, IAmplitudeLanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var kernel = new BlockKernel<V, T>(BlockPass.Of(new Step(StepKind.Dense, bits, offsets, -1, -1, 0, matrix, [])));
        kernel.Fill(matrix, inverse: false);
        return kernel;
    }

    private static nint Support(int[] bits) => bits.Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << bit));

    private sealed unsafe class State<V, T> : IDisposable
        where V : unmanaged, IAmplitudeLanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly AlignedArray<T> memory;
        private readonly int size;

        public State(Complex[] amplitudes, bool isReal)
        {
            size = amplitudes.Length;
            memory = new AlignedArray<T>(2 * size);
            for (var y = 0; y < size; y++)
            {
                (memory.Start[y], memory.Start[size + y]) = (T.CreateChecked(amplitudes[y].Real), T.CreateChecked(amplitudes[y].Imaginary));
            }

            Planes = new Planes<V>((V*)memory.Start, isReal ? null : (V*)(memory.Start + size));
        }

        public Planes<V> Planes { get; }

        public Complex this[nint y] => new(double.CreateChecked(memory.Start[y]), double.CreateChecked(memory.Start[size + y]));

        public void Dispose() => memory.Dispose();
    }

    /// <summary>A check of each of the blocks, real and complex, in a cache and not.</summary>
    private abstract class EveryBlock(int vectorBits) : IWidthTest
    {
        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var bits = LaneConstants<V, T>.Bits + vectorBits;
            foreach (var (wires, offsets) in Blocks(LaneConstants<V, T>.Bits, bits))
            {
                foreach (var isCached in (bool[])[false, true])
                {
                    Check<V, T, ComplexField>(wires, offsets, bits, isCached, tolerance);
                    Check<V, T, RealField>(wires, offsets, bits, isCached, tolerance);
                }
            }
        }

        protected abstract void Check<V, T, F>(int[] wires, nint[] offsets, int bits, bool isCached, double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
            where F : IField;
    }

    private sealed unsafe class Definition() : EveryBlock(vectorBits: 7)
    {
        protected override void Check<V, T, F>(int[] wires, nint[] offsets, int bits, bool isCached, double tolerance)
        {
            var d = offsets.Length;
            var (before, matrix) = (Numbers(1 << bits, 0.3, F.IsReal), Numbers(d * d, 0.7, F.IsReal));
            using var kernel = Kernel<V, T>(wires, offsets, matrix);
            using var state = new State<V, T>(before, F.IsReal);
            using var scratch = new AlignedArray<V>(BlockKernel<V, T>.Scratch(d));

            // In two parts, as threads would.
            var groups = ((nint)1 << (bits - LaneConstants<V, T>.Bits)) >> kernel.GroupBits;
            kernel.Apply<F>(state.Planes, groups / 3, groups, scratch.Start, isCached);
            kernel.Apply<F>(state.Planes, 0, groups / 3, scratch.Start, isCached);
            for (nint y = 0; y < before.Length; y++)
            {
                var row = Array.IndexOf(offsets, y & Support(wires));
                var rest = y & ~Support(wires);
                var expected = row < 0 ? before[y] : offsets.Select((offset, column) => matrix[(row * d) + column] * before[rest | offset]).Aggregate((sum, term) => sum + term);
                Assert.Equal(expected.Real, state[y].Real, tolerance);
                Assert.Equal(expected.Imaginary, state[y].Imaginary, tolerance);
            }
        }
    }

    private sealed unsafe class Overlap() : EveryBlock(vectorBits: 6)
    {
        // Of the groups that a block of zeros clears, which are those it touches.
        protected override void Check<V, T, F>(int[] wires, nint[] offsets, int bits, bool isCached, double tolerance)
        {
            var d = offsets.Length;
            var (ket, bra) = (Numbers(1 << bits, 0.3, F.IsReal), Numbers(1 << bits, 1.1, F.IsReal));
            using var kernel = Kernel<V, T>(wires, offsets, new Complex[d * d]);
            using var state = new State<V, T>(ket, F.IsReal);
            using var adjoint = new State<V, T>(bra, F.IsReal);
            using var scratch = new AlignedArray<V>(BlockKernel<V, T>.Scratch(d));
            var part = (((nint)1 << (bits - LaneConstants<V, T>.Bits)) >> kernel.GroupBits) / 2;
            var found = new double[2 * d * d];
            kernel.Overlap<F>(state.Planes, adjoint.Planes, 0, part, found, isCached);
            kernel.Apply<F>(adjoint.Planes, 0, part, scratch.Start, isCached);
            var expected = new Complex[d * d];
            for (nint y = 0; y < ket.Length; y++)
            {
                var column = Array.IndexOf(offsets, y & Support(wires));
                for (var row = 0; column >= 0 && adjoint[y] == 0 && row < d; row++)
                {
                    expected[(row * d) + column] += ket[(y & ~Support(wires)) | offsets[row]] * Complex.Conjugate(bra[y]);
                }
            }

            for (var k = 0; k < d * d; k++)
            {
                Assert.Equal(expected[k].Real, found[2 * k], tolerance);
                Assert.Equal(expected[k].Imaginary, found[(2 * k) + 1], tolerance);
            }
        }
    }
}
