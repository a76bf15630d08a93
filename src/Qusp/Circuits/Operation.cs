// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// A gate on wires, its angles, and an optional guard; for a measurement the bit that it writes, and, where it depends on
/// what was measured before, conditions. Immutable, with value equality.
/// </summary>
public sealed class Operation : IEquatable<Operation>
{
    /// <summary>An operation, checked.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="wires">Its wires, all different; the first is the most significant of the gate's matrix.</param>
    /// <param name="angles">One angle for each of the gate's parameters, radians.</param>
    /// <param name="guard">Where it fires; always if null.</param>
    /// <param name="bit">The classical bit that a measurement writes; null for all else.</param>
    /// <param name="conditions">What measured bits must spell for it to fire, all of it; nothing if empty.</param>
    /// <exception cref="ArgumentException">
    /// The number of wires or angles is not the gate's, a wire is negative or named twice, or a bit is missing or too much.
    /// </exception>
    public Operation(
        Gate gate,
        ImmutableArray<int> wires,
        ImmutableArray<Angle> angles,
        Guard? guard = null,
        int? bit = null,
        ImmutableArray<Condition> conditions = default)
    {
        ArgumentNullException.ThrowIfNull(gate);
        if (wires.Length != gate.Wires)
        {
            throw new ArgumentException($"{gate.Name} acts on {gate.Wires} wire(s), not {wires.Length}.", nameof(wires));
        }

        if (angles.Length != gate.Parameters)
        {
            throw new ArgumentException($"{gate.Name} takes {gate.Parameters} angle(s), not {angles.Length}.", nameof(angles));
        }

        for (var i = 0; i < wires.Length; i++)
        {
            if (wires[i] < 0 || wires[..i].Contains(wires[i]))
            {
                throw new ArgumentException(
                    $"{gate.Name} on wires {string.Join(", ", wires)}: wires count from 0 and an operation names each once.", nameof(wires));
            }
        }

        foreach (var angle in angles)
        {
            if ((angle.Source == AngleSource.Expression) != (angle.Expression is not null))
            {
                throw new ArgumentException($"{gate.Name}: an expression is made by arithmetic on angles, not by its source alone.", nameof(angles));
            }

            if (!double.IsFinite(angle.Scale) || !double.IsFinite(angle.Offset))
            {
                throw new ArgumentException($"{gate.Name}: the angle {angle} is not finite.", nameof(angles));
            }
        }

        if (bit is null == (gate.Kind == GateKind.Measure) || bit < 0)
        {
            throw new ArgumentException($"{gate.Name}: a measurement writes a bit, counted from 0, and nothing else does.", nameof(bit));
        }

        (Gate, Wires, Angles, Guard, Bit) = (gate, wires, angles, guard, bit);
        Conditions = conditions.IsDefault ? [] : conditions;
    }

    /// <summary>The gate.</summary>
    public Gate Gate { get; }

    /// <summary>The wires it acts on; the first is the most significant of the gate's matrix.</summary>
    public ImmutableArray<int> Wires { get; }

    /// <summary>One angle for each of the gate's parameters, radians.</summary>
    public ImmutableArray<Angle> Angles { get; }

    /// <summary>Where it fires; always if null.</summary>
    public Guard? Guard { get; }

    /// <summary>The classical bit that a measurement writes; null for all else.</summary>
    public int? Bit { get; }

    /// <summary>What measured bits must spell for it to fire, all of it; nothing if empty.</summary>
    public ImmutableArray<Condition> Conditions { get; }

    /// <summary>Whether it is a gate, as counts of gates mean it: not a channel, a measurement or a barrier.</summary>
    public bool IsGate => Gate.Kind == GateKind.Unitary;

    /// <summary>Whether it is a gate on two or more wires.</summary>
    public bool IsTwoQubitGate => IsGate && Wires.Length > 1;

    /// <summary>What the gate is a product of, on these wires, with these angles, under the same guard and conditions; nothing if it has no decomposition.</summary>
    /// <remarks>A part's angle is affine in one of the gate's parameters, so it stays affine in that parameter's source.</remarks>
    internal IEnumerable<Operation> Parts() => Gate.Decomposition.Select(part => new Operation(
        part.Gate,
        [.. part.Wires.Select(wire => Wires[wire])],
        [.. part.Angles.Select(angle => angle.IsConstant ? angle : (angle.Scale * Angles[angle.Index]) + angle.Offset)],
        Guard,
        bit: null,
        Conditions));

    /// <summary>The angles' values for one sample.</summary>
    /// <param name="inputs">The sample's inputs, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    internal double[] AngleValues(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        var values = new double[Angles.Length];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = Angles[k].Value(inputs, weights);
        }

        return values;
    }

    /// <summary>The same operation with another guard, or none.</summary>
    public Operation WithGuard(Guard? guard) => new(Gate, Wires, Angles, guard, Bit, Conditions);

    /// <summary>The same operation with other angles.</summary>
    public Operation WithAngles(ImmutableArray<Angle> angles) => new(Gate, Wires, angles, Guard, Bit, Conditions);

    /// <summary>The same operation with another gate on other wires.</summary>
    public Operation WithGate(Gate gate, ImmutableArray<int> wires) => new(gate, wires, Angles, Guard, Bit, Conditions);

    /// <summary>The same operation on other wires.</summary>
    public Operation WithWires(ImmutableArray<int> wires) => new(Gate, wires, Angles, Guard, Bit, Conditions);

    /// <summary>The same operation under other conditions.</summary>
    public Operation WithConditions(params ImmutableArray<Condition> conditions) => new(Gate, Wires, Angles, Guard, Bit, conditions);

    /// <inheritdoc/>
    public bool Equals(Operation? other) => other is not null && Gate.Equals(other.Gate) && Guard == other.Guard && Bit == other.Bit
        && Conditions.AsSpan().SequenceEqual(other.Conditions.AsSpan())
        && Wires.AsSpan().SequenceEqual(other.Wires.AsSpan()) && Angles.AsSpan().SequenceEqual(other.Angles.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Operation);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Gate);
        hash.Add(Guard);
        hash.Add(Bit);
        hash.Add(Conditions.Length);
        foreach (var wire in Wires)
        {
            hash.Add(wire);
        }

        foreach (var angle in Angles)
        {
            hash.Add(angle);
        }

        return hash.ToHashCode();
    }

    /// <summary>The operation as a reader writes it, such as <c>RY(x0) 0 if x0&gt;0.1</c>.</summary>
    public override string ToString()
    {
        var angles = Angles.IsEmpty ? "" : $"({string.Join(", ", Angles)})";
        string[] predicates = [.. Guard is { } guard ? (string[])[guard.ToString()] : [], .. Conditions.Select(condition => condition.ToString())];
        var bit = Bit is { } written ? $" → c{written}" : "";
        return $"{Gate.Name}{angles} {string.Join(" ", Wires)}{bit}{(predicates.Length > 0 ? " if " + string.Join(" and ", predicates) : "")}";
    }
}
