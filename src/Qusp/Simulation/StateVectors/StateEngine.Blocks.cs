// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// Blocks of a few wires, forward and back.
internal sealed unsafe partial class StateEngine<V, T>
{
    private const long CachedBytes = 8 << 20; // smaller states stay in the last cache, as measured
    private const int BackGroups = 32; // of both states, in the first cache while their overlap is taken and the block undone

    // Blocks in a row whose wires are within the cache run while each part of the state is there. Returns the pass behind them.
    private int Blocks(int first)
    {
        var last = first;
        do
        {
            ((ReadyBlock<V, T>)program.Passes[last]).Fill(arguments);
            last++;
        }
        while (IsInner(last - 1) && last < program.Passes.Length && IsInner(last));
        (current.Pass, current.LastPass) = (first, last);
        Each(Work.Blocks);
        return last;
    }

    private bool IsCached => vectors * sizeof(V) * (plan.IsReal ? 1 : 2) <= CachedBytes;

    private bool IsInner(int pass) => program.Passes[pass] is ReadyBlock<V, T> block && block.Forward.HighestBit < BlockBits(bits);

    private void Blocks(int chunk, int slot)
    {
        if (!IsInner(current.Pass))
        {
            var kernel = ((ReadyBlock<V, T>)program.Passes[current.Pass]).Forward;
            var (from, until) = Part(chunk, vectors >> kernel.GroupBits);
            Apply(kernel, state, from, until, slot, IsCached);
            return;
        }

        var blockBits = BlockBits(bits);
        var (first, last) = Part(chunk, (nint)1 << (bits - blockBits));
        for (var block = first; block < last; block++)
        {
            for (var pass = current.Pass; pass < current.LastPass; pass++)
            {
                var kernel = ((ReadyBlock<V, T>)program.Passes[pass]).Forward;
                var groups = (nint)1 << (blockBits - LaneConstants<V, T>.Bits - kernel.GroupBits);
                Apply(kernel, state, block * groups, (block + 1) * groups, slot, IsCached || pass > current.Pass);
            }
        }
    }

    private void ReverseBlock(ReadyBlock<V, T> block, int pass, bool stateStays)
    {
        block.FillBack();
        (current.Pass, current.StateStays) = (pass, stateStays);
        var found = Derivatives(2 * block.Overlap.Length);
        Sum(Work.ReverseBlock, found);
        if (!block.Varies)
        {
            return;
        }

        for (var k = 0; k < block.Overlap.Length; k++)
        {
            block.Overlap[k] = new Complex(found[2 * k], found[(2 * k) + 1]);
        }

        var derivatives = block.Matrix.Derivatives(block.Overlap);
        for (var k = 0; k < derivatives.Length; k++)
        {
            if (block.Matrix.Factors[k] is { Angle: >= 0 } factor)
            {
                Add(factor.Angle, factor.Factor * plan.Angles[factor.Angle].GeneratorScale * scale * scale * derivatives[k]);
            }
        }
    }

    private void ReverseBlock(int chunk, int slot)
    {
        var block = (ReadyBlock<V, T>)program.Passes[current.Pass];
        var kernel = block.Back!;
        var (first, last) = Part(chunk, vectors >> kernel.GroupBits);
        for (var from = first; from < last; from += BackGroups)
        {
            var until = Math.Min(last, from + BackGroups);
            if (block.Varies && plan.IsReal)
            {
                kernel.Overlap<RealField>(state, adjoint, from, until, SumsOf(chunk), IsCached);
            }
            else if (block.Varies)
            {
                kernel.Overlap<ComplexField>(state, adjoint, from, until, SumsOf(chunk), IsCached);
            }

            if (!current.StateStays)
            {
                Apply(kernel, state, from, until, slot, IsCached);
            }

            Apply(kernel, adjoint, from, until, slot, IsCached);
        }
    }

    private void Apply(BlockKernel<V, T> kernel, Planes<V> planes, nint first, nint last, int slot, bool isCached)
    {
        var columns = (V*)scratch[slot].Start;
        if (plan.IsReal)
        {
            kernel.Apply<RealField>(planes, first, last, columns, isCached);
        }
        else
        {
            kernel.Apply<ComplexField>(planes, first, last, columns, isCached);
        }
    }
}
