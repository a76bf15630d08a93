// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Dynamic;

/// <summary>The programs of the structures used last, at most so many; what is dropped stays in the ledger.</summary>
internal sealed class StructureCache<T>(Func<Circuit, IProgram<T>> compile, int capacity) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Circuit, LinkedListNode<IProgram<T>>> known = [];
    private readonly LinkedList<IProgram<T>> lastUsed = []; // the latest first
    private Cost dropped;

    /// <summary>What all programs have executed.</summary>
    public Cost Cost => lastUsed.Aggregate(dropped, (sum, program) => sum + program.Cost);

    /// <summary>The structure's program; it is good until the next call.</summary>
    public IProgram<T> Get(Circuit structure)
    {
        if (known.TryGetValue(structure, out var node))
        {
            lastUsed.Remove(node);
            lastUsed.AddFirst(node);
            return node.Value;
        }

        if (known.Count == capacity)
        {
            var oldest = lastUsed.Last!.Value;
            lastUsed.RemoveLast();
            known.Remove(oldest.Circuit);
            dropped += oldest.Cost;
            oldest.Dispose();
        }

        var program = compile(structure);
        known.Add(structure, lastUsed.AddFirst(program));
        return program;
    }

    public void Dispose()
    {
        foreach (var program in lastUsed)
        {
            program.Dispose();
        }
    }
}
