// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Circuits in the shape of a tensor network: where its blocks lie, as data, and a delegate that writes each (Huggins et al.
/// 2018, arXiv:1803.11537; Grant et al. 2018, arXiv:1804.03680).
/// <code>
/// var blocks = TensorNetworks.Tree(wires: 8, blockWires: 2);
/// var w = circuit.Weights("w", blocks.Length, 2);
/// circuit.TensorNetwork(blocks, (block, wires, k) =&gt; block.RY(w[k, 0], wires[0]).RY(w[k, 1], wires[1]).CNOT(wires[0], wires[1]));
/// </code>
/// </summary>
public static class TensorNetworks
{
    /// <summary>Writes a block on each group of wires.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="blocks">The blocks' wires, in order: of <see cref="MatrixProduct"/>, <see cref="Tree"/>, <see cref="Mera"/> or one's own.</param>
    /// <param name="write">Writes a block, given its wires and its number.</param>
    public static CircuitBuilder TensorNetwork(
        this CircuitBuilder circuit, ImmutableArray<ImmutableArray<int>> blocks, Action<CircuitBuilder, ImmutableArray<int>, int> write)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(write);
        for (var k = 0; k < blocks.Length; k++)
        {
            write(circuit, blocks[k], k);
        }

        return circuit;
    }

    /// <summary>A matrix product state: blocks along the line, each <paramref name="offset"/> wires after the one before.</summary>
    /// <param name="wires">The number of wires.</param>
    /// <param name="blockWires">Wires a block, 2 or more, at most the number of wires.</param>
    /// <param name="offset">Wires from block to block; half of a block if 0.</param>
    public static ImmutableArray<ImmutableArray<int>> MatrixProduct(int wires, int blockWires = 2, int offset = 0)
    {
        Check(wires, blockWires);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, blockWires);
        var step = offset > 0 ? offset : blockWires / 2;
        return [.. Enumerable.Range(0, ((wires - blockWires) / step) + 1).Select(k => Range(k * step, blockWires))];
    }

    /// <summary>A tree: blocks side by side, then blocks on the second halves of two neighbours each, until one is left.</summary>
    /// <param name="wires">The number of wires, a power of two times <paramref name="blockWires"/>.</param>
    /// <param name="blockWires">Wires a block, even.</param>
    /// <exception cref="ArgumentException">There is no such tree.</exception>
    public static ImmutableArray<ImmutableArray<int>> Tree(int wires, int blockWires = 2)
    {
        CheckTree(wires, blockWires);
        var (blocks, left) = (ImmutableArray.CreateBuilder<ImmutableArray<int>>(), Range(0, wires));
        while (left.Length >= blockWires)
        {
            ImmutableArray<ImmutableArray<int>> layer = [.. left.Chunk(blockWires).Select(ImmutableArray.Create)];
            blocks.AddRange(layer);
            left = layer.Length == 1 ? [] : [.. layer.SelectMany(block => block[(blockWires / 2)..])];
        }

        return blocks.ToImmutable();
    }

    /// <summary>
    /// The multi-scale entanglement renormalization ansatz (Vidal 2006, arXiv:quant-ph/0610099), in PennyLane's order of wires: seen from its
    /// top, the last block, each block becomes two that share its halves with new wires, and blocks across the borders of a
    /// ring of those disentangle.
    /// </summary>
    /// <param name="wires">The number of wires, a power of two times <paramref name="blockWires"/>.</param>
    /// <param name="blockWires">Wires a block, even.</param>
    /// <exception cref="ArgumentException">There is no such tree.</exception>
    public static ImmutableArray<ImmutableArray<int>> Mera(int wires, int blockWires = 2)
    {
        CheckTree(wires, blockWires);
        var (half, next) = (blockWires / 2, blockWires);
        List<ImmutableArray<int>> layer = [Range(0, blockWires)];
        List<ImmutableArray<int>> blocks = [.. layer];
        while (next < wires)
        {
            var wider = new List<ImmutableArray<int>>();
            foreach (var block in layer)
            {
                wider.Add([.. block[..half], .. Range(next, half)]);
                wider.Add([.. Range(next + half, half), .. block[half..]]);
                next += blockWires;
            }

            layer = [.. wider.Select((block, k) => (ImmutableArray<int>)[.. block[half..], .. wider[(k + 1) % wider.Count][..half]])];
            blocks.AddRange(wider);
            blocks.AddRange(layer);
        }

        return [.. Enumerable.Reverse(blocks)];
    }

    private static ImmutableArray<int> Range(int first, int count) => [.. Enumerable.Range(first, count)];

    private static void Check(int wires, int blockWires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockWires, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(wires, blockWires);
    }

    private static void CheckTree(int wires, int blockWires)
    {
        Check(wires, blockWires);
        if (blockWires % 2 != 0 || wires % blockWires != 0 || !int.IsPow2(wires / blockWires))
        {
            throw new ArgumentException($"{wires} wires in blocks of {blockWires}: a tree has a power of two of blocks, each of an even number of wires.", nameof(wires));
        }
    }
}
