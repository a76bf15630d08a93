// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// <c>Σ c_P P|ψ⟩</c> as a state: each word is a path through a few states of an automaton that runs along the sites (before its first letter, within, done), and a
/// bond of the result is an automaton's state beside a bond of ψ. The result is compressed, a few words at a time.
/// </summary>
internal static class WordSum
{
    internal const int WordsAtOnce = 16;

    /// <summary>The sum; null if all coefficients are 0.</summary>
    public static MpsState? Of(MpsState state, IEnumerable<(double Coefficient, PauliWord Word)> terms)
    {
        var words = terms.Where(term => term.Coefficient != 0).Select(term => new Placed(state, term.Coefficient, term.Word)).ToArray();
        var result = default(MpsState);
        var within = words.Where(word => word.First == word.Last).ToArray(); // these share one automaton state, however many
        foreach (var chunk in words.Where(word => word.First < word.Last).OrderBy(word => word.First).Chunk(WordsAtOnce).DefaultIfEmpty([]))
        {
            if (within.Length + chunk.Length == 0)
            {
                continue;
            }

            var sum = Path(state, [.. within, .. chunk]);
            sum.Compress();
            result = result is null ? sum : Add(result, sum);
            within = [];
        }

        return result;
    }

    private static MpsState Path(MpsState state, Placed[] words)
    {
        var tensors = new MpsTensor[state.Sites];
        List<Placed?> from = [null]; // null is "before"; Done is "done"
        for (var site = 0; site < tensors.Length; site++)
        {
            var isLast = site == tensors.Length - 1;
            List<Placed?> to = [.. isLast ? (Placed?[])[] : [null], Placed.Done, .. words.Where(word => word.First <= site && site < word.Last)];
            var old = state.Tensor(site);
            var made = new MpsTensor(from.Count * old.Left, 2, to.Count * old.Right);
            for (var f = 0; f < from.Count; f++)
            {
                for (var t = 0; t < to.Count; t++)
                {
                    if (Step(words, site, from[f], to[t]) is { } matrix)
                    {
                        Write(made, old.Apply(matrix), f * old.Left, t * old.Right);
                    }
                }
            }

            (tensors[site], from) = (made, to);
        }

        // The last bond has the state "done" alone.
        return state.With(tensors);
    }

    private static Complex[,]? Step(Placed[] words, int site, Placed? from, Placed? to)
    {
        if (from == to)
        {
            return from is null || from == Placed.Done ? MatrixAlgebra.Identity(2) : from.Matrix(site);
        }

        if (from is null && to == Placed.Done)
        {
            var here = words.Where(word => word.First == site && word.Last == site).ToArray();
            var matrices = here.Select(word => MatrixAlgebra.Scale(word.Matrix(site), word.Coefficient));
            return here.Length == 0 ? null : matrices.Aggregate((a, b) => MatrixAlgebra.Add(a, b, 1));
        }

        if (from is null && to is not null && to.First == site)
        {
            return MatrixAlgebra.Scale(to.Matrix(site), to.Coefficient);
        }

        return from is not null && from != Placed.Done && to == Placed.Done && from.Last == site ? from.Matrix(site) : null;
    }

    private static MpsState Add(MpsState left, MpsState right)
    {
        var tensors = new MpsTensor[left.Sites];
        for (var site = 0; site < tensors.Length; site++)
        {
            var (a, b) = (left.Tensor(site), right.Tensor(site));
            var (isFirst, isLast) = (site == 0, site == tensors.Length - 1);
            tensors[site] = new MpsTensor(isFirst ? 1 : a.Left + b.Left, 2, isLast ? 1 : a.Right + b.Right);
            Write(tensors[site], a, 0, 0);
            Write(tensors[site], b, isFirst ? 0 : a.Left, isLast ? 0 : a.Right);
        }

        var sum = left.With(tensors);
        sum.Compress();
        return sum;
    }

    private static void Write(MpsTensor target, MpsTensor block, int left, int right)
    {
        for (var l = 0; l < block.Left; l++)
        {
            for (var s = 0; s < 2; s++)
            {
                for (var r = 0; r < block.Right; r++)
                {
                    target[left + l, s, right + r] += block[l, s, r];
                }
            }
        }
    }

    // A word's letters by site; the identity stands on the first.
    private sealed class Placed
    {
        private readonly Dictionary<int, Complex[,]> letters = [];

        public Placed(MpsState state, double coefficient, PauliWord word)
        {
            Coefficient = coefficient;
            foreach (var (wire, pauli) in word.Letters)
            {
                letters[state.SiteOf(wire)] = MpsState.Letter(pauli);
            }

            (First, Last) = letters.Count > 0 ? (letters.Keys.Min(), letters.Keys.Max()) : (0, 0);
        }

        private Placed()
        {
        }

        public static Placed Done { get; } = new();

        public double Coefficient { get; }

        public int First { get; }

        public int Last { get; }

        public Complex[,] Matrix(int site) => letters.TryGetValue(site, out var letter) ? letter : MatrixAlgebra.Identity(2);
    }
}
