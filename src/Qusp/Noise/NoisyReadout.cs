// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>How the measurements of a circuit see the errors of reading.</summary>
internal static class NoisyReadout
{
    /// <summary>The measurements to make, and the wires to flip before them.</summary>
    /// <exception cref="NotSupportedException">Probabilities stand beside words of X or Y of the same wires.</exception>
    public static (ImmutableArray<Measurement> Measurements, ImmutableArray<int> Flipped) Of(NoiseModel model, Circuit circuit)
    {
        ImmutableArray<int> inBasis = [.. circuit.Measurements.SelectMany(Basis).Distinct().Order().Where(wire => model.ReadoutOf(wire) != default)];
        var distributed = circuit.Measurements.OfType<Probabilities>().Any();
        if (circuit.Measurements.All(InBasisOfZ) && (distributed || !circuit.IsUnitary || model.Rules.Length > 0))
        {
            return (circuit.Measurements, inBasis);
        }

        if (circuit.Measurements.OfType<Probabilities>().SelectMany(of => of.OfWires).FirstOrDefault(wire => model.ReadoutOf(wire) != default, -1) is >= 0 and var wire)
        {
            throw new NotSupportedException(
                $"The readout error of wire {wire} turns probabilities by a channel, which what else is measured must not see; measure probabilities in a circuit of their own.");
        }

        return ([.. circuit.Measurements.Select(measurement => measurement is Expectation expectation ? new Expectation(Read(model, expectation.Observable)) : measurement)], []);
    }

    private static IEnumerable<int> Basis(Measurement measurement) => measurement switch
    {
        Probabilities of => of.OfWires,
        Expectation { Observable: var sum } => sum.Terms.SelectMany(term => term.Word.Letters.ToArray()).Select(letter => letter.Wire),
        _ => [],
    };

    private static bool InBasisOfZ(Measurement measurement) =>
        measurement is Probabilities || (measurement is Expectation expectation && expectation.Observable.Terms.All(term => term.Word.IsDiagonal));

    // Σ c Π σ → Σ c Π (f σ + s), multiplied out.
    private static PauliSum Read(NoiseModel model, PauliSum observable)
    {
        var terms = ImmutableArray.CreateBuilder<(double, PauliWord)>();
        foreach (var (coefficient, word) in observable.Terms)
        {
            List<(double Coefficient, ImmutableArray<(int, char)> Letters)> expanded = [(coefficient, [])];
            foreach (var letter in word.Letters)
            {
                var (factor, shift) = model.ReadoutOf(letter.Wire).OfLetter;
                expanded =
                [
                    .. expanded.Select(one => (factor * one.Coefficient, one.Letters.Add(letter))),
                    .. shift == 0 ? [] : expanded.Select(one => (shift * one.Coefficient, one.Letters)),
                ];
            }

            terms.AddRange(expanded.Select(one => (one.Coefficient, PauliWord.Of(one.Letters))));
        }

        return new PauliSum(terms.ToImmutable());
    }
}
