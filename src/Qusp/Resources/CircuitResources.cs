// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Qusp;

/// <summary>What a circuit is made of and how long it is.</summary>
public sealed record CircuitResources
{
    /// <summary>The number of wires.</summary>
    public required int Wires { get; init; }

    /// <summary>How many operations there are of each gate, channel or other row, by the row's name; barriers are left out.</summary>
    public required ImmutableSortedDictionary<string, int> Operations { get; init; }

    /// <summary>The number of gates: operations that are unitary.</summary>
    public required int Gates { get; init; }

    /// <summary>The gates on two or more wires.</summary>
    public required int TwoQubitGates { get; init; }

    /// <summary>The operations that hang on a guard.</summary>
    public required int GuardedOperations { get; init; }

    /// <summary>The angles that vary with inputs or weights.</summary>
    public required int Parameters { get; init; }

    /// <summary>
    /// The length of the longest chain of operations that must follow one another, because they share a wire or because one
    /// reads a bit that the other has written. Barriers have no length but keep order; global phases have none.
    /// </summary>
    public required int Depth { get; init; }

    /// <summary>The same, of gates on two or more wires alone.</summary>
    public required int TwoQubitDepth { get; init; }

    /// <summary>A table in text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line("wires", Wires);
        Line("gates", Gates);
        foreach (var (name, count) in Operations)
        {
            Line("  " + name, count);
        }

        Line("on two or more wires", TwoQubitGates);
        Line("guarded", GuardedOperations);
        Line("parameters", Parameters);
        Line("depth", Depth);
        Line("depth in gates of two", TwoQubitDepth);
        return text.ToString();

        void Line(string name, int value) => text.Append(CultureInfo.InvariantCulture, $"{name,-24}{value,10}\n");
    }
}

/// <summary>Counts what circuits are made of.</summary>
public static class ResourceCounting
{
    /// <summary>The resources if every guard holds and every condition too: the worst case.</summary>
    /// <param name="circuit">The circuit.</param>
    public static CircuitResources Resources(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return Count(circuit, circuit.Operations);
    }

    /// <summary>The resources of one sample: operations whose guard is off are not there.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <exception cref="ArgumentException">Not as many inputs as the circuit has.</exception>
    public static CircuitResources Resources(this Circuit circuit, ReadOnlySpan<double> inputs)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (inputs.Length != circuit.Inputs)
        {
            throw new ArgumentException($"inputs holds {inputs.Length} numbers; the circuit takes {circuit.Inputs} a sample.", nameof(inputs));
        }

        var fired = new List<Operation>();
        foreach (var operation in circuit.Operations)
        {
            if (operation.Guard?.Fires(inputs) ?? true)
            {
                fired.Add(operation);
            }
        }

        return Count(circuit, fired);
    }

    private static CircuitResources Count(Circuit circuit, IReadOnlyList<Operation> operations) => new()
    {
        Wires = circuit.Wires,
        Operations = operations.Where(operation => operation.Gate.Kind != GateKind.Barrier).CountBy(operation => operation.Gate.Name)
            .ToImmutableSortedDictionary(count => count.Key, count => count.Value, StringComparer.Ordinal),
        Gates = operations.Count(operation => operation.IsGate),
        TwoQubitGates = operations.Count(operation => operation.IsTwoQubitGate),
        GuardedOperations = operations.Count(operation => operation.Guard is not null),
        Parameters = operations.Sum(operation => operation.Angles.Count(angle => !angle.IsConstant)),
        Depth = Depth(circuit, operations, operation => operation.Gate.Kind == GateKind.Barrier || operation.Gate.Equals(Gates.GlobalPhase) ? 0 : 1),
        TwoQubitDepth = Depth(circuit, operations, operation => operation.IsTwoQubitGate ? 1 : 0),
    };

    // The longest path: each wire and each bit knows when it is free.
    private static int Depth(Circuit circuit, IReadOnlyList<Operation> operations, Func<Operation, int> length)
    {
        var (wires, bits) = (new int[circuit.Wires], new int[circuit.Bits]);
        foreach (var operation in operations)
        {
            int[] touched = [.. operation.Bit is { } bit ? [bit] : Array.Empty<int>(), .. operation.Conditions.SelectMany(condition => condition.Bits)];
            var end = length(operation) + Math.Max(operation.Wires.Max(wire => wires[wire]), touched.Length == 0 ? 0 : touched.Max(b => bits[b]));
            foreach (var wire in operation.Wires)
            {
                wires[wire] = end;
            }

            foreach (var b in touched)
            {
                bits[b] = end;
            }
        }

        return wires.Concat(bits).Max();
    }
}
