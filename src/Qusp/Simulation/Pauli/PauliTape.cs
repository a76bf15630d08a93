// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Pauli;

/// <summary>A stretch of a tape: what one step does to the coefficients.</summary>
/// <param name="Step">The step.</param>
/// <param name="First">Where its slots begin.</param>
/// <param name="Count">How many slots: pairs of a turn, 4^m of each block of a map.</param>
internal readonly record struct PauliStretch(PauliStep Step, int First, int Count);

/// <summary>
/// The propagation of words through a circuit, recorded: each word that arises has a slot, and each step rotates coefficients of a few slots. Which they are
/// depends on the circuit alone, so a tape serves all angles: <see cref="PauliSweep"/>.
/// A slot is written ~slot where its word has got a minus.
/// </summary>
internal sealed class PauliTape
{
    /// <summary>Stands for no slot in a map's block.</summary>
    public const int None = int.MinValue;

    /// <summary>A tape of nothing.</summary>
    public static PauliTape Empty { get; } = new() { Stretches = [], Slots = [], AtZero = [], CutOff = [], Terms = [] };

    public required PauliStretch[] Stretches { get; init; }

    public required int[] Slots { get; init; }

    /// <summary>Of each slot: the expectation of its word in |0…0⟩; 0 for words that were cut off.</summary>
    public required double[] AtZero { get; init; }

    /// <summary>The slots whose words were cut off.</summary>
    public required int[] CutOff { get; init; }

    /// <summary>What is measured.</summary>
    public required (int Output, double Coefficient, int Slot)[] Terms { get; init; }

    /// <summary>The sum of the sizes of coefficients that were cut off: a bound on the error of Σ g·O.</summary>
    public double CutOffNorm(ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        foreach (var slot in CutOff)
        {
            sum += Math.Abs(coefficients[slot]);
        }

        return sum;
    }
}
