// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// Measurements that one run can answer: on each wire they ask for the same Pauli letter or do not care. The run rotates
/// X and Y to Z and reads these wires' bits.
/// </summary>
internal sealed class MeasurementBasis
{
    private readonly SortedDictionary<int, char> letters = [];
    private readonly List<(int Output, double Coefficient, PauliWord Word)> words = [];
    private readonly List<(int Output, Probabilities Measurement)> probabilities = [];
    private readonly (int Output, BitProbabilities Measurement)? bits; // a run that reads classical bits reads nothing else

    private MeasurementBasis((int, BitProbabilities)? bits = null) => this.bits = bits;

    /// <summary>The wires read, rising; the first is the most significant bit of an outcome.</summary>
    public ImmutableArray<int> Wires => [.. letters.Keys];

    /// <summary>What its outcomes say about the outputs.</summary>
    public BasisReadout Readout => bits is { Output: var first, Measurement.OfBits.Length: var count }
        ? new(count, [], [(first, [.. Enumerable.Range(0, count).Reverse()])])
        : new(
            letters.Count,
            [.. words.Select(word => (word.Output, word.Coefficient, Bits(word.Word)))],
            [.. probabilities.Select(one => (one.Output, one.Measurement.OfWires.Select(Position).ToArray()))]);

    /// <summary>
    /// Groups a circuit's measurements greedily, in order. Identity terms need no run; what they add to the outputs, <c>[K]</c>,
    /// is known.
    /// </summary>
    public static (ImmutableArray<MeasurementBasis> Groups, double[] Known) Group(Circuit circuit)
    {
        var (groups, known) = (new List<MeasurementBasis>(), new double[circuit.Outputs]);
        var output = 0;
        foreach (var measurement in circuit.Measurements)
        {
            switch (measurement)
            {
                case Expectation expectation:
                    foreach (var (coefficient, word) in expectation.Observable.Terms)
                    {
                        Add(output, coefficient, word);
                    }

                    break;
                case Probabilities of:
                    Claim(groups, [.. of.OfWires.Select(wire => (wire, 'Z'))]).probabilities.Add((output, of));
                    break;
                case BitProbabilities of:
                    groups.Add(new MeasurementBasis((output, of)));
                    break;
                case DensityMatrix density:
                    foreach (var (entry, coefficient, word) in Tomography.Terms(density))
                    {
                        Add(output + entry, coefficient, word);
                    }

                    break;
                default:
                    throw new NotSupportedException($"sampler: {measurement} cannot be sampled; use cpu.");
            }

            output += measurement.Outputs(circuit.Wires);
        }

        return ([.. groups], known);

        void Add(int to, double coefficient, PauliWord word)
        {
            if (word.LastWire < 0)
            {
                known[to] += coefficient;
            }
            else
            {
                Claim(groups, word.Letters.ToArray()).words.Add((to, coefficient, word));
            }
        }
    }

    /// <summary>The circuit that this run executes: the operations, the turn to the basis, all outcomes' probabilities.</summary>
    public Circuit Rotate(Circuit circuit)
    {
        if (bits is { Measurement: var read })
        {
            return circuit.WithMeasurements(read);
        }

        var operations = circuit.Operations.ToBuilder();
        foreach (var (wire, letter) in letters)
        {
            if (letter == 'Y')
            {
                operations.Add(new Operation(Gates.S.Adjoint(), [wire], []));
            }

            if (letter is 'X' or 'Y')
            {
                operations.Add(new Operation(Gates.H, [wire], []));
            }
        }

        return new Circuit(circuit.Wires, circuit.Inputs, circuit.WeightGroups, operations.ToImmutable(), [new Probabilities(Wires)], circuit.Bits);
    }

    private static MeasurementBasis Claim(List<MeasurementBasis> groups, (int Wire, char Pauli)[] wanted)
    {
        var group = groups.Find(group => group.bits is null && wanted.All(want => !group.letters.TryGetValue(want.Wire, out var letter) || letter == want.Pauli));
        if (group is null)
        {
            groups.Add(group = new MeasurementBasis());
        }

        foreach (var (wire, pauli) in wanted)
        {
            group.letters[wire] = pauli;
        }

        return group;
    }

    private uint Bits(PauliWord word)
    {
        var bits = 0u;
        foreach (var (wire, _) in word.Letters)
        {
            bits |= 1u << Position(wire);
        }

        return bits;
    }

    private int Position(int wire) => letters.Count - 1 - Wires.IndexOf(wire);
}
