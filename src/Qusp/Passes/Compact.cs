// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>A circuit without what does nothing at certain weights.</summary>
/// <param name="Circuit">The smaller circuit. A group of weights that lost some is a row of those that are left.</param>
/// <param name="Weights">Its weights, <c>[W']</c>.</param>
/// <param name="Kept">Which of the weights that there were they are, in order.</param>
public sealed record CompactCircuit(Circuit Circuit, ImmutableArray<double> Weights, ImmutableArray<int> Kept);

/// <summary>A pass that knows the weights.</summary>
public static class CompactPass
{
    /// <summary>How far from a multiple of the identity a matrix's entries may be to count as one.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>
    /// The circuit without gates that are the identity at these weights, up to a phase that no measurement sees (a rotation by a multiple of
    /// 2π, a controlled one by a multiple of 4π); then without what no measurement sees (<see cref="LightConePass"/>), and without the
    /// weights that nothing reads any more. The same outputs to rounding, for all inputs.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <exception cref="ArgumentException">There are not W weights.</exception>
    public static CompactCircuit Compact(this Circuit circuit, ReadOnlySpan<double> weights)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (weights.Length != circuit.Weights)
        {
            throw new ArgumentException($"the circuit has {circuit.Weights} weights, not {weights.Length}", nameof(weights));
        }

        var values = weights.ToArray();
        var phaseMatters = circuit.Measurements.OfType<StateVector>().Any();
        var left = circuit.WithOperations([.. circuit.Operations.Where(operation => !IsIdentity(operation, values, phaseMatters))]).LightCone();
        return WithoutUnread(left, values);
    }

    /// <summary>
    /// For each weight, how far the angles that it turns are from making all their gates the identity, and the value that would: what pruning
    /// by magnitude goes by. Infinity and NaN for a weight that has no such value, or that an expression reads.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <returns>Distance in radians and value, one each a weight.</returns>
    public static (double Distance, double Value)[] NearestIdentity(this Circuit circuit, ReadOnlySpan<double> weights)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var nearest = new (double Distance, double Value)[circuit.Weights];
        Array.Fill(nearest, (-1, double.NaN));
        foreach (var operation in circuit.Operations)
        {
            foreach (var angle in operation.Angles)
            {
                // An expression may read any weight up to its last.
                foreach (var weight in angle.Expression is { } expression ? Enumerable.Range(0, expression.Weights) : angle.Source == AngleSource.Weight ? [angle.Index] : [])
                {
                    var value = operation.Angles.Length == 1 && angle.Source == AngleSource.Weight ? IdentityValue(operation.Gate, angle, weights[weight]) : null;
                    var (distance, before) = nearest[weight];
                    nearest[weight] = value is { } found && (distance < 0 || Math.Abs(before - found) < Tolerance)
                        ? (Math.Max(distance, Math.Abs(angle.Scale * (weights[weight] - found))), found)
                        : (double.PositiveInfinity, double.NaN);
                }
            }
        }

        // A weight that no gate reads is at the identity as it is.
        for (var w = 0; w < nearest.Length; w++)
        {
            nearest[w] = nearest[w].Distance < 0 ? (0, weights[w]) : nearest[w];
        }

        return nearest;
    }

    // The nearest value at which the gate is the identity: its angle is a multiple of 2π if a phase is all that a full turn leaves, else of 4π.
    private static double? IdentityValue(Gate gate, Angle angle, double weight)
    {
        if (angle.Scale == 0 || gate.Kind != GateKind.Unitary)
        {
            return null;
        }

        var now = (angle.Scale * weight) + angle.Offset;
        foreach (var period in (ReadOnlySpan<double>)[2 * Math.PI, 4 * Math.PI])
        {
            var turned = period * Math.Round(now / period);
            if (IsMultipleOfIdentity(gate.Matrix(turned)) && IsMultipleOfIdentity(gate.Matrix(turned + period)))
            {
                return (turned - angle.Offset) / angle.Scale;
            }
        }

        return null;
    }

    private static bool IsIdentity(Operation operation, double[] weights, bool phaseMatters)
    {
        if (!operation.IsGate || operation.Angles.Any(angle => angle.Source is not (AngleSource.Constant or AngleSource.Weight)))
        {
            return false;
        }

        var matrix = operation.Gate.Matrix(operation.AngleValues([], weights));
        return IsMultipleOfIdentity(matrix) && !(phaseMatters && Complex.Abs(matrix[0, 0] - 1) > Tolerance);
    }

    private static bool IsMultipleOfIdentity(Complex[,] matrix)
    {
        for (var row = 0; row < matrix.GetLength(0); row++)
        {
            for (var column = 0; column < matrix.GetLength(1); column++)
            {
                if (Complex.Abs(matrix[row, column] - (row == column ? matrix[0, 0] : 0)) > Tolerance)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static CompactCircuit WithoutUnread(Circuit circuit, double[] weights)
    {
        // Expressions name weights by their place, so they keep theirs.
        var read = circuit.Expressions.IsEmpty
            ? circuit.Operations.SelectMany(operation => operation.Angles).Where(angle => angle.Source == AngleSource.Weight).Select(angle => angle.Index).ToHashSet()
            : [.. Enumerable.Range(0, circuit.Weights)];
        var (kept, groups) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<WeightGroup>());
        foreach (var group in circuit.WeightGroups)
        {
            int[] here = [.. Enumerable.Range(group.Offset, group.Count).Where(read.Contains)];
            if (here.Length > 0)
            {
                groups.Add(new WeightGroup(group.Name, kept.Count, here.Length == group.Count ? group.Shape : [here.Length]));
                kept.AddRange(here);
            }
        }

        var operations = circuit.Operations.Select(operation => operation.WithAngles(
        [
            .. operation.Angles.Select(angle => angle.Source == AngleSource.Weight ? angle with { Index = kept.IndexOf(angle.Index) } : angle),
        ]));
        return new CompactCircuit(
            new Circuit(circuit.Wires, circuit.Inputs, groups.ToImmutable(), [.. operations], circuit.Measurements, circuit.Bits),
            [.. kept.Select(index => weights[index])],
            kept.ToImmutable());
    }
}
