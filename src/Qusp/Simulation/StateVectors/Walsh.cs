// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// The Walsh–Hadamard transform in place, <c>a[r] ← Σ_y (−1)^{parity(r &amp; y)} a[y]</c>: every parity's signed sum at once,
/// and its own inverse up to the factor 2^bits.
/// </summary>
internal static unsafe class Walsh<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int LaneBits = BitOperations.Log2((uint)V.Count);

    /// <summary>Transforms 2^bits numbers at the start of a cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(T* numbers, int bits)
    {
        if (bits < LaneBits)
        {
            Walsh<Lanes1<T>, T>.Transform(numbers, bits);
            return;
        }

        var a = (V*)numbers;
        var count = (nint)1 << (bits - LaneBits);
        Lanes(a, count);
        nint half = 1;
        for (; half * 2 < count; half *= 4)
        {
            for (nint start = 0; start < count; start += 4 * half)
            {
                for (var i = start; i < start + half; i++)
                {
                    var (p, q, r, s) = (a[i], a[i + half], a[i + (2 * half)], a[i + (3 * half)]);
                    (p, q, r, s) = (p + q, p - q, r + s, r - s);
                    (a[i], a[i + half], a[i + (2 * half)], a[i + (3 * half)]) = (p + r, q + s, p - r, q - s);
                }
            }
        }

        if (half < count)
        {
            for (nint i = 0; i < half; i++)
            {
                (a[i], a[i + half]) = (a[i] + a[i + half], a[i] - a[i + half]);
            }
        }
    }

    // The bits within a vector, all while it is in a register.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lanes(V* a, nint count)
    {
        var (exchange0, sign0) = Constants(0);
        var (exchange1, sign1) = Constants(1);
        var (exchange2, sign2) = Constants(2);
        var (exchange3, sign3) = Constants(3);
        for (nint i = 0; i < count; i++)
        {
            var v = a[i];
            v = V.Count > 1 ? V.MultiplyAdd(sign0, v, V.Shuffle(v, exchange0)) : v;
            v = V.Count > 2 ? V.MultiplyAdd(sign1, v, V.Shuffle(v, exchange1)) : v;
            v = V.Count > 4 ? V.MultiplyAdd(sign2, v, V.Shuffle(v, exchange2)) : v;
            v = V.Count > 8 ? V.MultiplyAdd(sign3, v, V.Shuffle(v, exchange3)) : v;
            a[i] = v;
        }

        static (V, V) Constants(int bit) => bit < LaneBits ? (LaneConstants<V, T>.Exchange(bit), LaneConstants<V, T>.Sign(bit)) : default;
    }
}

/// <summary>Constants by lane: each lane's index is the low bits of an amplitude's.</summary>
internal static unsafe class LaneConstants<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many low bits of an index are the lane's.</summary>
    public static readonly int Bits = BitOperations.Log2((uint)V.Count);

    private static readonly V[] Exchanges = [.. Enumerable.Range(0, V.Count).Select(flip => Indices(lane => lane ^ flip))];
    private static readonly V[] Signs = [.. Enumerable.Range(0, V.Count).Select(mask => Numbers(lane => IndexMap.Parity(lane & mask) == 0 ? 1 : -1))];

    /// <summary>For <c>Shuffle</c>: each lane's partner that differs in one bit.</summary>
    public static V Exchange(int bit) => Exchanges[1 << bit];

    /// <summary>1 where the lane's bit is 0, −1 where it is 1.</summary>
    public static V Sign(int bit) => Signs[1 << bit];

    /// <summary>For <c>Shuffle</c>: each lane's partner that differs in the lanes' bits of an index.</summary>
    public static V Flip(nint bits) => Exchanges[bits & (V.Count - 1)];

    /// <summary>1 or −1, the parity of the lane's bits that an index has too.</summary>
    public static V Parity(nint bits) => Signs[bits & (V.Count - 1)];

    /// <summary>Indices for <c>Shuffle</c>.</summary>
    public static V Indices(Func<int, int> source)
    {
        V indices = default;
        for (var lane = 0; lane < V.Count; lane++)
        {
            if (sizeof(T) == sizeof(long))
            {
                ((long*)&indices)[lane] = source(lane);
            }
            else
            {
                ((int*)&indices)[lane] = source(lane);
            }
        }

        return indices;
    }

    public static V Numbers(Func<int, double> number)
    {
        V numbers = default;
        for (var lane = 0; lane < V.Count; lane++)
        {
            ((T*)&numbers)[lane] = T.CreateChecked(number(lane));
        }

        return numbers;
    }

    /// <summary>A mask as comparisons make it.</summary>
    public static V Mask(Func<int, bool> on)
    {
        var (zero, one) = (V.Broadcast(T.Zero), Numbers(lane => on(lane) ? 1 : 0));
        return V.Exceeds(one, zero);
    }

    /// <summary>The sum over lanes, each with a sign.</summary>
    public static double Sum(V value, V signs)
    {
        var product = value * signs;
        var sum = 0.0;
        for (var lane = 0; lane < V.Count; lane++)
        {
            sum += double.CreateTruncating(((T*)&product)[lane]);
        }

        return sum;
    }

    public static double Sum(V value) => Sum(value, V.Broadcast(T.One));
}
