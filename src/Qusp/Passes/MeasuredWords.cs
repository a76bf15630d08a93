// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Probabilities and density matrices of few wires as expectations of Pauli sums, output for output:
/// <c>ρ = 2^{−m} Σ_P ⟨P⟩ P</c> over the 4^m words of m wires, of which each entry sees 2^m.
/// </summary>
internal static class MeasuredWords
{
    /// <summary>The most wires of a density matrix that is written out so: 2·4^m sums of 2^m words.</summary>
    public const int MaxDensityWires = 6;

    /// <summary>The most wires of probabilities: 2^m sums of 2^m words.</summary>
    public const int MaxProbabilityWires = 8;

    /// <summary>The circuit with its density matrices, and probabilities if wanted, as expectations.</summary>
    public static Circuit MeasureWords(this Circuit circuit, bool probabilities) =>
        circuit.WithMeasurements([.. circuit.Measurements.SelectMany(measurement => measurement switch
        {
            DensityMatrix of => Density(of.OfWires),
            Probabilities of when probabilities => Distribution(of.OfWires),
            _ => [measurement],
        })]);

    private static IEnumerable<Measurement> Distribution(ImmutableArray<int> wires)
    {
        for (var outcome = 0; outcome < 1 << wires.Length; outcome++)
        {
            yield return Entry(wires, outcome, outcome, imaginary: false);
        }
    }

    private static IEnumerable<Measurement> Density(ImmutableArray<int> wires)
    {
        for (var row = 0; row < 1 << wires.Length; row++)
        {
            for (var column = 0; column < 1 << wires.Length; column++)
            {
                yield return Entry(wires, row, column, imaginary: false);
                yield return Entry(wires, row, column, imaginary: true);
            }
        }
    }

    private static Expectation Entry(ImmutableArray<int> wires, int row, int column, bool imaginary)
    {
        var (flip, terms) = (row ^ column, new List<(double, PauliWord)>());
        for (var sign = 0; sign < 1 << wires.Length; sign++)
        {
            // P[row, column] is a power of i: Z brings −1 and Y ±i by the row's bit.
            var turns = 0;
            var letters = new List<(int, char)>();
            for (var k = 0; k < wires.Length; k++)
            {
                var bit = wires.Length - 1 - k;
                var (x, z, one) = ((flip >> bit) & 1, (sign >> bit) & 1, (row >> bit) & 1);
                letters.Add((wires[k], "IZXY"[(2 * x) + z]));
                turns += z == 0 ? 0 : x == 0 ? 2 * one : one == 1 ? 1 : 3;
            }

            if (turns % 2 == 1 == imaginary)
            {
                terms.Add(((turns % 4 < 2 ? 1 : -1) * Math.ScaleB(1, -wires.Length), PauliWord.Of(letters)));
            }
        }

        return new Expectation(terms.Count > 0 ? new PauliSum([.. terms]) : new PauliSum((0, PauliWord.Identity)));
    }
}
