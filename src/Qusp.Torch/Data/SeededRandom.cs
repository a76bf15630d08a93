// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// Numbers that depend on the seed and on how many were drawn before, on any machine and version of .NET (System.Random
/// promises neither). SplitMix64, that is a mix of a counter: Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong counter = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        counter += 0x9E3779B97F4A7C15;
        var z = counter;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0..count-1.</summary>
    public int NextInt32(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>Standard normal, by Box and Muller.</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>A random order, by Fisher and Yates.</summary>
    public void Shuffle(int[] values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
