// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Operations and measurements over n wires, I inputs, W weights and classical bits, starting from |0…0⟩ and bits of 0. Immutable, validated when
/// built, with value equality. Wire 0 is the most significant bit of a basis state's index.
/// </summary>
public sealed class Circuit : IEquatable<Circuit>
{
    /// <summary>The most wires a circuit may have.</summary>
    public const int MaxWires = 1024;

    /// <summary>A circuit, checked. Most users write it with <see cref="CircuitBuilder"/>.</summary>
    /// <param name="wires">The number of wires, 1 to <see cref="MaxWires"/>.</param>
    /// <param name="inputs">The number I of inputs that each sample has.</param>
    /// <param name="weights">The groups of trainable weights, in order.</param>
    /// <param name="operations">What is done, in order.</param>
    /// <param name="measurements">What is measured, in order; their values make the K outputs.</param>
    /// <param name="bits">The number of classical bits that measurements write and conditions read, all 0 at first.</param>
    /// <exception cref="ArgumentException">Something refers to a wire, an input, a weight or a bit that is not there.</exception>
    public Circuit(
        int wires,
        int inputs,
        ImmutableArray<WeightGroup> weights,
        ImmutableArray<Operation> operations,
        ImmutableArray<Measurement> measurements,
        int bits = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wires);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wires, MaxWires);
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        if (weights.IsDefault || operations.IsDefault || measurements.IsDefault)
        {
            throw new ArgumentException("A circuit's weights, operations and measurements may be empty arrays, not default ones.");
        }

        (Wires, Inputs, WeightGroups, Operations, Measurements, Bits) = (wires, inputs, weights, operations, measurements, bits);
        Weights = weights.Sum(group => group.Count);
        foreach (var operation in operations)
        {
            Check(operation);
        }

        foreach (var measurement in measurements)
        {
            measurement.Check(wires);
            if (measurement is BitProbabilities of && of.OfBits.Max() >= bits)
            {
                throw new ArgumentException($"{of}: the circuit has {bits} classical bits; declare them with Bits(count).", nameof(measurements));
            }

            var outputs = (long)Outputs + measurement.Outputs(wires);
            Outputs = outputs <= Array.MaxLength
                ? (int)outputs
                : throw new ArgumentException($"The measurements give over {Array.MaxLength} outputs; measure fewer wires' probabilities.", nameof(measurements));
        }

        IsUnitary = operations.All(operation => operation.Gate.Kind is GateKind.Unitary or GateKind.Barrier && operation.Conditions.IsEmpty);
        Guards = [.. operations.Where(o => o.Guard is not null).Select(o => o.Guard!.Value).Distinct()];
        Expressions =
        [
            .. operations.SelectMany(operation => operation.Angles).Where(angle => angle.Expression is not null)
                .Select(angle => angle.Expression!).Distinct(),
        ];
    }

    /// <summary>The number n of wires.</summary>
    public int Wires { get; }

    /// <summary>The number I of inputs that each sample has.</summary>
    public int Inputs { get; }

    /// <summary>The number W of weights.</summary>
    public int Weights { get; }

    /// <summary>The number K of outputs.</summary>
    public int Outputs { get; }

    /// <summary>The number of classical bits.</summary>
    public int Bits { get; }

    /// <summary>Whether there is no channel, no measurement in its course and no condition: the state stays pure and every sample has one.</summary>
    public bool IsUnitary { get; }

    /// <summary>Whether it needs density matrices: the state does not stay pure, or classical bits are read.</summary>
    internal bool IsMixed => !IsUnitary || Measurements.OfType<BitProbabilities>().Any();

    /// <summary>The weights as named parameters with shapes.</summary>
    public ImmutableArray<WeightGroup> WeightGroups { get; }

    /// <summary>What is done, in order.</summary>
    public ImmutableArray<Operation> Operations { get; }

    /// <summary>What is measured, in order.</summary>
    public ImmutableArray<Measurement> Measurements { get; }

    /// <summary>The distinct guards, in order of first use.</summary>
    public ImmutableArray<Guard> Guards { get; }

    /// <summary>The distinct expressions that are sources of angles, in order of first use.</summary>
    public ImmutableArray<Expression> Expressions { get; }

    /// <summary>The same circuit with other operations.</summary>
    public Circuit WithOperations(ImmutableArray<Operation> operations) => new(Wires, Inputs, WeightGroups, operations, Measurements, Bits);

    /// <summary>The same circuit with other measurements.</summary>
    public Circuit WithMeasurements(params ImmutableArray<Measurement> measurements) =>
        new(Wires, Inputs, WeightGroups, Operations, measurements, Bits);

    /// <inheritdoc/>
    public bool Equals(Circuit? other) => other is not null && Wires == other.Wires && Inputs == other.Inputs && Bits == other.Bits
        && WeightGroups.AsSpan().SequenceEqual(other.WeightGroups.AsSpan())
        && Operations.AsSpan().SequenceEqual(other.Operations.AsSpan())
        && Measurements.AsSpan().SequenceEqual(other.Measurements.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Circuit);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Wires);
        hash.Add(Inputs);
        foreach (var operation in Operations)
        {
            hash.Add(operation);
        }

        foreach (var measurement in Measurements)
        {
            hash.Add(measurement);
        }

        return hash.ToHashCode();
    }

    /// <summary>The circuit as a drawing in text.</summary>
    public override string ToString() => Drawing.TextDrawing.Draw(this);

    private void Check(Operation operation)
    {
        if (operation.Wires.Any(wire => wire >= Wires))
        {
            throw new ArgumentException($"{operation}: the circuit's wires are 0 to {Wires - 1}.");
        }

        if (operation.Guard is { } guard && ((uint)guard.Input >= (uint)Inputs || double.IsNaN(guard.Threshold)))
        {
            throw new ArgumentException($"{operation}: its guard reads input {guard.Input} of {Inputs} against {guard.Threshold}; a threshold is a number.");
        }

        if (operation.Bit >= Bits || operation.Conditions.Any(condition => condition.Bits.Any(bit => bit >= Bits)))
        {
            throw new ArgumentException($"{operation}: the circuit has {Bits} classical bits; declare them with Bits(count).");
        }

        foreach (var angle in operation.Angles)
        {
            Require(AngleSource.Input, Inputs, angle.Expression?.Inputs);
            Require(AngleSource.Weight, Weights, angle.Expression?.Weights);

            void Require(AngleSource source, int count, int? needed)
            {
                if (angle.Source == source ? (uint)angle.Index >= (uint)count : needed > count)
                {
                    var kind = source == AngleSource.Input ? "input" : "weight";
                    throw new ArgumentException($"{operation}: its angle reads {kind} {needed - 1 ?? angle.Index} of {count}.");
                }
            }
        }
    }
}
