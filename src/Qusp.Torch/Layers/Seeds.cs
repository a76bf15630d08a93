// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>Seeds from seeds, and the random numbers that must be the same on any machine.</summary>
internal static class Seeds
{
    /// <summary>A seed of its own for each index: one step of SplitMix64 (Steele, Lea, Flood 2014).</summary>
    public static ulong Mix(ulong seed, ulong index)
    {
        var z = seed + ((index + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The number 0 ≤ u &lt; 1 of a seed and an index.</summary>
    public static double Uniform(ulong seed, ulong index) => (Mix(seed, index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>The standard normal number of a seed and an index (Box and Muller 1958).</summary>
    public static double Normal(ulong seed, ulong index)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(seed, 2 * index)));
        return radius * Math.Cos(2 * Math.PI * Uniform(seed, (2 * index) + 1));
    }

    /// <summary>The numbers 0 to count − 1 in an order drawn by the seed (Fisher and Yates).</summary>
    public static int[] Permutation(int count, ulong seed)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var j = (int)Math.BigMul(Mix(seed, (ulong)i), (ulong)(i + 1), out _);
            (order[i], order[j]) = (order[j], i);
        }

        return order;
    }
}
