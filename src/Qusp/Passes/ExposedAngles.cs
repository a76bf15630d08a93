// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>One of a circuit's varying angles.</summary>
/// <param name="Angle">What it was: an input or a weight, scaled and shifted.</param>
/// <param name="Gate">The gate that it turns.</param>
/// <param name="Parameter">Which of the gate's angles, from 0.</param>
/// <param name="Guard">Where the gate fires; always if null.</param>
public readonly record struct ExposedAngle(Angle Angle, Gate Gate, int Parameter, Guard? Guard);

/// <summary>
/// A circuit rewritten so that each varying angle is an input of its own and can be shifted alone: inputs 0 to I − 1 stay,
/// where guards read them, and angle a is input I + a. There are no weights left.
/// </summary>
/// <param name="Circuit">The rewritten circuit, of I + P inputs.</param>
/// <param name="Angles">The P angles, in the order of the operations.</param>
public sealed record ExposedAngles(Circuit Circuit, ImmutableArray<ExposedAngle> Angles);

/// <summary>A pass over angles.</summary>
public static class AnglePasses
{
    /// <summary>Makes an input of each varying angle.</summary>
    /// <exception cref="NotSupportedException">The circuit has expressions.</exception>
    public static ExposedAngles ExposeAngles(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (!circuit.Expressions.IsEmpty)
        {
            throw new NotSupportedException(
                $"The angle {circuit.Expressions[0]} is not affine in one input or weight: take it as an input, computed before the circuit, or extract the expressions first ({nameof(ExpressionPasses.ExtractExpressions)}).");
        }

        return Expose(circuit);
    }

    /// <summary>
    /// The same for what depends on the weights alone: an angle that is an expression of inputs is exposed as any other.
    /// </summary>
    /// <exception cref="NotSupportedException">A weight is inside of an expression.</exception>
    internal static ExposedAngles ExposeAnglesOfWeights(this Circuit circuit)
    {
        circuit.RequireAffineWeights();
        return Expose(circuit);
    }

    /// <summary>Refuses a circuit with a weight inside of an expression.</summary>
    internal static void RequireAffineWeights(this Circuit circuit)
    {
        if (circuit.Expressions.FirstOrDefault(expression => expression.Weights > 0) is { } expression)
        {
            throw new NotSupportedException($"A weight is inside of the expression {expression}: give gates weights of their own, as affine angles.");
        }
    }

    /// <summary>The same for any circuit: an exposed angle may be an expression.</summary>
    internal static ExposedAngles Expose(Circuit circuit)
    {
        var angles = ImmutableArray.CreateBuilder<ExposedAngle>();
        var operations = ImmutableArray.CreateBuilder<Operation>(circuit.Operations.Length);
        foreach (var operation in circuit.Operations)
        {
            var exposed = operation.Angles.ToArray();
            for (var k = 0; k < exposed.Length; k++)
            {
                if (!exposed[k].IsConstant)
                {
                    angles.Add(new ExposedAngle(exposed[k], operation.Gate, k, operation.Guard));
                    exposed[k] = Angle.Input(circuit.Inputs + angles.Count - 1);
                }
            }

            operations.Add(operation.WithAngles([.. exposed]));
        }

        var rewritten = new Circuit(circuit.Wires, circuit.Inputs + angles.Count, [], operations.ToImmutable(), circuit.Measurements, circuit.Bits);
        return new ExposedAngles(rewritten, angles.ToImmutable());
    }
}
