// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// Philox 4×32-10, a counter-based generator: random bits are a function of key and counter (Salmon, Moraes, Dror, Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3", SC11). No state, so no order of evaluation can change a draw.
/// </summary>
internal static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>128 random bits for a counter under a key.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Bits(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var (p0, p1) = ((ulong)Multiplier0 * c0, (ulong)Multiplier1 * c2);
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            (k0, k1) = (k0 + Weyl0, k1 + Weyl1);
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>A number in [0, 1) of 53 bits for one shot of one sample in one stream.</summary>
    public static double Uniform(ulong seed, long sample, uint shot, uint stream)
    {
        var (even, odd) = Pair(seed, sample, shot >> 1, stream);
        return (shot & 1) == 0 ? even : odd;
    }

    /// <summary>The numbers of a run of shots, as <see cref="Uniform"/> gives them one by one.</summary>
    public static void Uniforms(ulong seed, long sample, uint firstShot, uint stream, Span<double> numbers)
    {
        var k = 0;
        if ((firstShot & 1) == 1 && numbers.Length > 0)
        {
            numbers[k++] = Uniform(seed, sample, firstShot, stream);
        }

        if (Avx512DQ.IsSupported)
        {
            for (; k + 16 <= numbers.Length; k += 16)
            {
                EightPairs(seed, sample, (firstShot + (uint)k) >> 1, stream, numbers.Slice(k, 16));
            }
        }

        for (; k + 1 < numbers.Length; k += 2)
        {
            (numbers[k], numbers[k + 1]) = Pair(seed, sample, (firstShot + (uint)k) >> 1, stream);
        }

        if (k < numbers.Length)
        {
            numbers[k] = Uniform(seed, sample, firstShot + (uint)k, stream);
        }
    }

    // 128 bits are enough for two shots.
    private static (double Even, double Odd) Pair(ulong seed, long sample, uint pair, uint stream)
    {
        var (a, b, c, d) = Bits((uint)sample, (uint)((ulong)sample >> 32), pair, stream, (uint)seed, (uint)(seed >> 32));
        return (Unit(a, b), Unit(c, d));
    }

    // Pairs side by side: 32-bit numbers in 64-bit lanes, whose upper halves no multiplication reads.
    private static void EightPairs(ulong seed, long sample, uint pair, uint stream, Span<double> numbers)
    {
        var c0 = Vector512.Create((ulong)(uint)sample);
        var c1 = Vector512.Create((ulong)sample >> 32);
        var c2 = Vector512.Create((ulong)pair) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7); // as the stores interleave them
        var c3 = Vector512.Create((ulong)stream);
        var (k0, k1) = ((uint)seed, (uint)(seed >> 32));
        for (var round = 0; round < 10; round++)
        {
            var p0 = Avx512F.Multiply(c0.AsUInt32(), Vector512.Create((ulong)Multiplier0).AsUInt32());
            var p1 = Avx512F.Multiply(c2.AsUInt32(), Vector512.Create((ulong)Multiplier1).AsUInt32());
            (c0, c1) = ((p1 >> 32) ^ c1 ^ Vector512.Create((ulong)k0), p1);
            (c2, c3) = ((p0 >> 32) ^ c3 ^ Vector512.Create((ulong)k1), p0);
            (k0, k1) = (k0 + Weyl0, k1 + Weyl1);
        }

        var (even, odd) = (Units(c0, c1), Units(c2, c3));
        Avx512F.UnpackLow(even, odd).CopyTo(numbers);
        Avx512F.UnpackHigh(even, odd).CopyTo(numbers[8..]);
    }

    private static Vector512<double> Units(Vector512<ulong> high, Vector512<ulong> low)
    {
        var bits = ((high << 32) | (low & Vector512.Create((ulong)uint.MaxValue))) >> 11;
        return Avx512DQ.ConvertToVector512Double(bits) * (1.0 / (1UL << 53));
    }

    private static double Unit(uint high, uint low) => ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
}
