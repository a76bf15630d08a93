// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>One thing that is measured: a term of an expectation, or the probabilities of some wires.</summary>
/// <param name="Output">The (first) output that it goes into.</param>
/// <param name="Coefficient">The term's coefficient.</param>
/// <param name="Word">The term's word; null for probabilities.</param>
/// <param name="Distribution">The wires whose probabilities are measured; empty for a term.</param>
internal readonly record struct Look(int Output, double Coefficient, PauliWord? Word, ImmutableArray<int> Distribution)
{
    /// <summary>All that a circuit measures, by output.</summary>
    public static Look[] Of(Circuit circuit)
    {
        var looks = new List<Look>();
        var output = 0;
        foreach (var measurement in circuit.Measurements)
        {
            if (measurement is Expectation expectation)
            {
                foreach (var (coefficient, word) in expectation.Observable.Terms)
                {
                    looks.Add(new Look(output, coefficient, word, []));
                }
            }
            else
            {
                looks.Add(new Look(output, 1, null, ((Probabilities)measurement).OfWires));
            }

            output += measurement.Outputs(circuit.Wires);
        }

        return [.. looks];
    }
}
