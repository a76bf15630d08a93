// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>The feature maps of Qiskit's circuit library (Havlíček et al. 2018, arXiv:1804.11326); qubit i is wire i.</summary>
public static class FeatureMaps
{
    /// <summary>H and P(2 x_i) on each wire, repeated.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">The features, <c>[n]</c>, one a wire.</param>
    /// <param name="repetitions">How often.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are not as many features as wires.</exception>
    public static CircuitBuilder ZFeatureMap(this CircuitBuilder circuit, AngleArray features, int repetitions = 2, ImmutableArray<int> wires = default) =>
        circuit.PauliFeatureMap(features, ["Z"], repetitions, wires: wires);

    /// <summary>H and P(2 x_i) on each wire, then on each pair CNOT, P(2 (π − x_i)(π − x_j)), CNOT; repeated.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">The features, <c>[n]</c>, one a wire.</param>
    /// <param name="repetitions">How often.</param>
    /// <param name="entanglement">Which pairs.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are not as many features as wires, or only one.</exception>
    public static CircuitBuilder ZZFeatureMap(
        this CircuitBuilder circuit,
        AngleArray features,
        int repetitions = 2,
        Entanglement entanglement = Entanglement.Full,
        ImmutableArray<int> wires = default) =>
        circuit.PauliFeatureMap(features, ["Z", "ZZ"], repetitions, entanglement, wires: wires);

    /// <summary>
    /// H on each wire, then an evolution by each Pauli word: the basis change of its letters (H for X, RX(π/2) for Y), a
    /// ladder of CNOTs, P(α φ(x)), and back; repeated. φ is x_i for one wire and ∏ (π − x_j) for more.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">The features, <c>[n]</c>, one a wire.</param>
    /// <param name="words">Words of X, Y, Z and I of one or two letters, the last letter on the block's first wire, as in Qiskit.</param>
    /// <param name="repetitions">How often.</param>
    /// <param name="entanglement">Which pairs take a word of two letters.</param>
    /// <param name="alpha">α, the factor of the angles.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are not as many features as wires, or a word is another one.</exception>
    public static CircuitBuilder PauliFeatureMap(
        this CircuitBuilder circuit,
        AngleArray features,
        ImmutableArray<string> words,
        int repetitions = 2,
        Entanglement entanglement = Entanglement.Full,
        double alpha = 2,
        ImmutableArray<int> wires = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        var on = circuit.On(wires);
        features.Expect("A feature map", on.Length);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (var wire in on)
            {
                circuit.H(wire);
            }

            foreach (var word in words)
            {
                ImmutableArray<ImmutableArray<int>> blocks = word.Length switch
                {
                    _ when word.Any(letter => letter is not ('I' or 'X' or 'Y' or 'Z')) => throw Wrong(word),
                    1 => [.. Enumerable.Range(0, on.Length).Select(i => ImmutableArray.Create(i))],
                    2 => [.. entanglement.Pairs(on.Length, repetition).Select(pair => ImmutableArray.Create(pair.First, pair.Second))],
                    _ => throw Wrong(word),
                };
                foreach (var block in blocks)
                {
                    Evolve(circuit, on, block, word, alpha * Phi(features, block));
                }
            }
        }

        return circuit;

        static ArgumentException Wrong(string word) => new($"'{word}': a feature map takes words of one or two of the letters X, Y, Z and I.", nameof(words));
    }

    private static Angle Phi(AngleArray features, ImmutableArray<int> block) =>
        block.Length == 1 ? features[block[0]] : block.Select(i => Math.PI - features[i]).Aggregate((product, factor) => product * factor);

    private static void Evolve(CircuitBuilder circuit, ImmutableArray<int> on, ImmutableArray<int> block, string word, Angle angle)
    {
        (int Wire, char Letter)[] letters = [.. block.Select((i, k) => (on[i], word[^(k + 1)])).Where(letter => letter.Item2 != 'I')];
        if (letters.Length == 0)
        {
            return;
        }

        Turn(Math.PI / 2);
        for (var k = 1; k < letters.Length; k++)
        {
            circuit.CNOT(letters[k - 1].Wire, letters[k].Wire);
        }

        circuit.PhaseShift(angle, letters[^1].Wire);
        for (var k = letters.Length - 1; k > 0; k--)
        {
            circuit.CNOT(letters[k - 1].Wire, letters[k].Wire);
        }

        Turn(-Math.PI / 2);

        void Turn(double quarter)
        {
            foreach (var (wire, letter) in letters)
            {
                _ = letter switch { 'X' => circuit.H(wire), 'Y' => circuit.RX(quarter, wire), _ => circuit };
            }
        }
    }
}
