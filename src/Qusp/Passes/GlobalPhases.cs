// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A pass over phases that nothing can see.</summary>
public static class GlobalPhasePasses
{
    /// <summary>
    /// Removes global phases where no measurement reads amplitudes: the same unitary up to a phase, the same results. Where
    /// the state vector is measured, the constant ones without guard become one.
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

        var constant = circuit.Operations.Where(IsConstantPhase).ToList();
        if (constant.Count == 0)
        {
            return circuit;
        }

        var total = Math.IEEERemainder(constant.Sum(operation => operation.Angles[0].Offset), 2 * Math.PI);
        var rest = circuit.Operations.Where(operation => !IsConstantPhase(operation));
        return circuit.WithOperations(
            [.. rest, .. Math.Abs(total) < 1e-14 ? [] : (Operation[])[new Operation(Gates.GlobalPhase, [0], [total])]]);
    }

    /// <summary>Whether a measurement of the circuit reads amplitudes, so that a global phase changes its results.</summary>
    internal static bool SeesPhase(this Circuit circuit) => circuit.Measurements.Any(measurement => measurement is StateVector);

    private static bool IsPhase(Operation operation) => operation.Gate.Equals(Gates.GlobalPhase) && operation.Conditions.IsEmpty;

    private static bool IsConstantPhase(Operation operation) => IsPhase(operation) && operation.Guard is null && operation.Angles[0].IsConstant;
}
