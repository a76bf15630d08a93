// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A pass over operations: those that cannot change what is measured go.</summary>
public static class LightConePass
{
    /// <summary>
    /// The circuit without operations that no measurement sees, whatever inputs and weights are: outputs and all
    /// derivatives stay the same, exactly. Goes by what lies behind a wire (an observable that is diagonal on a wire does not see
    /// diagonal gates and controls there) and by the start in |0…0⟩ (a CNOT whose control nothing has touched does nothing).
    /// Works with guards, channels and conditions; a barrier goes too.
    /// </summary>
    /// <param name="circuit">The circuit. One that measures the state vector is returned as it is.</param>
    public static Circuit LightCone(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (circuit.Measurements.OfType<StateVector>().Any())
        {
            return circuit;
        }

        var causality = new Causality(circuit);
        Span<int> operations = Enumerable.Range(0, circuit.Operations.Length).ToArray();
        operations = operations[..causality.KeepWoken(operations)];
        var sight = new Sight[circuit.Wires];
        foreach (var measurement in circuit.Measurements)
        {
            Causality.Look(measurement, sight);
        }

        var kept = operations[^causality.KeepSeen(operations, sight)..].ToArray();
        return circuit.WithOperations([.. kept.Select(index => circuit.Operations[index])]);
    }

    /// <summary>The circuit with one of its measurements and what that one sees.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="measurement">Which of <see cref="Circuit.Measurements"/>, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such measurement.</exception>
    public static Circuit LightCone(this Circuit circuit, int measurement)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentOutOfRangeException.ThrowIfNegative(measurement);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(measurement, circuit.Measurements.Length);
        return circuit.WithMeasurements(circuit.Measurements[measurement]).LightCone();
    }
}
