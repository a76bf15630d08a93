// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests;

public sealed class GuardTests
{
    [Theory]
    [InlineData(0.1, false, false)] // the comparison is strict
    [InlineData(0.10000000000000002, true, true)]
    [InlineData(0.09999999999999999, false, false)]
    [InlineData(-0.1, false, false)]
    [InlineData(-5, false, true)] // a negative input fires by its absolute value only
    [InlineData(0, false, false)]
    [InlineData(double.NaN, false, false)]
    [InlineData(double.PositiveInfinity, true, true)]
    [InlineData(double.NegativeInfinity, false, true)]
    public void A_guard_fires_strictly_above_its_threshold(double input, bool plain, bool absolute)
    {
        Assert.Equal(plain, new Guard(1, 0.1).Fires([99, input]));
        Assert.Equal(absolute, new Guard(1, 0.1, Absolute: true).Fires([-99, input]));
    }

    [Fact]
    public void A_negative_threshold_lets_zero_fire()
    {
        Assert.True(new Guard(0, -1).Fires([0]));
        Assert.True(new Guard(0, -1, Absolute: true).Fires([0]));
        Assert.False(new Guard(0, -1).Fires([-1]));
    }

    [Fact]
    public void A_guard_prints_as_one_writes_it()
    {
        Assert.Equal("x1>0.1", new Guard(1, 0.1).ToString());
        Assert.Equal("|x12|>-0.25", new Guard(12, -0.25, Absolute: true).ToString());
    }
}
