// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A pass over inputs.</summary>
public static class InputPasses
{
    /// <summary>The circuit that reads input j + <paramref name="by"/> where it read input j: in angles, expressions and guards.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="by">By how many; there are as many more inputs, which it does not read.</param>
    public static Circuit ShiftInputs(this Circuit circuit, int by)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentOutOfRangeException.ThrowIfNegative(by);
        var (graph, shifted) = (new ExpressionGraph(), new List<Expression>());
        Operation[] operations =
        [
            .. circuit.Operations.Select(operation => operation
                .WithAngles([.. operation.Angles.Select(angle => Shift(graph.ToOperand(angle)))])
                .WithGuard(operation.Guard is { } guard ? guard with { Input = guard.Input + by } : null)),
        ];
        return new Circuit(circuit.Wires, circuit.Inputs + by, circuit.WeightGroups, [.. operations], circuit.Measurements, circuit.Bits);

        Angle Shift(Operand angle)
        {
            // The graph's nodes come after their arguments, so those are there already.
            while (shifted.Count < graph.Nodes.Count)
            {
                var node = graph.Nodes[shifted.Count];
                shifted.Add(new Expression(node.Function, Shifted(node.First), Shifted(node.Second)));
            }

            return Shifted(angle);
        }

        Angle Shifted(Operand angle) => angle.Source == AngleSource.Expression
            ? Angle.Of(shifted[angle.Index], angle.Scale, angle.Offset)
            : new Angle(angle.Source, angle.Source == AngleSource.Input ? angle.Index + by : angle.Index, angle.Scale, angle.Offset);
    }

    /// <summary>The inverse circuit: the inverse of each operation in reverse order; it measures nothing.</summary>
    /// <exception cref="NotSupportedException">The circuit is not unitary.</exception>
    public static Circuit Inverse(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return circuit.IsUnitary
            ? circuit.WithMeasurements().WithOperations([.. circuit.Operations.Reverse().Select(operation => operation.WithGate(operation.Gate.Adjoint(), operation.Wires))])
            : throw new NotSupportedException("A circuit with channels or measurements in its course has no inverse.");
    }
}
