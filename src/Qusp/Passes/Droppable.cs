// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A pass for dropout.</summary>
public static class DroppablePass
{
    /// <summary>
    /// The circuit with D further inputs, one for each unguarded and unconditional gate that a weight turns, in order: the gate fires where its
    /// input is above ½. All at 1 it is the circuit as given.
    /// </summary>
    public static Circuit Droppable(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var inputs = circuit.Inputs;
        var operations = circuit.Operations.Select(operation =>
            operation.IsGate && operation.Guard is null && operation.Conditions.IsEmpty && operation.Angles.Any(angle => angle.Source == AngleSource.Weight)
                ? operation.WithGuard(new Guard(inputs++, 0.5))
                : operation).ToArray();
        return new Circuit(circuit.Wires, inputs, circuit.WeightGroups, [.. operations], circuit.Measurements, circuit.Bits);
    }
}
