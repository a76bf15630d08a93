// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Qusp.Inference;

/// <summary>
/// One way to multiply bytes by signed bytes into 32-bit sums: each lane of a vector of lanes takes four products. All ways
/// give the same integers: no instruction with 16-bit saturation (vpmaddubsw) is used, and <see cref="Int8Linear"/>
/// keeps sums within 32 bits.
/// </summary>
/// <typeparam name="TVector">A vector of 32-bit lanes, or one lane.</typeparam>
internal interface IInt8Dot<TVector>
    where TVector : struct
{
    /// <summary>Whether this machine can do it.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>How many outputs a vector holds.</summary>
    static abstract int Lanes { get; }

    /// <summary>The quads of weights of <see cref="Lanes"/> outputs.</summary>
    static abstract TVector Load(ref readonly sbyte weights);

    /// <summary>A quad of activations in each lane.</summary>
    static abstract TVector Broadcast(uint quad);

    /// <summary><c>sum + Σ₄ activations · weights</c>, lane by lane.</summary>
    static abstract TVector Accumulate(TVector sum, TVector activations, TVector weights);

    /// <summary>Writes the sums.</summary>
    static abstract void Store(TVector sum, ref int target);
}

/// <summary>No vectors: the definition that the others must agree with.</summary>
internal readonly struct ScalarDot : IInt8Dot<int>
{
    public static bool IsSupported => true;

    public static int Lanes => 1;

    public static int Load(ref readonly sbyte weights) => Unsafe.ReadUnaligned<int>(in Unsafe.As<sbyte, byte>(ref Unsafe.AsRef(in weights)));

    public static int Broadcast(uint quad) => (int)quad;

    public static int Accumulate(int sum, int activations, int weights) => sum
        + ((byte)activations * (sbyte)weights)
        + ((byte)(activations >> 8) * (sbyte)(weights >> 8))
        + ((byte)(activations >> 16) * (sbyte)(weights >> 16))
        + ((byte)(activations >> 24) * (sbyte)(weights >> 24));

    public static void Store(int sum, ref int target) => target = sum;
}

/// <summary>Any processor with vectors of 128 bits, such as ARM: bytes widened to lanes by shifts.</summary>
internal readonly struct PortableDot128 : IInt8Dot<Vector128<int>>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Lanes => 4;

    public static Vector128<int> Load(ref readonly sbyte weights) => Vector128.LoadUnsafe(in weights).AsInt32();

    public static Vector128<int> Broadcast(uint quad) => Vector128.Create(quad).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Accumulate(Vector128<int> sum, Vector128<int> activations, Vector128<int> weights)
    {
        var mask = Vector128.Create(0xFF);
        var first = (activations & mask) * ((weights << 24) >> 24);
        var second = ((activations >>> 8) & mask) * ((weights << 16) >> 24);
        var third = ((activations >>> 16) & mask) * ((weights << 8) >> 24);
        var fourth = (activations >>> 24) * (weights >> 24);
        return sum + first + second + (third + fourth);
    }

    public static void Store(Vector128<int> sum, ref int target) => sum.StoreUnsafe(ref target);
}

/// <summary>SSE2: even and odd bytes widened to 16 bits, pmaddwd.</summary>
internal readonly struct X86Dot128 : IInt8Dot<Vector128<int>>
{
    public static bool IsSupported => Sse2.IsSupported;

    public static int Lanes => 4;

    public static Vector128<int> Load(ref readonly sbyte weights) => Vector128.LoadUnsafe(in weights).AsInt32();

    public static Vector128<int> Broadcast(uint quad) => Vector128.Create(quad).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Accumulate(Vector128<int> sum, Vector128<int> activations, Vector128<int> weights)
    {
        var (a, w) = (activations.AsInt16(), weights.AsInt16());
        var even = Sse2.MultiplyAddAdjacent(a & Vector128.Create((short)0xFF), (w << 8) >> 8);
        return sum + even + Sse2.MultiplyAddAdjacent(a >>> 8, w >> 8);
    }

    public static void Store(Vector128<int> sum, ref int target) => sum.StoreUnsafe(ref target);
}

/// <summary>AVX2: as with SSE2, 8 outputs at once.</summary>
internal readonly struct X86Dot256 : IInt8Dot<Vector256<int>>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static int Lanes => 8;

    public static Vector256<int> Load(ref readonly sbyte weights) => Vector256.LoadUnsafe(in weights).AsInt32();

    public static Vector256<int> Broadcast(uint quad) => Vector256.Create(quad).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights)
    {
        var (a, w) = (activations.AsInt16(), weights.AsInt16());
        var even = Avx2.MultiplyAddAdjacent(a & Vector256.Create((short)0xFF), (w << 8) >> 8);
        return sum + even + Avx2.MultiplyAddAdjacent(a >>> 8, w >> 8);
    }

    public static void Store(Vector256<int> sum, ref int target) => sum.StoreUnsafe(ref target);
}

/// <summary>AVX-VNNI: vpdpbusd, four products a lane in one instruction, 8 outputs at once.</summary>
internal readonly struct VnniDot256 : IInt8Dot<Vector256<int>>
{
    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Lanes => 8;

    public static Vector256<int> Load(ref readonly sbyte weights) => Vector256.LoadUnsafe(in weights).AsInt32();

    public static Vector256<int> Broadcast(uint quad) => Vector256.Create(quad).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights) =>
        AvxVnni.MultiplyWideningAndAdd(sum, activations.AsByte(), weights.AsSByte());

    public static void Store(Vector256<int> sum, ref int target) => sum.StoreUnsafe(ref target);
}

/// <summary>AVX-512BW: as with AVX2, 16 outputs at once. .NET 10 does not expose the vpdpbusd of AVX512-VNNI.</summary>
internal readonly struct X86Dot512 : IInt8Dot<Vector512<int>>
{
    public static bool IsSupported => Avx512BW.IsSupported;

    public static int Lanes => 16;

    public static Vector512<int> Load(ref readonly sbyte weights) => Vector512.LoadUnsafe(in weights).AsInt32();

    public static Vector512<int> Broadcast(uint quad) => Vector512.Create(quad).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Accumulate(Vector512<int> sum, Vector512<int> activations, Vector512<int> weights)
    {
        var (a, w) = (activations.AsInt16(), weights.AsInt16());
        var even = Avx512BW.MultiplyAddAdjacent(a & Vector512.Create((short)0xFF), (w << 8) >> 8);
        return sum + even + Avx512BW.MultiplyAddAdjacent(a >>> 8, w >> 8);
    }

    public static void Store(Vector512<int> sum, ref int target) => sum.StoreUnsafe(ref target);
}
