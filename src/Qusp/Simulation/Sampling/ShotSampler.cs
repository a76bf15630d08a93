// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Qusp.Simulation.Sampling;

namespace Qusp;

/// <summary>
/// Draws basis states from a distribution over 2^m of them, each shot by inversion of its own uniform number, a function of (seed,
/// sample, shot). One pass over the state makes cumulative sums and a guide into them (Chen and Asau 1974); a shot
/// then costs two reads that hit no cache and a comparison of eight sums at once. Reusable; not safe for concurrent calls.
/// </summary>
public sealed class ShotSampler
{
    private const int StatesPerGuide = 4; // a vector of eight sums mostly holds the one sought
    private const int Chunk = 512; // shots whose reads overlap

    private readonly double[] uniforms = new double[Chunk];
    private readonly int[] starts = new int[Chunk];
    private double[] cumulative = []; // [size + 8], the last eight beyond all
    private int[] guide = []; // [2^guideBits + 1]
    private int size;
    private int guideBits;
    private double total;

    /// <summary>Takes the distribution from probabilities; they need not be normalised, and what rounding made negative counts as 0.</summary>
    /// <param name="probabilities">Of each basis state, <c>[2^m]</c>.</param>
    /// <param name="shots">How many shots will about be drawn: few need no fine guide.</param>
    /// <exception cref="ArgumentException">There is none, one is not a number, or all are 0.</exception>
    public void Load<T>(ReadOnlySpan<T> probabilities, int shots = int.MaxValue)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Resize(probabilities.Length);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum += Math.Max(0, double.CreateTruncating(probabilities[i])); // NaN stays
            cumulative[i] = sum;
        }

        Finish(probabilities.Length, shots);
    }

    /// <summary>Takes the distribution from amplitudes, |ψ_b|².</summary>
    /// <param name="real">Real parts, <c>[2^m]</c>.</param>
    /// <param name="imaginary">Imaginary parts, <c>[2^m]</c>, or empty if all are 0.</param>
    /// <param name="shots">How many shots will about be drawn: few need no fine guide.</param>
    /// <exception cref="ArgumentException">The lengths differ, an amplitude is not a number, or all are 0.</exception>
    public void Load<T>(ReadOnlySpan<T> real, ReadOnlySpan<T> imaginary, int shots = int.MaxValue)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!imaginary.IsEmpty && imaginary.Length != real.Length)
        {
            throw new ArgumentException($"{real.Length} real parts and {imaginary.Length} imaginary parts.", nameof(imaginary));
        }

        Resize(real.Length);
        var sum = 0.0;
        for (var i = 0; i < real.Length; i++)
        {
            var re = double.CreateTruncating(real[i]);
            var im = imaginary.IsEmpty ? 0 : double.CreateTruncating(imaginary[i]);
            sum += (re * re) + (im * im);
            cumulative[i] = sum;
        }

        Finish(real.Length, shots);
    }

    /// <summary>Draws shots; the order is that of the shots, and shot s is the same whatever the others.</summary>
    /// <param name="outcomes">Receives the basis state of each shot.</param>
    /// <param name="draw">The randomness.</param>
    /// <param name="sample">The sample's place in the call.</param>
    /// <param name="stream">Tells independent draws of the same sample apart, such as measurements in several bases.</param>
    /// <param name="firstShot">The number of the first shot.</param>
    /// <exception cref="InvalidOperationException">No distribution was loaded.</exception>
    public void Draw(Span<uint> outcomes, Draw draw, int sample = 0, uint stream = 0, uint firstShot = 0)
    {
        if (size == 0)
        {
            throw new InvalidOperationException("Load a distribution first.");
        }

        var key = draw.Sample(sample);
        for (var done = 0; done < outcomes.Length; done += Chunk)
        {
            var part = outcomes[done..Math.Min(outcomes.Length, done + Chunk)];
            Philox.Uniforms(draw.Seed, key, firstShot + (uint)done, stream, uniforms.AsSpan(0, part.Length));
            Search(part);
        }
    }

    private void Resize(int count)
    {
        if (count == 0)
        {
            throw new ArgumentException("A distribution has at least one basis state.");
        }

        size = 0; // until all is well
        if (cumulative.Length < count + Vector512<double>.Count)
        {
            cumulative = new double[count + Vector512<double>.Count];
        }

    }

    private void Finish(int count, int shots)
    {
        total = cumulative[count - 1];
        if (!(total > 0 && double.IsFinite(total)))
        {
            throw new ArgumentException($"The probabilities sum to {total}: this is no state.");
        }

        // Nothing passes the last state that has a probability, whatever rounding does to a target.
        var last = count - 1;
        while (last > 0 && cumulative[last - 1] == total)
        {
            last--;
        }

        cumulative.AsSpan(last).Fill(double.PositiveInfinity);
        guideBits = BitOperations.Log2((uint)Math.Max(1, Math.Min(count / StatesPerGuide, shots)));
        var cells = 1 << guideBits;
        if (guide.Length < cells + 1)
        {
            guide = new int[cells + 1];
        }

        ref var sum = ref MemoryMarshal.GetArrayDataReference(cumulative);
        var state = 0;
        for (var cell = 0; cell <= cells; cell++)
        {
            // Scaled as a shot's uniform is: rounding is monotonic, so a cell's shots lie between its ends.
            var target = total * ((double)cell / cells);
            while (Unsafe.Add(ref sum, state) <= target)
            {
                state++;
            }

            guide[cell] = state;
        }

        size = count;
    }

    private void Search(Span<uint> outcomes)
    {
        var cells = 1 << guideBits;
        for (var k = 0; k < outcomes.Length; k++)
        {
            starts[k] = guide[(int)(uniforms[k] * cells)]; // exact: a power of 2
        }

        ref var sums = ref MemoryMarshal.GetArrayDataReference(cumulative);
        for (var k = 0; k < outcomes.Length; k++)
        {
            var (target, low) = (total * uniforms[k], starts[k]);
            var targets = Vector512.Create(target);
            var passed = Passed(ref sums, low, targets);
            if (passed == Vector512<double>.Count)
            {
                low = Bisect(low + passed, guide[(int)(uniforms[k] * cells) + 1], target);
                passed = 0;
            }

            outcomes[k] = (uint)(low + passed);
        }
    }

    // How many of the eight sums from a place on do not exceed the target; they rise, so the next is the one sought.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Passed(ref double sums, int from, Vector512<double> targets)
    {
        var below = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref sums, (nuint)from), targets);
        return BitOperations.PopCount(below.ExtractMostSignificantBits());
    }

    // The first state from low to high whose sum exceeds the target; high if none before it does.
    private int Bisect(int low, int high, double target)
    {
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = cumulative[middle] > target ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
