// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// The phases of a monomial as products: <c>e^{iφ(y)} = low[pattern(y_high)][y_low] · high[y_high]</c>. Words within the low
/// or the high bits go to their own table; those that cross differ by few parities of the high bits, and each
/// combination of those (the pattern) has its own low table. Where there are too many, a low table is made for each
/// block as it is needed.
/// </summary>
internal sealed unsafe class PhaseTable<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxLowBits = 9;
    private const int MaxPatternBits = 4;

    private readonly PhaseWord[] words;
    private readonly double[] arguments; // φ of each word
    private readonly nint[] parities; // the parities that make the pattern
    private readonly int[] patternBits; // of each word that crosses: its parity's place in the pattern
    private readonly bool isByPattern;
    private readonly nint lowSize;
    private readonly int highBits;
    private readonly PhaseMemory<T> memory;
    private double filledScale = double.NaN;

    public PhaseTable(IEnumerable<PhaseWord> words, int bits, PhaseMemory<T> memory)
    {
        (this.words, this.memory) = ([.. words], memory);
        arguments = new double[this.words.Length];
        LowBits = Math.Min(bits, MaxLowBits);
        (lowSize, highBits) = ((nint)1 << LowBits, bits - LowBits);
        parities = [.. this.words.Where(word => (word.Mask & (lowSize - 1)) != 0 && word.Mask >> LowBits != 0).Select(word => word.Mask >> LowBits).Distinct()];
        patternBits = [.. this.words.Select(word => Array.IndexOf(parities, word.Mask >> LowBits))];
        isByPattern = parities.Length <= MaxPatternBits;
        memory.Reserve(isByPattern ? (2 * lowSize) << parities.Length : 0, (nint)2 << highBits, (nint)2 << Math.Max(LowBits, highBits));
        Array.Fill(arguments, double.NaN);
    }

    /// <summary>log2 of a low table's length.</summary>
    public int LowBits { get; }

    /// <summary>Numbers of scratch that <see cref="Low"/> needs: angles, then the table.</summary>
    public nint Scratch => isByPattern ? 0 : lowSize * 2 * (1 + (sizeof(double) / sizeof(T)));

    public bool HasHigh => highBits > 0;

    /// <summary>Computes the tables for a call; nothing to do if nothing has changed since the last.</summary>
    /// <param name="planArguments">The plan's arguments λθ.</param>
    /// <param name="sign">−1 for the inverse.</param>
    /// <param name="scale">A factor of all.</param>
    public void Fill(ReadOnlySpan<double> planArguments, double sign, double scale)
    {
        var changed = scale != filledScale || memory.Owner != this;
        memory.Owner = this;
        filledScale = scale;
        for (var k = 0; k < words.Length; k++)
        {
            var argument = sign * words[k].Factor * (words[k].Angle < 0 ? 1 : planArguments[words[k].Angle]);
            changed |= !argument.Equals(arguments[k]);
            arguments[k] = argument;
        }

        if (!changed)
        {
            return;
        }

        new Span<double>(memory.Angles, 1 << highBits).Clear();
        if (HasHigh)
        {
            for (var k = 0; k < words.Length; k++)
            {
                memory.Angles[words[k].Mask >> LowBits] += (words[k].Mask & (lowSize - 1)) == 0 ? arguments[k] : 0;
            }
        }

        Turn(memory.Angles, highBits, memory.High, memory.High + ((nint)1 << highBits), scale);
        for (nint pattern = 0; isByPattern && pattern < (nint)1 << parities.Length; pattern++)
        {
            var to = memory.Low + (2 * lowSize * pattern);
            FillLow(memory.Angles, to, pattern, HasHigh ? 1 : scale);
        }
    }

    /// <summary>The factor of a block of 2^<see cref="LowBits"/> amplitudes.</summary>
    public (T Re, T Im) High(nint block) => (memory.High[block], memory.High[((nint)1 << highBits) + block]);

    /// <summary>The low table of a block: real parts, then imaginary parts.</summary>
    public T* Low(nint block, T* scratch)
    {
        if (isByPattern)
        {
            nint pattern = 0;
            for (var k = 0; k < parities.Length; k++)
            {
                pattern |= (nint)IndexMap.Parity(parities[k] & block) << k;
            }

            return memory.Low + (2 * lowSize * pattern);
        }

        var table = scratch + (2 * lowSize * (sizeof(double) / sizeof(T)));
        FillLow((double*)scratch, table, block, 1);
        return table;
    }

    private void FillLow(double* sums, T* to, nint patternOrBlock, double scale)
    {
        new Span<double>(sums, (int)lowSize).Clear();
        for (var k = 0; k < words.Length; k++)
        {
            var (mask, rest) = (words[k].Mask & (lowSize - 1), words[k].Mask >> LowBits);
            if (mask != 0 || !HasHigh)
            {
                var isOdd = rest != 0 && (isByPattern ? (patternOrBlock >> patternBits[k]) & 1 : IndexMap.Parity(rest & patternOrBlock)) != 0;
                sums[mask] += isOdd ? -arguments[k] : arguments[k];
            }
        }

        Turn(sums, LowBits, to, to + lowSize, scale);
    }

    // Sums over words → angles → cosines and sines. The sums are destroyed, and as many numbers after them.
    private static void Turn(double* sums, int bits, T* cosines, T* sines, double scale)
    {
        // Every width gives the same bits.
        if (Vector512.IsHardwareAccelerated)
        {
            Turn<Lanes512<double>>(sums, bits, cosines, sines, scale);
        }
        else
        {
            Turn<Lanes128<double>>(sums, bits, cosines, sines, scale);
        }
    }

    private static void Turn<D>(double* sums, int bits, T* cosines, T* sines, double scale)
        where D : unmanaged, IAmplitudeLanes<D, double>
    {
        if (1 << bits < D.Count)
        {
            Turn<Lanes1<double>>(sums, bits, cosines, sines, scale);
            return;
        }

        Walsh<D, double>.Transform(sums, bits);
        var count = 1 << bits;
        var second = sums + count;
        var factor = D.Broadcast(scale);
        for (var k = 0; k < count; k += D.Count)
        {
            var (sin, cos) = LaneMath.SinCos<D, double>(*(D*)(sums + k));
            *(D*)(sums + k) = cos * factor;
            *(D*)(second + k) = sin * factor;
        }

        new ReadOnlySpan<double>(sums, count).ConvertTo(new Span<T>(cosines, count));
        new ReadOnlySpan<double>(second, count).ConvertTo(new Span<T>(sines, count));
    }
}
