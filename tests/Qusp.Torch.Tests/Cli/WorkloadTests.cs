// SPDX-License-Identifier: Apache-2.0
using Qusp.Cli.Bench;
using Xunit;

namespace Qusp.Torch.Tests;

/// <summary>What <c>qusp bench</c> times is what other programs time: the check values are theirs, to every printed digit.</summary>
public sealed class WorkloadTests
{
    private const double Tolerance = 1e-10;

    [Theory]
    [InlineData("origin", 4, 0, -0.049554564989, 0.730320526401, 0.223344365509, -0.048566772926, 2260.054257248804, 2714.810025741614)]
    [InlineData("origin-jacobian", 4, 0, 0.0, 0.044347248863, 0.154276697643, -0.222433807754, -0.148043299839, -0.653576641044, 0.0, 0.0, 0.433222706535, 5406.922319238704)]
    [InlineData("forward", 4, 0, 0.035641453930, 0.165762871380, 0.052312442380, 0.241525181820)]
    [InlineData("forward", 8, 4, -0.099402879820, 0.033203592350)]
    [InlineData("forward", 12, 4, -0.110247178893, 0.003367256870)]
    [InlineData("gradient", 4, 0, 0.0, -0.424826703454, -0.171026584989, 0.0, 0.467768740750, -0.680723437689, 9.734040956346)]
    [InlineData("gradient", 8, 5, -0.506809788770, 0.918459204489)]
    [InlineData("gradient", 12, 5, -0.223675098101, 0.250150411800)]
    [InlineData("batch", 10, 0, -3.798894088962, 0.831130604864, -1.029746207583, 40.243400516848, -0.630907938614, 1.584671688504)]
    public void Check_values_are_those_of_other_programs(string name, int wires, int first, params double[] expected)
    {
        foreach (var variant in name is "forward" or "gradient" or "batch" ? (string[])[name, $"{name}-new"] : [name])
        {
            foreach (var threads in (int[])[1, 2])
            {
                var check = Checked(variant, wires, threads, single: false);
                for (var k = 0; k < expected.Length; k++)
                {
                    Assert.Equal(expected[k], check[first + k], Tolerance * Math.Max(1, Math.Abs(expected[k])));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Single_precision_and_threads_do_the_same_work(string name)
    {
        var wires = name == "sample" ? 10 : 6;
        var expected = Checked(name, wires, 1, single: false);
        foreach (var (threads, single) in ((int, bool)[])[(2, false), (1, true), (2, true)])
        {
            var check = Checked(name, wires, threads, single);
            Assert.Equal(expected.Length, check.Length);
            Assert.All(expected.Zip(check), pair => Assert.Equal(pair.First, pair.Second, Math.Max(1, Math.Abs(pair.First)) * (single ? 2e-3 : Tolerance)));
        }
    }

    public static TheoryData<string> Names => [.. Workload.Names.Where(name => !name.StartsWith("origin-epoch", StringComparison.Ordinal))];

    private static double[] Checked(string name, int wires, int threads, bool single)
    {
        var workload = Workload.All.First(workload => workload.Name == name);
        using var work = workload.Prepare(workload.Sizes(new WorkloadSize(wires, 0, 0, threads, single)).First());
        work.Run();
        work.Run();
        work.Besides?.Run();
        return work.Check();
    }
}
