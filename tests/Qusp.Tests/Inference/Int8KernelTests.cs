// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Inference;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class Int8KernelTests
{
    public static TheoryData<string> Kernels => [.. Int8Kernel.All.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Sums_are_exact(string name)
    {
        var kernel = Kernel(name);
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 50], Gen.Int[1, 11], Gen.ULong).Sample((inputs, outputs, rows, seed) =>
        {
            var random = new Random((int)(seed % int.MaxValue));
            var stride = Int8Kernel.Stride(inputs);
            var activations = new byte[rows * stride];
            var codes = new byte[inputs * outputs];
            random.NextBytes(activations);
            random.NextBytes(codes);
            sbyte[] weights = [.. codes.Select(code => (sbyte)code)];
            var padded = Int8Kernel.Padded(outputs);
            var sums = new int[rows * padded];
            kernel.Sums(activations, rows, stride, Int8Kernel.Pack(weights, outputs, inputs), sums);
            for (var r = 0; r < rows; r++)
            {
                for (var o = 0; o < padded; o++)
                {
                    var expected = o < outputs ? Enumerable.Range(0, inputs).Sum(k => activations[(r * stride) + k] * weights[(o * inputs) + k]) : 0;
                    Assert.Equal(expected, sums[(r * padded) + o]);
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_largest_sums_neither_saturate_nor_overflow(string name)
    {
        var kernel = Kernel(name);
        foreach (var (weight, inputs) in new[] { ((sbyte)-128, Int8Kernel.MostInputs), ((sbyte)127, Int8Kernel.MostInputs), ((sbyte)-128, 2), ((sbyte)127, 4) })
        {
            var (activations, weights) = (new byte[inputs], new sbyte[inputs * 17]);
            Array.Fill(activations, byte.MaxValue);
            Array.Fill(weights, weight);
            var sums = new int[Int8Kernel.Padded(17)];
            kernel.Sums(activations.Concat(new byte[Int8Kernel.Stride(inputs) - inputs]).ToArray(), 1, Int8Kernel.Stride(inputs), Int8Kernel.Pack(weights, 17, inputs), sums);
            Assert.All(sums.Take(17), sum => Assert.Equal(255 * weight * inputs, sum));
        }
    }

    [Fact]
    public void The_best_path_is_one_that_this_machine_has() => Assert.True(Int8Kernel.Best.IsSupported);

    private static Int8Kernel Kernel(string name)
    {
        var kernel = Int8Kernel.All.Single(kernel => kernel.Name == name);
        Assert.SkipUnless(kernel.IsSupported, $"This machine has no {name}.");
        return kernel;
    }
}
