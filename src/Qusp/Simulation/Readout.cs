// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation;

/// <summary>
/// A term of an expectation value as bit masks: <c>P|b⟩ = i^{CountY} (−1)^{parity(b &amp; Sign)} |b ⊕ Flip⟩</c>.
/// </summary>
/// <param name="Slot">Which expectation it belongs to.</param>
/// <param name="Output">That expectation's index among the circuit's outputs.</param>
/// <param name="Coefficient">Its coefficient.</param>
/// <param name="Wire">The wire of a Z alone, else −1.</param>
/// <param name="Flip">Bits that X and Y flip.</param>
/// <param name="Sign">Bits whose parity Z and Y turn into a sign.</param>
/// <param name="CountY">Letters Y, modulo 4.</param>
internal readonly record struct ReadoutTerm(int Slot, int Output, double Coefficient, int Wire, nint Flip, nint Sign, int CountY);

/// <summary>A reduced density matrix by index offsets.</summary>
internal sealed class ReducedDensity
{
    /// <summary>The reduced density matrix of the wires at some bits.</summary>
    /// <param name="output">Its first output.</param>
    /// <param name="bits">The bits of its wires, the most significant first.</param>
    public ReducedDensity(int output, int[] bits)
    {
        Output = output;
        Kept = bits.Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << bit));
        Offsets = new nint[1 << bits.Length];
        for (var local = 0; local < Offsets.Length; local++)
        {
            for (var k = 0; k < bits.Length; k++)
            {
                Offsets[local] |= (nint)((local >> (bits.Length - 1 - k)) & 1) << bits[k];
            }
        }
    }

    /// <summary>Its first output.</summary>
    public int Output { get; }

    /// <summary>The bits of its wires.</summary>
    public nint Kept { get; }

    /// <summary>The bits that each row (and column) sets, <c>[2^m]</c>.</summary>
    public nint[] Offsets { get; }

    /// <summary>The output of an entry's real part; that of its imaginary part follows.</summary>
    public int At(int row, int column) => Output + (2 * ((row * Offsets.Length) + column));

    /// <summary>The next index without the bits kept; the last is followed by one beyond the state.</summary>
    public nint Next(nint index) => ((index | Kept) + 1) & ~Kept;
}

/// <summary>The measurements as flat data: masks for expectations, output ranges for the others.</summary>
internal sealed class Readout
{
    public Readout(Circuit circuit)
    {
        var (single, diagonal, general) = (new List<ReadoutTerm>(), new List<ReadoutTerm>(), new List<ReadoutTerm>());
        var (probabilities, densities) = (new List<(int, int[])>(), new List<ReducedDensity>());
        var (states, slots) = (new List<int>(), new List<int>());
        var output = 0;
        foreach (var measurement in circuit.Measurements)
        {
            switch (measurement)
            {
                case Expectation expectation:
                    foreach (var (coefficient, word) in expectation.Observable.Terms)
                    {
                        var term = Term(circuit.Wires, slots.Count, output, coefficient, word);
                        (term.Wire >= 0 ? single : term.Flip == 0 ? diagonal : general).Add(term);
                    }

                    slots.Add(output);
                    break;
                case Probabilities of:
                    probabilities.Add((output, [.. of.OfWires.Select(wire => circuit.Wires - 1 - wire)]));
                    break;
                case DensityMatrix of:
                    densities.Add(new ReducedDensity(output, [.. of.OfWires.Select(wire => circuit.Wires - 1 - wire)]));
                    break;
                case StateVector:
                    states.Add(output);
                    break;
                default:
                    throw new NotSupportedException($"cpu does not measure {measurement}.");
            }

            output += measurement.Outputs(circuit.Wires);
        }

        (Single, Diagonal, General) = ([.. single], [.. diagonal], [.. general]);
        (Probabilities, Densities, States, Slots) = ([.. probabilities], [.. densities], [.. states], [.. slots]);
    }

    /// <summary>Terms that are Z on one wire.</summary>
    public ImmutableArray<ReadoutTerm> Single { get; }

    /// <summary>Other diagonal terms; the identity has no sign bit.</summary>
    public ImmutableArray<ReadoutTerm> Diagonal { get; }

    /// <summary>Terms that flip bits.</summary>
    public ImmutableArray<ReadoutTerm> General { get; }

    /// <summary>First output and bit positions, the most significant first.</summary>
    public ImmutableArray<(int Output, int[] Bits)> Probabilities { get; }

    /// <summary>Reduced density matrices.</summary>
    public ImmutableArray<ReducedDensity> Densities { get; }

    /// <summary>First outputs of state vectors.</summary>
    public ImmutableArray<int> States { get; }

    /// <summary>The output of each expectation.</summary>
    public ImmutableArray<int> Slots { get; }

    /// <summary>How many expectations there are.</summary>
    public int Expectations => Slots.Length;

    /// <summary>Whether probabilities of basis states are wanted.</summary>
    public bool NeedsProbabilities => Single.Length + Diagonal.Length + Probabilities.Length > 0;

    /// <summary>The local index of a basis state's bits.</summary>
    public static int Local(nint index, int[] bits)
    {
        var local = 0;
        foreach (var bit in bits)
        {
            local = (local << 1) | (int)((index >> bit) & 1);
        }

        return local;
    }

    private static ReadoutTerm Term(int wires, int slot, int output, double coefficient, PauliWord word)
    {
        nint flip = 0, sign = 0;
        foreach (var (wire, pauli) in word.Letters)
        {
            var bit = (nint)1 << (wires - 1 - wire);
            flip |= pauli is 'X' or 'Y' ? bit : 0;
            sign |= pauli is 'Z' or 'Y' ? bit : 0;
        }

        var single = word.Letters.Length == 1 && flip == 0 ? word.Letters[0].Wire : -1;
        return new ReadoutTerm(slot, output, coefficient, single, flip, sign, word.CountY % 4);
    }
}
