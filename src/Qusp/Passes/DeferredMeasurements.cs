// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A pass over measurements in a circuit's course.</summary>
public static class DeferredMeasurements
{
    private const int MostConditionBits = 12;

    /// <summary>
    /// The circuit without measurements, resets and conditions in its course: a measurement copies its wire to a further one that is |0⟩,
    /// which from then on stands for the bit; a condition becomes controls; a reset exchanges its wire with a fresh one. Nobody who
    /// looks at the original wires can tell the difference (the principle of deferred measurement, Nielsen and Chuang, section 4.4). What was
    /// on n wires as density matrices of 4^n entries is then a state vector on n + m wires.
    /// </summary>
    /// <param name="circuit">The circuit. Its noise channels stay, if no condition decides about them.</param>
    /// <returns>The circuit on more wires, m of them for m measurements and resets; the first n are the original ones.</returns>
    /// <exception cref="NotSupportedException">
    /// Something is post-selected, a channel is under a condition, a guard decides whether a bit is written over, or the state is measured.
    /// </exception>
    public static Circuit DeferMeasurements(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return Refusal(circuit) is { } reason ? throw new NotSupportedException(reason) : new Deferral(circuit).Run();
    }

    /// <summary>Why measurements cannot be deferred, in one line; null if they can.</summary>
    internal static string? Refusal(Circuit circuit)
    {
        var written = new HashSet<int>();
        foreach (var operation in circuit.Operations)
        {
            var (kind, isFree) = (operation.Gate.Kind, operation.Conditions.IsEmpty);
            if (kind == GateKind.Channel && !operation.Gate.Equals(Gates.Reset) && !(operation.Gate.IsTracePreserving && isFree))
            {
                return $"{operation} cannot be deferred: only measurements, resets and conditions on gates can; run the circuit as it is.";
            }

            if (kind == GateKind.Measure && !operation.Gate.Equals(Gates.Measure))
            {
                return $"{operation} cannot be deferred: it writes wrong outcomes, which no wire stands for; run the circuit as it is.";
            }

            if (operation.Conditions.SelectMany(condition => condition.Bits).Distinct().Count(written.Contains) > MostConditionBits)
            {
                return $"{operation} would become 2^{operation.Conditions.Sum(condition => condition.Bits.Length)} controlled gates; conditions on {MostConditionBits} bits are the most.";
            }

            if (operation.Bit is { } bit && !written.Add(bit) && operation.Guard is not null)
            {
                return $"{operation} cannot be deferred: a guard decides whether the bit is written over; write another bit.";
            }
        }

        return Fresh(circuit) > 0 && circuit.Measurements.OfType<StateVector>().Any()
            ? "A circuit that measures in its course has no state vector; measure the density matrix."
            : Fresh(circuit) + circuit.Wires > Circuit.MaxWires ? $"{Fresh(circuit)} measurements and resets need as many further wires, and a circuit has at most {Circuit.MaxWires}."
            : null;
    }

    /// <summary>How many further wires it takes at most.</summary>
    internal static int Fresh(Circuit circuit) =>
        circuit.Operations.Count(operation => operation.Gate.Kind == GateKind.Measure || operation.Gate.Equals(Gates.Reset))
        + circuit.Measurements.OfType<BitProbabilities>().Sum(of => of.OfBits.Length);

    private sealed class Deferral(Circuit circuit)
    {
        private readonly ImmutableArray<Operation>.Builder operations = ImmutableArray.CreateBuilder<Operation>();
        private readonly int[] wireOf = [.. Enumerable.Repeat(-1, circuit.Bits)]; // of each bit; −1 while it is 0 and unwritten
        private int wires = circuit.Wires;

        public Circuit Run()
        {
            foreach (var operation in circuit.Operations)
            {
                Add(operation);
            }

            ImmutableArray<Measurement> measurements = [.. circuit.Measurements.Select(Deferred)];
            return new Circuit(wires, circuit.Inputs, circuit.WeightGroups, operations.ToImmutable(), measurements);
        }

        private void Add(Operation operation)
        {
            if (operation.Gate.Kind == GateKind.Measure)
            {
                AddMeasurement(operation);
            }
            else if (operation.Gate.Equals(Gates.Reset))
            {
                AddWhere(Gates.SWAP, [operation.Wires[0], wires++], [], operation.Guard, operation.Conditions, holds: true);
            }
            else if (operation.IsGate)
            {
                AddWhere(operation.Gate, operation.Wires, operation.Angles, operation.Guard, operation.Conditions, holds: true);
            }
            else
            {
                operations.Add(operation.WithConditions()); // a barrier, or noise under no condition
            }
        }

        // A fresh wire takes the outcome where the measurement fires, and the bit's old value where it does not.
        private void AddMeasurement(Operation operation)
        {
            var (fresh, old) = (wires++, wireOf[operation.Bit!.Value]);
            AddWhere(Gates.CNOT, [operation.Wires[0], fresh], [], operation.Guard, operation.Conditions, holds: true);
            if (old >= 0 && !operation.Conditions.IsEmpty)
            {
                AddWhere(Gates.CNOT, [old, fresh], [], null, operation.Conditions, holds: false);
            }

            wireOf[operation.Bit.Value] = fresh;
        }

        // The gate, controlled by every setting of the bits' wires for which the conditions hold, or do not.
        private void AddWhere(
            Gate gate, ImmutableArray<int> on, ImmutableArray<Angle> angles, Guard? guard, ImmutableArray<Condition> conditions, bool holds)
        {
            int[] read = [.. conditions.SelectMany(condition => condition.Bits).Distinct().Where(bit => wireOf[bit] >= 0)];
            var values = new bool[circuit.Bits];
            for (var setting = 0; setting < 1 << read.Length; setting++)
            {
                for (var k = 0; k < read.Length; k++)
                {
                    values[read[k]] = ((setting >> k) & 1) == 1;
                }

                var fires = true;
                foreach (var condition in conditions)
                {
                    fires &= condition.Holds(values);
                }

                if (fires != holds)
                {
                    continue;
                }

                // A wire that the gate itself uses needs no control where it is its own control: the copy of a bit's wire.
                ImmutableArray<int> controls = [.. read.Where(bit => !on.Contains(wireOf[bit]))];
                if (read.Any(bit => on.Contains(wireOf[bit]) && !values[bit]))
                {
                    continue; // CNOT from a wire that is 0 does nothing
                }

                var wanted = controls.Select(bit => ((setting >> Array.IndexOf(read, bit)) & 1) == 1).ToImmutableArray();
                operations.Add(controls.IsEmpty
                    ? new Operation(gate, on, angles, guard)
                    : new Operation(gate.Controlled(wanted), [.. controls.Select(bit => wireOf[bit]), .. on], angles, guard));
            }
        }

        private Measurement Deferred(Measurement measurement) => measurement switch
        {
            BitProbabilities of => new Probabilities([.. of.OfBits.Select(bit => wireOf[bit] >= 0 ? wireOf[bit] : wires++)]),
            _ => measurement,
        };
    }
}
