// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// The expectations of Pauli words, all in one pass, block by block. Words that flip the same bits f share their products
/// <c>ψ[x] ψ*[x ⊕ f]</c>, of which each is a signed sum: <c>⟨P⟩ = i^{CountY} Σ_x (−1)^{parity(x &amp; Sign)} ψ[x] ψ*[x ⊕ f]</c>, by
/// the real parts where CountY is even, else by the imaginary parts. Back, cotangents make factors of ψ[x ⊕ f] in the same way.
/// </summary>
internal sealed unsafe class WordReadout<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int blockBits;
    private readonly Group[] groups;
    private readonly nint[] masks; // of each word: its signs
    private readonly nint[] squeezed; // the same without the bit by which its group is halved
    private readonly double[] sums; // of each word: its sum, or its cotangent
    private readonly (int Word, int Slot, int Output, double Coefficient, double Count)[] terms;
    private readonly double[] expectations;
    private readonly int[] outputs; // of each expectation

    /// <param name="readout">The measurements.</param>
    /// <param name="after">A permutation that is left undone between the state and diagonal measurements.</param>
    /// <param name="bits">n.</param>
    public WordReadout(Readout readout, IndexMap after, int bits)
    {
        blockBits = WordSums<V, T>.BlockBits(bits);
        (expectations, outputs) = (new double[readout.Expectations], [.. readout.Slots]);
        var (found, distinct, made) = (new List<Group>(), new List<nint>(), new List<(int, int, int, double, double)>());
        foreach (var terms in ((IEnumerable<ReadoutTerm>)[.. readout.Single, .. readout.Diagonal, .. readout.General])
            .GroupBy(term => (term.Flip, IsImaginary: term.CountY % 2 == 1)))
        {
            var group = new Group(terms.Key.Flip, terms.Key.IsImaginary, distinct.Count, terms.Select(Mask).Distinct().Count(), blockBits);
            found.Add(group);
            distinct.AddRange(terms.Select(Mask).Distinct());
            made.AddRange(terms.Select(term => (
                distinct.IndexOf(Mask(term), group.First), term.Slot, term.Output, Sign(term) * term.Coefficient, group.IsHalved ? 2.0 : 1)));
        }

        (groups, masks, this.terms) = ([.. found], [.. distinct], [.. made]);
        squeezed = [.. groups.SelectMany(group => distinct.GetRange(group.First, group.Count).Select(group.Squeeze))];
        sums = new double[masks.Length];

        nint Mask(ReadoutTerm term) => term.Flip == 0 ? after.Transposed(term.Sign) : term.Sign;
        int Sign(ReadoutTerm term) => (term.Flip == 0 ? IndexMap.Parity(term.Sign & after.Offset) == 1 : term.CountY is 1 or 2) ? -1 : 1;
    }

    /// <summary>The words' sums.</summary>
    public Span<double> Sums => sums;

    /// <summary>Adds a block's part of the words' sums.</summary>
    public void Add(Planes<V> state, nint block, V* scratch, Span<double> to)
    {
        foreach (ref readonly var group in groups.AsSpan())
        {
            if ((block & group.SkippedBlock) == 0)
            {
                FlipKernels<V, T>.Products(state, group.Flip, group.IsImaginary, blockBits, block, group.HalvedBit, scratch);
                WordSums<V, T>.Add(
                    (T*)scratch,
                    group.HalvedBit < 0 ? blockBits : blockBits - 1,
                    block,
                    squeezed.AsSpan(group.First, group.Count),
                    to.Slice(group.First, group.Count));
            }
        }
    }

    /// <summary>The expectations, from the sums over all blocks.</summary>
    /// <param name="results">All outputs.</param>
    /// <param name="norm">A factor of all.</param>
    public void Write(T* results, double norm)
    {
        Array.Clear(expectations);
        foreach (var (word, slot, _, coefficient, count) in terms)
        {
            expectations[slot] += coefficient * count * sums[word];
        }

        for (var slot = 0; slot < expectations.Length; slot++)
        {
            results[outputs[slot]] = T.CreateTruncating(norm * expectations[slot]);
        }
    }

    /// <summary>Takes the outputs' cotangents to the words, twice: once for the bra, once for the ket.</summary>
    public void TakeFrom(ReadOnlySpan<T> cotangents)
    {
        Array.Clear(sums);
        foreach (var (word, _, output, coefficient, _) in terms)
        {
            sums[word] += 2 * coefficient * double.CreateTruncating(cotangents[output]);
        }
    }

    /// <summary>Adds what a block of the adjoint state has from the words.</summary>
    public void Seed(Planes<V> adjoint, Planes<V> state, nint block, V* scratch)
    {
        foreach (ref readonly var group in groups.AsSpan())
        {
            WordSums<V, T>.Expand((T*)scratch, blockBits, block, masks.AsSpan(group.First, group.Count), sums.AsSpan(group.First, group.Count));
            FlipKernels<V, T>.AddTo(adjoint, state, group.Flip, group.IsImaginary, blockBits, block, scratch);
        }
    }

    // Words that flip the same bits. x and x ⊕ f have the same part in each sum, so that those x with f's highest bit 0 are
    // enough: half the blocks, or half of each, unless it is within a vector.
    private readonly struct Group
    {
        public readonly nint Flip;
        public readonly bool IsImaginary;
        public readonly int First;
        public readonly int Count;
        public readonly int HalvedBit; // of a block, or −1
        public readonly nint SkippedBlock; // the bit of those that need not be looked at

        public Group(nint flip, bool isImaginary, int first, int count, int blockBits)
        {
            (Flip, IsImaginary, First, Count) = (flip, isImaginary, first, count);
            var highest = flip == 0 ? -1 : BitOperations.Log2((nuint)flip);
            HalvedBit = highest >= LaneConstants<V, T>.Bits && highest < blockBits ? highest : -1;
            SkippedBlock = highest >= blockBits ? (nint)1 << (highest - blockBits) : 0;
        }

        public bool IsHalved => HalvedBit >= 0 || SkippedBlock != 0;

        public nint Squeeze(nint mask)
        {
            var below = ((nint)1 << Math.Max(0, HalvedBit)) - 1;
            return HalvedBit < 0 ? mask : (mask & below) | ((mask >> 1) & ~below);
        }
    }
}
