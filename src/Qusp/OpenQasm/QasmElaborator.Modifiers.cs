// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

// inv, pow and ctrl of what a gate consists of.
internal sealed partial class QasmElaborator
{
    private (ImmutableArray<(string Word, double Argument)> Modifiers, int Controls) Modifiers(QasmStatement.Apply apply)
    {
        if (apply.Modifiers.IsEmpty)
        {
            return ([], 0);
        }

        var read = ImmutableArray.CreateBuilder<(string, double)>();
        var controls = 0L;
        foreach (var (place, word, argument) in apply.Modifiers)
        {
            switch (word)
            {
                case "inv":
                    read.Add((word, 0));
                    break;
                case "pow":
                    var exponent = AngleOf(argument!);
                    read.Add(exponent.IsConstant ? (word, exponent.Offset) : throw place.Refuse("the exponent of a power depends on an input; give a number"));
                    break;
                default:
                    var count = argument is null ? 1 : Whole(argument);
                    if (count < 1 || (controls += (long)Int128.Min(count, int.MaxValue)) > Circuit.MaxWires)
                    {
                        throw place.Refuse($"{word}({count}) is not possible: a gate has 1 to {Circuit.MaxWires - 1} controls");
                    }

                    read.Add((word, (double)count));
                    break;
            }
        }

        return (read.ToImmutable(), (int)controls);
    }

    // A row that the file inverts keeps the word; inside of a larger gate a rotation turns back instead.
    private static Operation Inverse(Operation operation, bool isRow) =>
        operation.Gate is { GeneratorFormula: not null, Parameters: 1 } gate && (!isRow || gate.Equals(Gates.GlobalPhase))
            ? operation.WithAngles([-operation.Angles[0]])
            : new Operation(operation.Gate.Adjoint(), operation.Wires, operation.Angles);

    private static List<Operation> Power(QasmPlace place, List<Operation> operations, double exponent)
    {
        if (operations.Count == 1)
        {
            return [PowerOf(place, operations[0], exponent)];
        }

        if (exponent == Math.Truncate(exponent))
        {
            if (Math.Abs(exponent) * Math.Max(operations.Count, 1) > QasmLimits.Operations)
            {
                throw place.Refuse($"this power repeats {operations.Count} operations {Math.Abs(exponent)} times, more than {QasmLimits.Operations} in all; choose a smaller one");
            }

            List<Operation> once = exponent < 0 ? [.. Enumerable.Reverse(operations).Select(operation => Inverse(operation, isRow: false))] : operations;
            return [.. Enumerable.Repeat(once, (int)Math.Abs(exponent)).SelectMany(operation => operation)];
        }

        // A fraction of a product is not the product of fractions: take it of the matrix.
        ImmutableArray<int> on = [.. operations.SelectMany(operation => operation.Wires).Distinct()];
        if (on.Length > 4 || operations.Exists(operation => operation.Angles.Any(angle => !angle.IsConstant)))
        {
            throw place.Refuse("a fractional power of several gates is taken of their matrix, which is known up to 4 qubits and without inputs; write the power out");
        }

        var product = operations.Where(operation => operation.Gate.Kind == GateKind.Unitary).Aggregate(
            MatrixAlgebra.Identity(1 << on.Length),
            (matrix, operation) => MatrixAlgebra.Multiply(
                MatrixAlgebra.Embed(Matrix(operation), [.. operation.Wires.Select(wire => on.IndexOf(wire))], on.Length), matrix));
        return [new Operation(Gates.Unitary(product).Power(exponent), on, [])];
    }

    private static Operation PowerOf(QasmPlace place, Operation operation, double exponent)
    {
        if (operation.Gate.Equals(Gates.GlobalPhase))
        {
            return operation.WithAngles([exponent * operation.Angles[0]]);
        }

        try
        {
            return operation.Gate is { Parameters: > 1 } && !GateAlgebra.CanRepeat(exponent) && operation.Gate.Wires <= 4 && operation.Angles.All(angle => angle.IsConstant)
                ? new Operation(Gates.Unitary(Matrix(operation)).Power(exponent), operation.Wires, [])
                : new Operation(operation.Gate.Power(exponent), operation.Wires, operation.Angles);
        }
        catch (NotSupportedException error)
        {
            throw place.Refuse(error.Message.TrimEnd('.'));
        }
    }

    private static System.Numerics.Complex[,] Matrix(Operation operation) => operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Offset)]);

    private IEnumerable<Operation> Controlled(QasmPlace place, Operation operation, ImmutableArray<int> controls, bool value)
    {
        Step(place);
        if (operation.Gate.Kind == GateKind.Barrier)
        {
            return [operation];
        }

        if (operation.Gate.Equals(Gates.GlobalPhase))
        {
            return ControlledPhase(-operation.Angles[0], controls, value);
        }

        return [new Operation(Controlled(operation.Gate, controls.Length, value), [.. controls, .. operation.Wires], operation.Angles)];
    }

    // A phase where all controls are 1 is a phase gate on the last of them, controlled by the others. Where they are 0, the
    // phase is there for all values of the last control, and taken back where it is 1.
    private IEnumerable<Operation> ControlledPhase(Angle phi, ImmutableArray<int> controls, bool value)
    {
        var (others, last) = (controls[..^1], controls[^1]);
        if (value)
        {
            return [On(Gates.PhaseShift, others, last, phi)];
        }

        IEnumerable<Operation> always = others.IsEmpty ? [new Operation(Gates.GlobalPhase, [last], [-phi])] : ControlledPhase(phi, others, value);
        return always.Append(On(Gates.PhaseShift, others, last, -phi));

        Operation On(Gate gate, ImmutableArray<int> by, int wire, Angle angle) =>
            new(by.IsEmpty ? gate : Controlled(gate, by.Length, value), [.. by, wire], [angle]);
    }

    private Gate Controlled(Gate gate, int count, bool value)
    {
        var key = (gate, new string(value ? '1' : '0', count));
        if (!controlled.TryGetValue(key, out var result))
        {
            controlled[key] = result = gate.Controlled([.. Enumerable.Repeat(value, count)]);
        }

        return result;
    }
}
