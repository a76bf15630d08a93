// SPDX-License-Identifier: Apache-2.0
using Qusp.Simulation.Sampling;

namespace Qusp.Gradients;

/// <summary>Where a program is in the cycles of a <see cref="GradientPruning"/>.</summary>
internal sealed class GradientPruningCycle(GradientPruning pruning, int weights)
{
    private readonly double[] magnitudes = new double[weights];
    private int pullback;

    private int Place => pullback % (pruning.Accumulated + pruning.Pruned);

    /// <summary>Which weights the next pullback shifts; null for all.</summary>
    public bool[]? Wanted()
    {
        if (Place < pruning.Accumulated || weights == 0)
        {
            return null;
        }

        // Without replacement, each with a probability of its magnitude: the largest of log(u)/magnitude (Efraimidis, Spirakis 2006).
        var count = Math.Max(1, (int)Math.Round((1 - pruning.Share) * weights));
        var keys = Enumerable.Range(0, weights).Select(w => Math.Log(Philox.Uniform(pruning.Seed, pullback, (uint)w, 0)) / Math.Max(magnitudes[w], double.Epsilon)).ToArray();
        var wanted = new bool[weights];
        foreach (var w in Enumerable.Range(0, weights).OrderByDescending(w => keys[w]).Take(count))
        {
            wanted[w] = true;
        }

        return wanted;
    }

    /// <summary>Ends a pullback with the derivatives it found.</summary>
    public void Done(ReadOnlySpan<double> gradient)
    {
        if (Place == 0)
        {
            Array.Clear(magnitudes);
        }

        for (var w = 0; w < weights && Place < pruning.Accumulated; w++)
        {
            magnitudes[w] += Math.Abs(gradient[w]);
        }

        pullback++;
    }
}
