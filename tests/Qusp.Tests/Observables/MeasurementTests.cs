// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests;

public sealed class MeasurementTests
{
    [Fact]
    public void A_measurement_says_how_many_outputs_it_gives()
    {
        Assert.Equal(1, new Expectation(PauliWord.Z(0)).Outputs(5));
        Assert.Equal(8, new Probabilities(4, 0, 2).Outputs(5));
        Assert.Equal(64, new StateVector().Outputs(5));
    }

    [Fact]
    public void Measurements_have_value_equality()
    {
        Assert.Equal(new Expectation(PauliWord.Z(0)), new Expectation(PauliSum.Parse("Z0")));
        Assert.NotEqual(new Expectation(PauliWord.Z(0)), new Expectation(PauliSum.Parse("Z1")));
        Assert.Equal(new Probabilities(0, 1), new Probabilities(0, 1));
        Assert.Equal(new Probabilities(0, 1).GetHashCode(), new Probabilities(0, 1).GetHashCode());
        Assert.NotEqual(new Probabilities(0, 1), new Probabilities(1, 0));
        Assert.Equal(new StateVector(), new StateVector());
        Assert.NotEqual<Measurement>(new StateVector(), new Probabilities(0));
    }

    [Fact]
    public void Probabilities_are_of_1_to_30_wires_each_named_once()
    {
        Assert.Throws<ArgumentException>(() => new Probabilities());
        Assert.Throws<ArgumentException>(() => new Probabilities(0, 0));
        Assert.Throws<ArgumentException>(() => new Probabilities(-1));
        Assert.Throws<ArgumentException>(() => new Probabilities([.. Enumerable.Range(0, 31)]));
        Assert.Equal(1 << 30, new Probabilities([.. Enumerable.Range(0, 30)]).Outputs(40));
    }
}
