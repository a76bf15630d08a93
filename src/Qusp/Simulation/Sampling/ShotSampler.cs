// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation;
using Qusp.Simulation.Sampling;

namespace Qusp;

/// <summary>
/// Draws basis states from a distribution over 2^m of them, each shot by inversion of its own uniform number, a function of (seed,
/// sample, shot). A distribution is loaded once: cumulative sums and a guide into them (Chen and Asau 1974); a shot
/// then costs two reads that hit no cache and a comparison of eight sums at once. Reusable; not safe for concurrent calls.
/// </summary>
public sealed unsafe class ShotSampler : IChunkedWork
{
    /// <summary>Shots whose reads overlap.</summary>
    internal const int Part = 512;

    private const int Chunk = 1 << 11; // shots that a thread draws at a time; an array of them has no more chunks than a crew takes
    private const int WorthSharing = 1 << 12; // shots

    private readonly Crew crew;
    private readonly CumulativeSums distribution;
    private (nint Outcomes, ShotRun Shots) call;

    /// <summary>Makes one that has no distribution yet.</summary>
    /// <param name="threads">The most threads to use; 0 = one a core. Shots do not depend on it.</param>
    public ShotSampler(int threads = 0)
        : this(new Crew(threads))
    {
    }

    internal ShotSampler(Crew crew) => (this.crew, distribution) = (crew, new CumulativeSums(crew));

    /// <summary>Takes the distribution from probabilities; they need not be normalised, and what rounding made negative counts as 0.</summary>
    /// <param name="probabilities">Of each basis state, <c>[2^m]</c>.</param>
    /// <param name="shots">How many shots will about be drawn: few need no fine guide.</param>
    /// <exception cref="ArgumentException">There is none, one is not a number, or all are 0.</exception>
    public void Load<T>(ReadOnlySpan<T> probabilities, int shots = int.MaxValue)
        where T : unmanaged, IFloatingPointIeee754<T> => distribution.Load(probabilities, [], areAmplitudes: false, shots);

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

        distribution.Load(real, imaginary, areAmplitudes: true, shots);
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
        if (distribution.Size == 0)
        {
            throw new InvalidOperationException("Load a distribution first.");
        }

        fixed (uint* to = outcomes)
        {
            call = ((nint)to, new ShotRun(draw.Seed, draw.Sample(sample), stream, firstShot, outcomes.Length));
            crew.Run((int)(((long)outcomes.Length + Chunk - 1) / Chunk), this, shared: outcomes.Length > WorthSharing);
        }
    }

    /// <summary>Draws at most <see cref="Part"/> shots on this thread; others may do so at the same time.</summary>
    internal void DrawPart(Span<uint> outcomes, in ShotRun shots)
    {
        Span<double> uniforms = stackalloc double[Part];
        Span<int> starts = stackalloc int[Part];
        uniforms = uniforms[..outcomes.Length];
        Philox.Uniforms(shots.Seed, shots.Sample, shots.First, shots.Stream, uniforms);
        distribution.Find(uniforms, starts, outcomes);
    }

    void IChunkedWork.Run(int chunk, int slot)
    {
        var end = (int)Math.Min(call.Shots.Count, (chunk + 1L) * Chunk);
        for (var done = chunk * Chunk; done < end; done += Part)
        {
            var some = new Span<uint>((uint*)call.Outcomes + done, Math.Min(Part, end - done));
            DrawPart(some, call.Shots with { First = call.Shots.First + (uint)done });
        }
    }
}
