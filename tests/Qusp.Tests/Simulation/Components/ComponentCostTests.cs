// SPDX-License-Identifier: Apache-2.0
using Qusp.Simulation.Components;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>What components are expected to cost, at every width of vectors.</summary>
public sealed class ComponentCostTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(64)]
    public void More_components_cost_more_and_less_each_and_large_calls_less_a_sample(int vectorBits)
    {
        double[] byPairs = [.. Enumerable.Range(4, 12).Select(pairs => Seconds(pairs, batch: 1, vectorBits))];
        Assert.Equal(byPairs.Order(), byPairs);
        Assert.True(byPairs[^1] / 15 < byPairs[0] / 4);
        double[] byBatch = [.. ((int[])[1, 16, 256, 4096]).Select(batch => Seconds(8, batch, vectorBits))];
        Assert.Equal(byBatch.OrderDescending(), byBatch);
    }

    [Fact]
    public void Components_of_one_shape_are_counted_together()
    {
        var cost = ComponentCost.Of<double>(Pairs(10), 512, 1);
        Assert.Equal((10, 2), (cost.Components, cost.Largest));
    }

    private static double Seconds(int pairs, int batch, int vectorBits) => ComponentCost.Of<double>(Pairs(pairs), vectorBits, batch).Seconds;

    private static Circuit Pairs(int pairs)
    {
        var circuit = new CircuitBuilder(2 * pairs);
        var weights = circuit.Weights("weights", 2 * pairs);
        for (var wire = 0; wire < 2 * pairs; wire += 2)
        {
            circuit.RY(weights[wire], wire).CRX(weights[wire + 1], wire, wire + 1);
        }

        return circuit.ExpectZ().Build();
    }
}
