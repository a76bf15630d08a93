// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Which gates a channel follows. A channel of one wire acts on each of the gate's wires, one of more wires where the gate has as
/// many. What is left empty restricts nothing. The channel fires where the gate does: it takes over its guard and its conditions.
/// </summary>
public sealed record NoiseRule
{
    /// <summary>A channel after every gate, until restricted.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="strengths">One strength for each of its parameters; a weight or an input of the circuit makes it trainable.</param>
    /// <exception cref="ArgumentException">The row is no channel, there are not as many strengths, or constant ones are out of range.</exception>
    public NoiseRule(Gate channel, params ImmutableArray<Angle> strengths)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.Kind != GateKind.Channel || !channel.IsTracePreserving)
        {
            throw new ArgumentException($"{channel.Name} is no noise channel; `qusp gates` lists them.", nameof(channel));
        }

        if (strengths.Length != channel.Parameters)
        {
            throw new ArgumentException($"{channel.Name} takes {channel.Parameters} strength(s), not {strengths.Length}.", nameof(strengths));
        }

        if (strengths.All(strength => strength.IsConstant))
        {
            _ = channel.Kraus([.. strengths.Select(strength => strength.Offset)]); // its own complaint, where one reads it
        }

        (Channel, Strengths) = (channel, strengths);
    }

    /// <summary>The channel.</summary>
    public Gate Channel { get; }

    /// <summary>Its strengths.</summary>
    public ImmutableArray<Angle> Strengths { get; }

    /// <summary>Only these gates.</summary>
    public ImmutableArray<Gate> Gates { get; init; } = [];

    /// <summary>Only gates on so many wires; 0 for any.</summary>
    public int Arity { get; init; }

    /// <summary>Only on these wires: a channel of one wire on those of a gate's wires that are named, a wider one where all are.</summary>
    public ImmutableArray<int> Wires { get; init; } = [];

    /// <summary>Whether the channel comes before the gate instead of after it.</summary>
    public bool Before { get; init; }

    /// <inheritdoc/>
    public bool Equals(NoiseRule? other) => other is not null && Channel.Equals(other.Channel) && Arity == other.Arity && Before == other.Before
        && Strengths.AsSpan().SequenceEqual(other.Strengths.AsSpan()) && Gates.AsSpan().SequenceEqual(other.Gates.AsSpan())
        && Wires.AsSpan().SequenceEqual(other.Wires.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Channel, Arity, Before, Strengths.Length, Gates.Length, Wires.Length);

    /// <summary>The channel's operations for one operation of a circuit; none where the rule does not hold.</summary>
    internal IEnumerable<Operation> On(Operation operation)
    {
        if (!operation.IsGate || (Arity > 0 && operation.Wires.Length != Arity) || (Gates.Length > 0 && !Gates.Contains(operation.Gate)))
        {
            return [];
        }

        var allowed = Wires.IsEmpty ? operation.Wires : [.. operation.Wires.Where(wire => Wires.Contains(wire))];
        ImmutableArray<int>[] places = Channel.Wires == 1 ? [.. allowed.Select(wire => (ImmutableArray<int>)[wire])]
            : allowed.Length == operation.Wires.Length && Channel.Wires == allowed.Length ? [allowed]
            : [];
        return places.Select(on => new Operation(Channel, on, Strengths, operation.Guard, null, operation.Conditions));
    }
}
