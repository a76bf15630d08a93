// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Writes a circuit as one reads it. Every method returns the builder; <see cref="Build"/> checks and freezes.
/// <code>
/// var circuit = new CircuitBuilder(wires: 4);
/// var x = circuit.Inputs(4);
/// for (var i = 0; i &lt; 4; i++)
/// {
///     circuit.If(x[i] &gt; 0.1, then =&gt; then.RY(x[i], i).CNOT(i, (i + 1) % 4));
/// }
/// var compiled = circuit.ExpectZ().Build();
/// </code>
/// </summary>
public sealed partial class CircuitBuilder
{
    private readonly ImmutableArray<Operation>.Builder operations = ImmutableArray.CreateBuilder<Operation>();
    private readonly ImmutableArray<Measurement>.Builder measurements = ImmutableArray.CreateBuilder<Measurement>();
    private readonly ImmutableArray<WeightGroup>.Builder weights = ImmutableArray.CreateBuilder<WeightGroup>();
    private int inputs;
    private int bits;
    private Guard? guard;
    private ImmutableArray<Condition> conditions = [];

    /// <summary>An empty circuit.</summary>
    /// <param name="wires">The number of wires, 1 to <see cref="Circuit.MaxWires"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer or more wires.</exception>
    public CircuitBuilder(int wires)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wires);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wires, Circuit.MaxWires);
        Wires = wires;
    }

    /// <summary>A circuit to go on with.</summary>
    internal CircuitBuilder(Circuit circuit)
        : this(circuit.Wires)
    {
        (inputs, bits) = (circuit.Inputs, circuit.Bits);
        weights.AddRange(circuit.WeightGroups);
        operations.AddRange(circuit.Operations);
        measurements.AddRange(circuit.Measurements);
    }

    /// <summary>The number of wires.</summary>
    public int Wires { get; }

    /// <summary>Declares <paramref name="count"/> further inputs of each sample and returns them as angles.</summary>
    public Angle[] Inputs(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var first = inputs;
        inputs += count;
        return [.. Enumerable.Range(first, count).Select(index => Angle.Input(index))];
    }

    /// <summary>Declares <paramref name="count"/> further classical bits, 0 at first, and returns their numbers.</summary>
    public int[] Bits(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var first = bits;
        bits += count;
        return [.. Enumerable.Range(first, count)];
    }

    /// <summary>Declares a named group of trainable weights: <c>var w = circuit.Weights("weights", layers, wires, 3)</c>.</summary>
    /// <param name="name">The parameter's name, unique, without dots.</param>
    /// <param name="shape">Its shape; each size at least 1.</param>
    /// <exception cref="ArgumentException">The name is empty, used or has a dot, a size is below 1, or there are too many.</exception>
    public WeightGroup Weights(string name, params ImmutableArray<int> shape)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal) || weights.Any(group => group.Name == name))
        {
            throw new ArgumentException($"'{name}': a group of weights has a name of its own, without dots.", nameof(name));
        }

        var first = weights.Sum(existing => existing.Count);
        if (shape.IsDefaultOrEmpty || shape.Any(size => size < 1) || shape.Aggregate(1.0, (product, size) => product * size) > int.MaxValue - first)
        {
            throw new ArgumentException(
                $"{name}[{(shape.IsDefault ? "" : string.Join(", ", shape))}]: a group of weights has a shape of sizes from 1, "
                + "and a circuit at most 2^31−1 weights.",
                nameof(shape));
        }

        var group = new WeightGroup(name, first, shape);
        weights.Add(group);
        return group;
    }

    /// <summary>What <paramref name="then"/> writes fires only for the samples where the guard holds.</summary>
    /// <exception cref="ArgumentException">The threshold is not a number: such a guard would never fire.</exception>
    /// <exception cref="NotSupportedException">Guards are nested: an operation has one predicate.</exception>
    public CircuitBuilder If(Guard condition, Action<CircuitBuilder> then)
    {
        ArgumentNullException.ThrowIfNull(then);
        if (guard is { } outer)
        {
            throw new NotSupportedException($"'{condition}' inside of '{outer}': an operation has one guard; combine the conditions in the layer before the circuit.");
        }

        if (double.IsNaN(condition.Threshold))
        {
            throw new ArgumentException($"'{condition}' would never fire: its threshold is not a number.", nameof(condition));
        }

        guard = condition;
        try
        {
            then(this);
        }
        finally
        {
            guard = null;
        }

        return this;
    }

    /// <summary>What <paramref name="then"/> writes fires only where measured bits spell a number; conditions nest, and all must hold.</summary>
    public CircuitBuilder When(Condition condition, Action<CircuitBuilder> then)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(then);
        var outer = conditions;
        conditions = outer.Add(condition);
        try
        {
            then(this);
        }
        finally
        {
            conditions = outer;
        }

        return this;
    }

    /// <summary>Measures a wire in the course of the circuit and writes the outcome to a classical bit.</summary>
    /// <param name="wire">The wire.</param>
    /// <param name="bit">The bit, of <see cref="Bits"/>.</param>
    public CircuitBuilder Measure(int wire, int bit)
    {
        operations.Add(new Operation(Gates.Measure, [wire], [], guard, bit, conditions));
        return this;
    }

    /// <summary>Brings a wire to |0⟩.</summary>
    public CircuitBuilder Reset(int wire) => Apply(Gates.Reset, [wire]);

    /// <summary>Keeps only what is <paramref name="value"/> on a wire: results are those given that it was measured so.</summary>
    public CircuitBuilder Postselect(int wire, bool value) => Apply(value ? Gates.Postselect1 : Gates.Postselect0, [wire]);

    /// <summary>No pass moves an operation of these wires across it; of all wires if none is named.</summary>
    public CircuitBuilder Barrier(params ReadOnlySpan<int> wires)
    {
        ImmutableArray<int> on = wires.IsEmpty ? [.. Enumerable.Range(0, Wires)] : [.. wires];
        return Apply(Gates.Barrier(on.Length), on);
    }

    /// <summary>Adds any gate.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="wires">Its wires.</param>
    /// <param name="angles">Its angles, radians.</param>
    /// <exception cref="ArgumentException">The number of wires or angles is not the gate's, a wire is negative or named twice, an angle not finite.</exception>
    public CircuitBuilder Apply(Gate gate, ImmutableArray<int> wires, params ImmutableArray<Angle> angles)
    {
        operations.Add(new Operation(gate, wires, angles, guard, null, conditions));
        return this;
    }

    /// <summary>Measures the expectation value of an observable.</summary>
    public CircuitBuilder Expect(PauliSum observable) => Measure(new Expectation(observable));

    /// <summary>Measures ⟨Z⟩ of these wires, each an output; of every wire if none is named.</summary>
    public CircuitBuilder ExpectZ(params ReadOnlySpan<int> wires)
    {
        var all = wires.IsEmpty ? [.. Enumerable.Range(0, Wires)] : wires.ToArray();
        foreach (var wire in all)
        {
            Expect(PauliWord.Z(wire));
        }

        return this;
    }

    /// <summary>Measures the probabilities of these wires' bit strings; of all wires if none is named.</summary>
    public CircuitBuilder Probabilities(params ReadOnlySpan<int> wires) =>
        Measure(new Probabilities(wires.IsEmpty ? [.. Enumerable.Range(0, Wires)] : [.. wires]));

    /// <summary>Adds any measurement.</summary>
    public CircuitBuilder Measure(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        measurements.Add(measurement);
        return this;
    }

    /// <summary>The circuit, checked and immutable. The builder may be used further.</summary>
    /// <exception cref="ArgumentException">Something refers to a wire, an input or a weight that is not there.</exception>
    public Circuit Build() => new(Wires, inputs, weights.ToImmutable(), operations.ToImmutable(), measurements.ToImmutable(), bits);
}
