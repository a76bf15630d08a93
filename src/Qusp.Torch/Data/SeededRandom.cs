// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// Numbers that depend on the seed and on how many were drawn before, on any machine and version of .NET (System.Random
/// promises neither): the numbers of <see cref="Seeds"/>, one after the other.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong drawn;

    /// <summary>64 random bits.</summary>
    public ulong Next() => Seeds.Mix(seed, drawn++);

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => Seeds.Uniform(seed, drawn++);

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
