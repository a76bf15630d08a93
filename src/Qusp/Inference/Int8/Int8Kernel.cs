// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Qusp.Inference;

/// <summary>
/// The integer part of a quantized layer: <c>sums[r, o] = Σ_k activations[r, k] · weights[o, k]</c>, exactly. Weights are packed
/// once into blocks of 16 outputs, <c>[block][k / 4][16 outputs][4]</c>, so that one load holds four weights of each of a
/// vector's outputs and no vector is ever summed across. One layout serves every width.
/// </summary>
internal abstract class Int8Kernel
{
    /// <summary>Outputs a block.</summary>
    public const int Block = 16;

    /// <summary>Weights that one lane multiplies at once.</summary>
    public const int Quad = 4;

    /// <summary>The most inputs of a layer: 65536 · 255 · 128 is the last product that stays below 2³¹.</summary>
    public const int MostInputs = 65536;

    /// <summary>Every way to compute it, the slowest first, as measured on a Zen 5.</summary>
    public static ImmutableArray<Int8Kernel> All { get; } =
    [
        new Int8Kernel<ScalarDot, int>("scalar"),
        new Int8Kernel<PortableDot128, Vector128<int>>("128 bits, portable"),
        new Int8Kernel<X86Dot128, Vector128<int>>("128 bits, SSE2"),
        new Int8Kernel<X86Dot256, Vector256<int>>("256 bits, AVX2"),
        new Int8Kernel<VnniDot256, Vector256<int>>("256 bits, AVX-VNNI"),
        new Int8Kernel<X86Dot512, Vector512<int>>("512 bits, AVX-512BW"),
    ];

    /// <summary>The fastest that this machine has.</summary>
    public static Int8Kernel Best { get; } = All.Last(kernel => kernel.IsSupported);

    /// <summary>What it is, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this machine has it.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>The inputs of a layer, rounded up to whole quads.</summary>
    public static int Stride(int inputs) => (inputs + Quad - 1) / Quad * Quad;

    /// <summary>The outputs of a layer, rounded up to whole blocks.</summary>
    public static int Padded(int outputs) => (outputs + Block - 1) / Block * Block;

    /// <summary>Packs weights <c>[outputs, inputs]</c>; what is padded is 0.</summary>
    public static sbyte[] Pack(ReadOnlySpan<sbyte> weights, int outputs, int inputs)
    {
        var stride = Stride(inputs);
        var packed = new sbyte[Padded(outputs) * stride];
        for (var o = 0; o < outputs; o++)
        {
            var block = (o / Block * stride * Block) + (o % Block * Quad);
            for (var k = 0; k < inputs; k++)
            {
                packed[block + (k / Quad * Block * Quad) + (k % Quad)] = weights[(o * inputs) + k];
            }
        }

        return packed;
    }

    /// <summary>The sums.</summary>
    /// <param name="activations"><c>[rows, stride]</c>; what is padded may be anything.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="stride">Bytes a row, a multiple of 4.</param>
    /// <param name="packed">The weights, packed.</param>
    /// <param name="sums">Receives <c>[rows, padded outputs]</c>.</param>
    public abstract void Sums(ReadOnlySpan<byte> activations, int rows, int stride, ReadOnlySpan<sbyte> packed, Span<int> sums);
}

/// <inheritdoc/>
internal sealed class Int8Kernel<TDot, TVector>(string name) : Int8Kernel
    where TDot : struct, IInt8Dot<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override bool IsSupported => TDot.IsSupported;

    /// <inheritdoc/>
    public override void Sums(ReadOnlySpan<byte> activations, int rows, int stride, ReadOnlySpan<sbyte> packed, Span<int> sums)
    {
        var outputs = packed.Length / Math.Max(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(activations.Length, rows * stride);
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, rows * outputs);
        ref var input = ref MemoryMarshal.GetReference(activations);
        ref var weights = ref MemoryMarshal.GetReference(packed);
        ref var result = ref MemoryMarshal.GetReference(sums);
        for (var lane = 0; lane < outputs; lane += TDot.Lanes)
        {
            // The quads of these lanes, 64 bytes apart.
            ref var column = ref Unsafe.Add(ref weights, (lane / Block * Block * stride) + (lane % Block * Quad));
            var row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                FourRows(ref Unsafe.Add(ref input, row * stride), stride, ref column, ref Unsafe.Add(ref result, (row * outputs) + lane), outputs);
            }

            for (; row < rows; row++)
            {
                OneRow(ref Unsafe.Add(ref input, row * stride), stride, ref column, ref Unsafe.Add(ref result, (row * outputs) + lane));
            }
        }
    }

    private static void OneRow(ref byte input, int stride, ref sbyte column, ref int result)
    {
        TVector sum = default;
        for (var k = 0; k < stride; k += Quad)
        {
            sum = TDot.Accumulate(sum, Activations(ref input, k), TDot.Load(ref Unsafe.Add(ref column, k * Block)));
        }

        TDot.Store(sum, ref result);
    }

    // Four rows share each load of weights, and their sums do not wait for one another.
    private static void FourRows(ref byte input, int stride, ref sbyte column, ref int result, int outputs)
    {
        TVector first = default, second = default, third = default, fourth = default;
        for (var k = 0; k < stride; k += Quad)
        {
            var weights = TDot.Load(ref Unsafe.Add(ref column, k * Block));
            first = TDot.Accumulate(first, Activations(ref input, k), weights);
            second = TDot.Accumulate(second, Activations(ref input, k + stride), weights);
            third = TDot.Accumulate(third, Activations(ref input, k + (2 * stride)), weights);
            fourth = TDot.Accumulate(fourth, Activations(ref input, k + (3 * stride)), weights);
        }

        TDot.Store(first, ref result);
        TDot.Store(second, ref Unsafe.Add(ref result, outputs));
        TDot.Store(third, ref Unsafe.Add(ref result, 2 * outputs));
        TDot.Store(fourth, ref Unsafe.Add(ref result, 3 * outputs));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Activations(ref byte input, int at) => TDot.Broadcast(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref input, at)));
}
