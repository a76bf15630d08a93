// SPDX-License-Identifier: Apache-2.0

namespace Qusp;

/// <summary>
/// The sweep behind the passes that join two operations: each operation looks back along its wires, past those that commute
/// with it, for one that it joins; the result stands where the earlier one stood.
/// </summary>
internal static class Joining
{
    /// <summary>Joins pairs until there are none left.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="join">
    /// What an earlier and a later operation become, which are no walls, have the same guard and would follow one another:
    /// an operation on the earlier one's wires, or nothing; false if they do not join.
    /// </param>
    public static Circuit JoinPairs(this Circuit circuit, TryJoin join)
    {
        var operations = circuit.Operations.ToList<Operation?>();
        while (Sweep(circuit.Wires, operations, join))
        {
            operations.RemoveAll(operation => operation is null);
        }

        return operations.Count == circuit.Operations.Length ? circuit : circuit.WithOperations([.. operations.Select(operation => operation!)]);
    }

    private static bool Sweep(int wires, List<Operation?> operations, TryJoin join)
    {
        var found = false;
        var onWire = Enumerable.Range(0, wires).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < operations.Count; i++)
        {
            var later = operations[i]!;
            if (!Commutation.IsWall(later) && Partner(operations, onWire, later, join) is { } partner)
            {
                (operations[partner.Index], operations[i]) = (partner.Joined, null);
                found = true;
                continue;
            }

            foreach (var wire in later.Wires)
            {
                onWire[wire].Add(i);
            }
        }

        return found;
    }

    private static (int Index, Operation? Joined)? Partner(List<Operation?> operations, List<int>[] onWire, Operation later, TryJoin join)
    {
        // The wires' histories, merged backwards.
        var next = later.Wires.Select(wire => onWire[wire].Count - 1).ToArray();
        while (true)
        {
            var index = -1;
            for (var k = 0; k < next.Length; k++)
            {
                index = next[k] >= 0 ? Math.Max(index, onWire[later.Wires[k]][next[k]]) : index;
            }

            if (index < 0)
            {
                return null;
            }

            for (var k = 0; k < next.Length; k++)
            {
                next[k] -= next[k] >= 0 && onWire[later.Wires[k]][next[k]] == index ? 1 : 0;
            }

            if (operations[index] is not { } earlier)
            {
                continue;
            }

            if (!Commutation.IsWall(earlier) && earlier.Guard == later.Guard && join(earlier, later, out var joined))
            {
                return (index, joined);
            }

            if (!Commutation.Commute(earlier, later))
            {
                return null;
            }
        }
    }
}

/// <summary>Tells what two operations that follow one another are together; see <see cref="Joining.JoinPairs"/>.</summary>
internal delegate bool TryJoin(Operation earlier, Operation later, out Operation? joined);
