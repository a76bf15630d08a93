// SPDX-License-Identifier: Apache-2.0
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class GradientPruningTests
{
    private const int Weights = 8;

    [Fact]
    public void In_a_cycle_all_weights_are_shifted_and_then_a_part_of_them_exactly()
    {
        using var exact = Compile(null);
        using var pruned = Compile(new GradientPruning(Share: 0.75, Accumulated: 1, Pruned: 2, Seed: 3));
        var expected = Pullback(exact, out var all);
        for (var step = 0; step < 9; step++)
        {
            var gradient = Pullback(pruned, out var circuits);
            var shifted = Enumerable.Range(0, Weights).Where(w => gradient[w] != 0).ToList();
            Assert.Equal(step % 3 == 0 ? Weights : 2, shifted.Count);
            Assert.All(shifted, w => Tolerance.Near(expected[w], gradient[w], 1e-12, $"weight {w}"));
            Assert.Equal(step % 3 == 0 ? all : all - (2 * 6), circuits); // two shifts a weight; the input's own stay
        }
    }

    [Fact]
    public void Weights_of_large_derivatives_are_shifted_more_often_and_draws_follow_the_seed()
    {
        List<int[]> Shifted(ulong seed)
        {
            using var program = Compile(new GradientPruning(0.75, 1, 200, seed));
            return [.. Enumerable.Range(0, 201).Select(_ => Pullback(program, out var _)).Skip(1).Select(gradient => Enumerable.Range(0, Weights).Where(w => gradient[w] != 0).ToArray())];
        }

        using var exact = Compile(null);
        var magnitudes = Pullback(exact, out _).Select(Math.Abs).ToList();
        var (largest, smallest) = (magnitudes.IndexOf(magnitudes.Max()), magnitudes.IndexOf(magnitudes.Min()));
        var draws = Shifted(1);
        Assert.True(draws.Count(draw => draw.Contains(largest)) > 2 * draws.Count(draw => draw.Contains(smallest)));
        Assert.Equal(draws, Shifted(1));
        Assert.NotEqual(draws, Shifted(2));
    }

    [Fact]
    public void Where_there_are_no_shifts_there_is_nothing_to_prune()
    {
        var refusal = Assert.Throws<NotSupportedException>(() =>
            new CpuDevice().Compile<double>(Chain(), new() { Differentiation = Differentiation.Adjoint, GradientPruning = new GradientPruning() }));
        Assert.Contains("ParameterShift", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Compile(new GradientPruning(Share: 1)));
    }

    private static double[] Pullback(IProgram<double> program, out long circuits)
    {
        var before = program.Cost.Circuits;
        var gradient = new double[Weights];
        program.Pullback(1, [0.4], [.. Enumerable.Range(1, Weights).Select(k => 0.2 * k)], [1, 0.5], new double[1], gradient);
        circuits = program.Cost.Circuits - before;
        return gradient;
    }

    private static IProgram<double> Compile(GradientPruning? pruning) =>
        new CpuDevice().Compile<double>(Chain(), new() { Differentiation = Differentiation.ParameterShift, GradientPruning = pruning });

    private static Circuit Chain()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        var w = builder.Weights("w", Weights);
        builder.RX(x[0], 0);
        for (var k = 0; k < Weights; k++)
        {
            builder.RY(w[k], k % 2).CNOT(k % 2, (k + 1) % 2).RX(0.3, k % 2);
        }

        return builder.ExpectZ().Build();
    }
}
