// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Gradients;

/// <summary>A pass for gradients of decisions: guard g becomes a comparison of input I + g with 1/2, so that a caller decides.</summary>
internal static class ExposedGuards
{
    /// <summary>The circuit of I + G inputs: the data, then one decision (0 or 1) for each of the circuit's guards.</summary>
    public static Circuit Expose(Circuit circuit) => new(
        circuit.Wires,
        circuit.Inputs + circuit.Guards.Length,
        circuit.WeightGroups,
        [
            .. circuit.Operations.Select(operation => operation.Guard is { } guard
                ? operation.WithGuard(new Guard(circuit.Inputs + circuit.Guards.IndexOf(guard), 0.5))
                : operation),
        ],
        circuit.Measurements,
        circuit.Bits);
}
