// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Tests.Passes;

public sealed class PatternCostTests
{
    /// <summary>The origin's circuit: a wire that is on has RY and a CNOT to the next.</summary>
    [Theory]
    [InlineData(CostKind.TwoQubit, "1010", 2)]
    [InlineData(CostKind.Gates, "1010", 4)]
    [InlineData(CostKind.Depth, "1010", 2)] // RY then CNOT, on wires 0-1 and on 2-3
    [InlineData(CostKind.Depth, "1100", 4)] // RY 0, CNOT 0-1, then RY 1 and CNOT 1-2 wait for it
    [InlineData(CostKind.Depth, "0000", 0)]
    [InlineData(CostKind.Simulated, "1010", 16)] // two groups of two wires, two gates each: 2 · 2 · 4
    [InlineData(CostKind.Simulated, "1111", 128)] // 8 gates on 2^4 amplitudes
    public void It_is_what_one_counts_by_hand(CostKind kind, string pattern, double expected)
    {
        var cost = new PatternCost(GoldenSeed.Circuit(), kind);
        bool[] on = [.. pattern.Select(letter => letter == '1')];
        Assert.Equal(expected, cost.Of(on));
    }

    [Fact]
    public void It_is_what_the_executor_counts_sample_by_sample()
    {
        Gen.Double[-1, 1].Array[5].Sample(
            x =>
            {
                var circuit = GoldenSeed.Circuit(5);
                using var program = new CpuDevice().Compile<double>(circuit);
                program.Evaluate<double>(x);
                bool[] on = [.. circuit.Guards.Select(guard => guard.Fires(x))];
                Assert.Equal(program.Cost.TwoQubitGates, new PatternCost(circuit).Of(on));
                Assert.Equal(program.Cost.Gates, new PatternCost(circuit, CostKind.Gates).Of(on));
            },
            iter: 50,
            threads: 1);
    }

    [Theory]
    [InlineData(CostKind.TwoQubit)]
    [InlineData(CostKind.Gates)]
    [InlineData(CostKind.Depth)]
    [InlineData(CostKind.Simulated)]
    public void Its_differences_are_those_between_on_and_off(CostKind kind)
    {
        var cost = new PatternCost(GoldenSeed.Circuit(5), kind);
        for (var pattern = 0; pattern < 32; pattern++)
        {
            bool[] on = [.. Enumerable.Range(0, 5).Select(k => ((pattern >> k) & 1) == 1)];
            var differences = new double[5];
            cost.Of(on, differences);
            for (var g = 0; g < 5; g++)
            {
                var (with, without) = ((bool[])on.Clone(), (bool[])on.Clone());
                (with[g], without[g]) = (true, false);
                Assert.Equal(cost.Of(with) - cost.Of(without), differences[g]);
            }
        }

        Assert.Equal((cost.Of([true, true, true, true, true]), cost.Of(new bool[5])), (cost.Dense, cost.Least));
        Assert.Throws<ArgumentException>(() => cost.Of(new bool[4]));
    }
}
