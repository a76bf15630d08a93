// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Qusp;

/// <summary>The shapes met so far, found by structure: operations up to their wires and sources, and what is measured.</summary>
internal sealed class ShapeTable
{
    private readonly Circuit circuit;
    private readonly int[] kind; // by operation: equal for operations that differ in wires, sources and guard only
    private readonly int[] sourceNumber; // by source: its number in the group at hand
    private readonly int[] sourceSeen; // by source: the last group that read it
    private readonly List<int> key = [];
    private readonly Dictionary<int[], Shape>.AlternateLookup<ReadOnlySpan<int>> shapes =
        new Dictionary<int[], Shape>(new SequenceComparer<int>()).GetAlternateLookup<ReadOnlySpan<int>>();

    private int stamp;

    public ShapeTable(Circuit circuit)
    {
        this.circuit = circuit;
        var kinds = new Dictionary<Operation, int>();
        kind = [.. circuit.Operations.Select(Bare).Select(bare => kinds.TryGetValue(bare, out var known) ? known : kinds[bare] = kinds.Count)];
        sourceNumber = new int[circuit.Inputs + circuit.Weights];
        sourceSeen = new int[sourceNumber.Length];
    }

    public int Count => shapes.Dictionary.Count;

    public void Clear() => shapes.Dictionary.Clear();

    /// <summary>The group's shape, new or known; fills the group's sources.</summary>
    public Shape Find(Group group, int[] local)
    {
        key.Clear();
        group.Sources.Clear();
        stamp++;
        key.Add(group.Operations.Count);
        foreach (var index in CollectionsMarshal.AsSpan(group.Operations))
        {
            var operation = circuit.Operations[index];
            key.Add(kind[index]);
            foreach (var wire in operation.Wires)
            {
                key.Add(local[wire]);
            }

            foreach (var angle in operation.Angles)
            {
                if (!angle.IsConstant)
                {
                    key.Add(Number(Source(angle), group.Sources));
                }
            }
        }

        key.AddRange(group.Measured);
        var found = CollectionsMarshal.AsSpan(key);
        if (!shapes.TryGetValue(found, out var shape))
        {
            shape = new Shape(shapes.Dictionary.Count, Write(group, local));
            shapes[found] = shape;
        }

        return shape;
    }

    private static Operation Bare(Operation operation) => operation.WithGuard(null)
        .WithWires([.. Enumerable.Range(0, operation.Wires.Length)])
        .WithAngles([.. operation.Angles.Select(angle => angle.IsConstant ? angle : Angle.Input(0, angle.Scale, angle.Offset))]);

    private int Source(Angle angle) => angle.Source == AngleSource.Input ? angle.Index : circuit.Inputs + angle.Index;

    private int Number(int source, List<int> sources)
    {
        if (sourceSeen[source] != stamp)
        {
            (sourceSeen[source], sourceNumber[source]) = (stamp, sources.Count);
            sources.Add(source);
        }

        return sourceNumber[source];
    }

    private Circuit Write(Group group, int[] local)
    {
        var operations = group.Operations.Select(index => circuit.Operations[index]).Select(operation => operation.WithGuard(null)
            .WithWires([.. operation.Wires.Select(wire => local[wire])])
            .WithAngles([.. operation.Angles.Select(angle =>
                angle.IsConstant ? angle : Angle.Input(sourceNumber[Source(angle)], angle.Scale, angle.Offset))]));
        var measurements = ImmutableArray.CreateBuilder<Measurement>();
        for (var at = 0; at < group.Measured.Count;)
        {
            var count = group.Measured[at++];
            var letters = group.Measured.GetRange(at, Math.Abs(count));
            at += letters.Count;
            measurements.Add(count < 0
                ? new Probabilities([.. letters.Select(letter => letter >> 8)])
                : new Expectation(PauliWord.Of(letters.Select(letter => (letter >> 8, (char)(letter & 0xff))))));
        }

        return new Circuit(group.Wires.Count, group.Sources.Count, [], [.. operations], measurements.ToImmutable(), circuit.Bits);
    }
}
