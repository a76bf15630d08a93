// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>The bit strings that shots gave, in the order of the shots.</summary>
/// <param name="wires">The wires read; the first is the most significant bit of an outcome and the first character of a bit string.</param>
/// <param name="outcomes">The outcome of each shot.</param>
public sealed class Samples(ImmutableArray<int> wires, ImmutableArray<uint> outcomes)
{
    /// <summary>The wires, or classical bits, read.</summary>
    public ImmutableArray<int> Wires => wires;

    /// <summary>The outcome of each shot as a number; its most significant bit is the first wire.</summary>
    public ImmutableArray<uint> Outcomes => outcomes;

    /// <summary>The number of shots.</summary>
    public int Shots => outcomes.Length;

    /// <summary>A shot's bit string, such as <c>"010"</c>.</summary>
    public string this[int shot] => string.Concat(wires.Select((_, k) => (outcomes[shot] >> (wires.Length - 1 - k)) & 1));

    /// <summary>How often each bit string was seen.</summary>
    public Counts Counts() => new(wires.Length, Tallied().Entries.ToArray()
        .GroupBy(entry => entry.Outcome, entry => (long)entry.Count).Select(group => KeyValuePair.Create(group.Key, group.Sum())));

    /// <summary>The share of each bit string, <c>[2^m]</c>.</summary>
    public double[] Probabilities()
    {
        var shares = new double[1 << wires.Length];
        foreach (var (outcome, count) in Tallied().Entries)
        {
            shares[outcome] += (double)count / Shots;
        }

        return shares;
    }

    /// <summary>The mean of an observable over the shots, with its standard error.</summary>
    /// <param name="observable">Words of Z on the wires read: other letters are not seen in this basis.</param>
    /// <exception cref="ArgumentException">A letter is not Z, or its wire was not read.</exception>
    public Estimate Expectation(PauliSum observable)
    {
        var (sum, squares) = Moments(observable);
        return Estimate.OfMean(Shots, sum, squares);
    }

    /// <summary>The sample variance of an observable over the shots, N − 1 degrees of freedom; NaN for a single shot.</summary>
    /// <param name="observable">Words of Z on the wires read.</param>
    /// <exception cref="ArgumentException">A letter is not Z, or its wire was not read.</exception>
    public double Variance(PauliSum observable)
    {
        var (sum, squares) = Moments(observable);
        return Shots < 2 ? double.NaN : Math.Max(0, squares - (sum * sum / Shots)) / (Shots - 1);
    }

    private (double Sum, double Squares) Moments(PauliSum observable)
    {
        ArgumentNullException.ThrowIfNull(observable);
        (double Coefficient, uint Bits)[] terms = [.. observable.Terms.Select(term => (term.Coefficient, Bits(term.Word)))];
        var (sum, squares) = (0.0, 0.0);
        foreach (var (outcome, count) in Tallied().Entries)
        {
            var value = 0.0;
            foreach (var (coefficient, bits) in terms)
            {
                value += (BitOperations.PopCount(outcome & bits) & 1) == 0 ? coefficient : -coefficient;
            }

            (sum, squares) = (sum + (count * value), squares + (count * value * value));
        }

        return (sum, squares);
    }

    private uint Bits(PauliWord word)
    {
        var bits = 0u;
        foreach (var (wire, pauli) in word.Letters)
        {
            var place = wires.IndexOf(wire);
            bits |= pauli == 'Z' && place >= 0
                ? 1u << (wires.Length - 1 - place)
                : throw new ArgumentException($"{word}: these shots read Z of the wires {string.Join(", ", wires)}; measure Expectation on the sampler for other observables.");
        }

        return bits;
    }

    // Each outcome seen with how often.
    private Tally Tallied()
    {
        var tally = new Tally();
        tally.Fill(outcomes.AsSpan(), wires.Length);
        return tally;
    }
}
