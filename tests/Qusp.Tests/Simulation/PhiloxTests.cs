// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Simulation.Sampling;
using Xunit;

namespace Qusp.Tests.Simulation;

public sealed class PhiloxTests
{
    /// <summary>Known answers of the Random123 distribution (philox4x32, 10 rounds).</summary>
    [Fact]
    public void The_published_answers_come_out()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Bits(0, 0, 0, 0, 0, 0));
        const uint Ones = 0xffffffff;
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Philox.Bits(Ones, Ones, Ones, Ones, Ones, Ones));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Bits(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Fact]
    public void Uniform_numbers_lie_in_the_unit_interval_with_its_mean_and_variance()
    {
        var numbers = Enumerable.Range(0, 100_000).Select(shot => Philox.Uniform(7, 3, (uint)shot, 0)).ToArray();
        Assert.All(numbers, number => Assert.InRange(number, 0, 1 - double.Epsilon));
        Assert.Equal(0.5, numbers.Average(), 5 / Math.Sqrt(12.0 * numbers.Length));
        Assert.Equal(1 / 12.0, numbers.Select(x => (x - 0.5) * (x - 0.5)).Average(), 2e-3);
    }

    [Fact]
    public void A_run_of_numbers_is_the_numbers_one_by_one() =>
        Gen.Select(Gen.ULong, Gen.Long, Gen.UInt, Gen.UInt, Gen.Int[0, 70]).Sample(
            (seed, sample, first, stream, count) =>
            {
                first = Math.Min(first, uint.MaxValue - 70);
                var numbers = new double[count];
                Philox.Uniforms(seed, sample, first, stream, numbers);
                Assert.Equal([.. Enumerable.Range(0, count).Select(k => Philox.Uniform(seed, sample, first + (uint)k, stream))], numbers);
            },
            iter: 200);
}
