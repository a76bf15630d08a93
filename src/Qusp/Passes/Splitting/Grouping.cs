// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Qusp;

/// <summary>
/// Groups operations by the wires that they connect, as far as the looks see them, and writes the groups as parts of a split.
/// All of its memory is kept from call to call.
/// </summary>
internal sealed partial class Grouping
{
    private readonly Circuit circuit;
    private readonly Causality causality;
    private readonly ShapeTable shapes;
    private readonly Absorption absorption;
    private readonly Sight[] sight;
    private readonly int[] parent; // of wires, then of classical bits
    private readonly int[] group; // by wire: its group, or −1
    private readonly int[] local; // by wire: its number in the group
    private readonly int[] kept;
    private readonly List<Group> groups = [];
    private readonly List<(int Group, int Value)> factors = [];
    private readonly List<(int Look, int First, int Count)> answers = [];
    private readonly List<int> reached = [];
    private readonly List<int> values = [];
    private Look[] asked = [];
    private int askedCount;
    private int keptCount;
    private int groupCount;

    public Grouping(Circuit circuit, Causality causality)
    {
        (this.circuit, this.causality) = (circuit, causality);
        Looks = Look.Of(circuit);
        shapes = new ShapeTable(circuit);
        absorption = new Absorption(circuit, Looks.Length);
        sight = new Sight[circuit.Wires];
        parent = new int[circuit.Wires + circuit.Bits];
        group = new int[circuit.Wires];
        local = new int[circuit.Wires];
        kept = new int[circuit.Operations.Length];
    }

    /// <summary>All that the circuit measures.</summary>
    public Look[] Looks { get; }

    /// <summary>Whether there are Clifford operations, which the observables may take in.</summary>
    public bool CanAbsorb => absorption.IsPossible;

    public int ShapeCount => shapes.Count;

    public void Forget() => shapes.Clear();

    /// <summary>Groups the operations that the looks see.</summary>
    /// <param name="operations">Indices of operations, in order.</param>
    /// <param name="looks">What is measured.</param>
    /// <param name="absorb">Whether the looks take in the Clifford operations at the end.</param>
    /// <returns>The work of simulating all groups, in amplitudes times operations, and the wires of the largest.</returns>
    public (double Work, int Largest) Group(ReadOnlySpan<int> operations, ReadOnlySpan<Look> looks, bool absorb)
    {
        Array.Clear(sight);
        foreach (ref readonly var look in looks)
        {
            See(look);
        }

        operations.CopyTo(kept);
        var seen = causality.KeepSeen(kept.AsSpan(0, operations.Length), sight);
        kept.AsSpan(operations.Length - seen, seen).CopyTo(kept);
        keptCount = seen;
        if (asked.Length < looks.Length)
        {
            asked = new Look[looks.Length];
        }

        looks.CopyTo(asked);
        askedCount = looks.Length;
        if (absorb)
        {
            keptCount = absorption.Absorb(kept.AsSpan(0, keptCount), asked.AsSpan(0, askedCount));
        }

        Join();
        var (work, largest) = Number();
        foreach (ref readonly var look in asked.AsSpan(0, askedCount))
        {
            work += look.Word?.Letters.Length ?? 0; // a factor for each, at worst
        }

        return (work, largest);
    }

    private void See(in Look look)
    {
        if (look.Word is { } word)
        {
            Causality.Look(word, sight);
        }

        foreach (var wire in look.Distribution)
        {
            sight[wire] = sight[wire] > Sight.Diagonal ? sight[wire] : Sight.Diagonal;
        }
    }

    private void Join()
    {
        for (var i = 0; i < parent.Length; i++)
        {
            parent[i] = i;
        }

        foreach (var index in kept.AsSpan(0, keptCount))
        {
            var operation = circuit.Operations[index];
            var first = operation.Wires[0];
            foreach (var wire in operation.Wires)
            {
                Unite(first, wire);
            }

            if (operation.Bit is { } bit)
            {
                Unite(first, circuit.Wires + bit);
            }

            foreach (var condition in operation.Conditions)
            {
                foreach (var read in condition.Bits)
                {
                    Unite(first, circuit.Wires + read);
                }
            }
        }
    }

    // Wires and groups are numbered in the order in which operations use them, so equal circuits elsewhere get equal numbers.
    private (double Work, int Largest) Number()
    {
        Array.Fill(group, -1);
        groupCount = 0;
        foreach (var index in kept.AsSpan(0, keptCount))
        {
            var wires = circuit.Operations[index].Wires;
            ref var number = ref group[Root(wires[0])];
            if (number < 0)
            {
                number = groupCount++;
                if (groups.Count < groupCount)
                {
                    groups.Add(new Group());
                }

                groups[number].Clear();
            }

            var one = groups[number];
            one.Operations.Add(index);
            foreach (var wire in wires)
            {
                if (!one.Has(wire, local))
                {
                    local[wire] = one.Wires.Count;
                    one.Wires.Add(wire);
                }
            }
        }

        var (work, largest) = (0.0, 0);
        for (var g = 0; g < groupCount; g++)
        {
            var one = groups[g];
            foreach (var wire in CollectionsMarshal.AsSpan(one.Wires))
            {
                group[wire] = g;
            }

            work += Math.ScaleB(one.Operations.Count, one.Wires.Count);
            largest = Math.Max(largest, one.Wires.Count);
        }

        return (work, largest);
    }

    private int Root(int node)
    {
        while (parent[node] != node)
        {
            node = parent[node] = parent[parent[node]];
        }

        return node;
    }

    // The first is a wire, and so is its root: a group is known by a wire.
    private void Unite(int first, int second) => parent[Root(second)] = Root(first);
}
