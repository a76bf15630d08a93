// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Sampling;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// A million shots from 2^n amplitudes. Used: inversion of each shot's uniform number by a guide into cumulative sums. Lost:
/// an alias table (Walker 1977, Vose 1991); sorted uniform numbers merged with the sums in one pass, as qsim does; bisection.
/// Bisection and merging use the same numbers, so they give the same outcomes (merging in another order); the alias table is
/// the same distribution, which its own cells prove.
/// </summary>
public class DrawsByAlias : TwoDesigns
{
    private const int Shots = 1_000_000;
    private readonly ShotSampler sampler = new(threads: 1);
    private readonly uint[] outcomes = new uint[Shots];
    private readonly double[] uniforms = new double[Shots];
    private double[] re = [], im = [], cumulative = [], threshold = [];
    private uint[] alias = [];
    private int[] stack = [];

    [Params(12, 20)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        var random = new Random(1);
        (re, im) = ([.. Enumerable.Range(0, 1 << Wires).Select(_ => random.NextDouble() - 0.5)], [.. Enumerable.Range(0, 1 << Wires).Select(_ => random.NextDouble() - 0.5)]);
        (cumulative, threshold, alias, stack) = (new double[re.Length], new double[re.Length], new uint[re.Length], new int[re.Length]);
        Guided();
        double[] used = [.. outcomes.Select(outcome => (double)outcome)];
        Bisected();
        RequireEqual(used, [.. outcomes.Select(outcome => (double)outcome)], 0);
        Array.Sort(used);
        SortedAndMerged();
        RequireEqual(used, [.. outcomes.Select(outcome => (double)outcome)], 0);

        AliasTable();
        var total = cumulative[^1];
        var mass = new double[re.Length];
        for (var cell = 0; cell < mass.Length; cell++)
        {
            mass[cell] += threshold[cell] * total / mass.Length;
            mass[alias[cell]] += (1 - threshold[cell]) * total / mass.Length;
        }

        RequireEqual([.. re.Zip(im, (a, b) => (a * a) + (b * b))], mass, 1e-6); // what cells take from one another rounds a million times
    }

    [Benchmark(Baseline = true)]
    public void Guided()
    {
        sampler.Load<double>(re, im);
        sampler.Draw(outcomes, new Draw(Seed: 7));
    }

    [Benchmark]
    public void AliasTable()
    {
        Accumulate();
        MakeAlias();
        Draw();
        for (var shot = 0; shot < Shots; shot++)
        {
            // The cell from the number's high bits, whether it or its alias from the rest.
            var scaled = uniforms[shot] * threshold.Length;
            var cell = (uint)scaled;
            outcomes[shot] = scaled - cell < threshold[cell] ? cell : alias[cell];
        }
    }

    [Benchmark]
    public void SortedAndMerged()
    {
        Accumulate();
        Draw();
        Array.Sort(uniforms);
        uint state = 0;
        for (var shot = 0; shot < Shots; shot++)
        {
            var target = uniforms[shot] * cumulative[^1];
            while (cumulative[state] <= target)
            {
                state++;
            }

            outcomes[shot] = state;
        }
    }

    [Benchmark]
    public void Bisected()
    {
        Accumulate();
        Draw();
        for (var shot = 0; shot < Shots; shot++)
        {
            var (low, high, target) = (0, cumulative.Length - 1, uniforms[shot] * cumulative[^1]);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                (low, high) = cumulative[middle] > target ? (low, middle) : (middle + 1, high);
            }

            outcomes[shot] = (uint)low;
        }
    }

    private void Draw() => Philox.Uniforms(7, new Draw(Seed: 7).Sample(0), 0, 0, uniforms);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate()
    {
        var sum = 0.0;
        for (var i = 0; i < re.Length; i++)
        {
            sum += (re[i] * re[i]) + (im[i] * im[i]);
            cumulative[i] = sum;
        }
    }

    // Vose: a cell that lacks probability takes the rest from one that has too much.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MakeAlias()
    {
        var (few, many, factor) = (0, stack.Length, stack.Length / cumulative[^1]);
        for (var cell = 0; cell < stack.Length; cell++)
        {
            threshold[cell] = factor * ((re[cell] * re[cell]) + (im[cell] * im[cell]));
            alias[cell] = (uint)cell;
            if (threshold[cell] < 1)
            {
                stack[few++] = cell;
            }
            else
            {
                stack[--many] = cell;
            }
        }

        while (few > 0 && many < stack.Length)
        {
            var (small, large) = (stack[--few], stack[many]);
            alias[small] = (uint)large;
            threshold[large] -= 1 - threshold[small];
            if (threshold[large] < 1)
            {
                many++;
                stack[few++] = large;
            }
        }
    }
}
