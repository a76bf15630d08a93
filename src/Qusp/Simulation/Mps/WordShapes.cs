// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>A <see cref="WordSum"/> without its numbers.</summary>
/// <param name="state">The state that the words act on.</param>
/// <param name="words">The letters of each word by site.</param>
internal sealed class WordShapes(ChainShape state, (int Site, char Pauli)[][] words)
{
    /// <summary>For each cut, left of a site, the terms A ⊗ B that the sum of the words is made of.</summary>
    public double[] Ranks { get; } = [.. Enumerable.Range(0, state.Sites + 1).Select(cut => RankAt(words, cut))];

    /// <summary>The sum as it is built: a few words at a time, compressed after each.</summary>
    /// <returns>A chain with the work that it took; null if there are no words.</returns>
    public ChainShape? Build()
    {
        var result = default(ChainShape);
        var within = words.Where(word => word.Length < 2).ToArray();
        foreach (var chunk in words.Where(word => word.Length > 1).OrderBy(word => word[0].Site).Chunk(WordSum.WordsAtOnce).DefaultIfEmpty([]))
        {
            if (within.Length + chunk.Length == 0)
            {
                continue;
            }

            (int, char)[][] at = [.. within, .. chunk];
            var sum = Chain(cut => 2 + Open(chunk, cut));
            sum.Compress(cut => RankAt(at, cut) * state.Bond(cut));
            if (result is not null)
            {
                var (before, now) = (result, sum);
                sum = Chain(cut => (before.Bond(cut) + now.Bond(cut)) / state.Bond(cut));
                sum.Add(before);
                sum.Add(now);
                sum.Compress(cut => Ranks[cut] * state.Bond(cut));
            }

            (result, within) = (sum, []);
        }

        return result;
    }

    // A chain whose bonds are those of the state times so many.
    private ChainShape Chain(Func<int, double> times)
    {
        var chain = new ChainShape([.. Enumerable.Range(0, state.Sites + 1).Select(cut => cut == 0 || cut == state.Sites ? 1 : times(cut) * state.Bond(cut))], state.Sites - 1);
        chain.Write();
        return chain;
    }

    private static int Open((int Site, char Pauli)[][] words, int cut) => words.Count(word => word[0].Site < cut && cut <= word[^1].Site);

    private static double RankAt((int Site, char Pauli)[][] words, int cut)
    {
        var (before, after) = (0, 0);
        var (lefts, rights) = (new HashSet<string>(), new HashSet<string>());
        foreach (var word in words)
        {
            if (word.Length == 0 || word[^1].Site < cut)
            {
                before = 1;
            }
            else if (word[0].Site >= cut)
            {
                after = 1;
            }
            else
            {
                lefts.Add(string.Join(' ', word.Where(letter => letter.Site < cut)));
                rights.Add(string.Join(' ', word.Where(letter => letter.Site >= cut)));
            }
        }

        return Math.Max(1, before + after + Math.Min(lefts.Count, rights.Count));
    }
}
