// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A pass over phases that nothing can see.</summary>
public static class GlobalPhasePasses
{
    /// <summary>
    /// Removes global phases where no measurement reads amplitudes: the same unitary up to a phase, the same results. Where
    /// the state vector is measured, they are gathered at the end and merged.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    public static Circuit RemoveGlobalPhases(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (!circuit.Operations.Any(IsPhase))
        {
            return circuit;
        }

        if (!circuit.SeesPhase())
        {
            return circuit.WithOperations([.. circuit.Operations.Where(operation => !IsPhase(operation))]);
        }

        // They commute with everything, so they may meet on one wire at the end.
        ImmutableArray<int> first = [0];
        var phases = circuit.WithOperations([.. circuit.Operations.Where(IsPhase).Select(operation => operation.WithWires(first))]).MergeRotations();
        return circuit.WithOperations([.. circuit.Operations.Where(operation => !IsPhase(operation)), .. phases.Operations]);
    }

    /// <summary>Whether a measurement of the circuit reads amplitudes, so that a global phase changes its results.</summary>
    internal static bool SeesPhase(this Circuit circuit) => circuit.Measurements.Any(measurement => measurement is StateVector);

    private static bool IsPhase(Operation operation) => operation.Gate.Equals(Gates.GlobalPhase) && operation.Conditions.IsEmpty;
}
