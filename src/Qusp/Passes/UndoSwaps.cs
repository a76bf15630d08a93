// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A pass that renames wires instead of exchanging them.</summary>
public static class SwapPasses
{
    /// <summary>
    /// Removes every SWAP without guard by exchanging the two wires' names in all that follows, measurements included. Where
    /// one cannot be renamed (a state vector lists all wires in their order), the exchanges that are left in sum stand at the
    /// end, at most as many as before. Exactly the same results.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    public static Circuit UndoSwaps(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (!circuit.Operations.Any(IsSwap))
        {
            return circuit;
        }

        var name = Enumerable.Range(0, circuit.Wires).ToArray(); // where each wire's content is
        var operations = ImmutableArray.CreateBuilder<Operation>();
        foreach (var operation in circuit.Operations)
        {
            if (IsSwap(operation))
            {
                var (a, b) = (operation.Wires[0], operation.Wires[1]);
                (name[a], name[b]) = (name[b], name[a]);
            }
            else
            {
                operations.Add(operation.WithWires([.. operation.Wires.Select(wire => name[wire])]));
            }
        }

        var renamed = circuit.Measurements.Select(measurement => OnWires(measurement, name)).ToList();
        if (!renamed.Contains(null))
        {
            return circuit.WithOperations(operations.ToImmutable()).WithMeasurements([.. renamed.OfType<Measurement>()]);
        }

        // Cycle by cycle: wire a's content is brought to a.
        for (var wire = 0; wire < name.Length; wire++)
        {
            if (name[wire] != wire)
            {
                var at = name[wire];
                operations.Add(new Operation(Gates.SWAP, [wire, at], []));
                name[Array.IndexOf(name, wire)] = at;
                name[wire] = wire;
            }
        }

        return circuit.WithOperations(operations.ToImmutable());
    }

    private static bool IsSwap(Operation operation) => operation.Gate.Equals(Gates.SWAP) && operation.Guard is null && operation.Conditions.IsEmpty;

    private static Measurement? OnWires(Measurement measurement, int[] name) => measurement switch
    {
        Expectation expectation => new Expectation(new PauliSum(
            [.. expectation.Observable.Terms.Select(term => (term.Coefficient, PauliWord.Of(term.Word.Letters.ToArray().Select(letter => (name[letter.Wire], letter.Pauli)))))])),
        Probabilities probabilities => new Probabilities([.. probabilities.OfWires.Select(wire => name[wire])]),
        DensityMatrix matrix => new DensityMatrix([.. matrix.OfWires.Select(wire => name[wire])]),
        _ => null,
    };
}
