// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// <c>Σ c_P P|ψ⟩</c> as a state: each word is a path through a few states of an automaton that runs along the sites (before its first letter, within, done), and a
/// bond of the result is an automaton's state beside a bond of ψ. The result is compressed, a few words at a time.
/// </summary>
internal sealed class WordSum
{
    internal const int WordsAtOnce = 16;
    private const int Before = -1, Done = -2; // states of the automaton; others are words

    private readonly MpsWord[] words;
    private readonly double[] coefficients;
    private readonly (int First, int Last)[] spans; // of each word, in sites
    private readonly int[] order; // words of several sites by their first, then those of one site, which share one automaton state, however many
    private readonly long[] keys;
    private readonly int[] from = new int[WordsAtOnce + 2];
    private readonly int[] to = new int[WordsAtOnce + 2];
    private readonly Complex[,] step = new Complex[2, 2];
    private readonly MpsState[] states;

    public WordSum(MpsWord[] words, int wires, MpsLimits limits, MpsScratch scratch)
    {
        this.words = words;
        (coefficients, spans) = (new double[words.Length], new (int, int)[words.Length]);
        (order, keys) = (new int[words.Length], new long[words.Length]);
        states = [.. Enumerable.Range(0, 3).Select(_ => new MpsState(wires, limits, scratch))];
    }

    /// <summary>The coefficient of each word.</summary>
    public Span<double> Coefficients => coefficients;

    /// <summary>The sum, valid until the next call; null if all coefficients are 0.</summary>
    public MpsState? Of(MpsState state)
    {
        var (used, several) = Place(state);
        var singles = order.AsSpan(several, used - several);
        var (result, part, spare) = (default(MpsState), states[0], states[1]);
        for (var at = 0; at < several || (result is null && used > 0);)
        {
            var count = Math.Min(WordsAtOnce, several - at);
            var chunk = order.AsSpan(at, count);
            Path(state, part, chunk, result is null ? singles : []);
            part.Compress();
            at += count;
            if (result is null)
            {
                (result, part) = (part, states[2]);
            }
            else
            {
                SetSum(spare, result, part);
                (result, spare) = (spare, result);
            }
        }

        return result;
    }

    // The words that count in their order, and how many of them have several sites.
    private (int Used, int Several) Place(MpsState state)
    {
        var (used, several) = (0, 0);
        for (var w = 0; w < words.Length; w++)
        {
            if (coefficients[w] == 0)
            {
                continue;
            }

            var (first, last) = (state.Sites, -1);
            foreach (var (wire, _) in words[w].Letters)
            {
                var site = state.SiteOf(wire);
                (first, last) = (Math.Min(first, site), Math.Max(last, site));
            }

            spans[w] = last < 0 ? (0, 0) : (first, last); // the identity stands on the first site
            var isSingle = spans[w].First == spans[w].Last;
            several += isSingle ? 0 : 1;
            (keys[used], order[used++]) = (((isSingle ? (long)state.Sites : spans[w].First) * words.Length) + w, w);
        }

        keys.AsSpan(0, used).Sort(order.AsSpan(0, used));
        return (used, several);
    }

    // The automaton's states beside the bonds of ψ.
    private void Path(MpsState state, MpsState part, ReadOnlySpan<int> chunk, ReadOnlySpan<int> singles)
    {
        part.SetPlaces(state);
        var froms = 1;
        from[0] = Before;
        for (var site = 0; site < state.Sites; site++)
        {
            var tos = 0;
            if (site < state.Sites - 1)
            {
                to[tos++] = Before;
            }

            to[tos++] = Done; // the last bond has this state alone
            foreach (var w in chunk)
            {
                if (spans[w].First <= site && site < spans[w].Last)
                {
                    to[tos++] = w;
                }
            }

            var old = state.Tensor(site);
            var made = part.Tensor(site);
            made.Shape(froms * old.Left, 2, tos * old.Right).Clear();
            for (var f = 0; f < froms; f++)
            {
                for (var t = 0; t < tos; t++)
                {
                    if (Step(from[f], to[t], site, state.WireAt(site), singles))
                    {
                        for (var row = 0; row < old.Left; row++)
                        {
                            made.AddApplied(step, old, row, (f * old.Left) + row, t * old.Right);
                        }
                    }
                }
            }

            to.CopyTo(from, 0);
            froms = tos;
        }
    }

    // The matrix of a step of the automaton; false if there is no such step.
    private bool Step(int before, int after, int site, int wire, ReadOnlySpan<int> singles)
    {
        Array.Clear(step);
        switch (before, after)
        {
            case (Before, Before) or (Done, Done):
                (step[0, 0], step[1, 1]) = (1, 1);
                return true;
            case (Before, Done):
                var any = false;
                foreach (var w in singles)
                {
                    if (spans[w].First == site)
                    {
                        AddLetter(w, wire, coefficients[w]);
                        any = true;
                    }
                }

                return any;
            case (Before, >= 0) when spans[after].First == site:
                AddLetter(after, wire, coefficients[after]);
                return true;
            case (>= 0, _) when before == after || (after == Done && spans[before].Last == site):
                AddLetter(before, wire, 1);
                return true;
            default:
                return false;
        }
    }

    private void AddLetter(int word, int wire, double factor)
    {
        var letter = words[word].On(wire);
        for (var r = 0; r < 2; r++)
        {
            for (var c = 0; c < 2; c++)
            {
                step[r, c] += factor * letter[r, c];
            }
        }
    }

    // Blocks on the diagonal.
    private void SetSum(MpsState sum, MpsState left, MpsState right)
    {
        sum.SetPlaces(left);
        for (var site = 0; site < sum.Sites; site++)
        {
            var (a, b) = (left.Tensor(site), right.Tensor(site));
            var (isFirst, isLast) = (site == 0, site == sum.Sites - 1);
            sum.Tensor(site).Shape(isFirst ? 1 : a.Left + b.Left, 2, isLast ? 1 : a.Right + b.Right).Clear();
            (step[0, 0], step[0, 1], step[1, 0], step[1, 1]) = (1, 0, 0, 1);
            AddBlock(a, sum.Tensor(site), 0, 0);
            AddBlock(b, sum.Tensor(site), isFirst ? 0 : a.Left, isLast ? 0 : a.Right);
        }

        sum.Compress();
        sum.AddDiscarded(left.Discarded + right.Discarded);
    }

    private void AddBlock(MpsTensor block, MpsTensor target, int row, int column)
    {
        for (var k = 0; k < block.Left; k++)
        {
            target.AddApplied(step, block, k, row + k, column);
        }
    }
}
