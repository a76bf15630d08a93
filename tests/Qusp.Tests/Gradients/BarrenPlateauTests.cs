// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class BarrenPlateauTests
{
    [Fact]
    public void A_global_cost_of_strongly_entangling_layers_decays_exponentially()
    {
        // Cerezo, Sone, Volkoff, Cincio, Coles 2021, arXiv:2001.00550: the observable on all wires.
        var plateau = BarrenPlateau.Diagnose(new CpuDevice(), n => Strongly(n, 6, PauliWord.FromLetters(new string('Z', n))), [2, 3, 4, 5, 6], samples: 200, seed: 1);
        Assert.InRange(plateau.FactorPerWire, 0.15, 0.65);
        Assert.Contains("weights", plateau.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_local_cost_of_a_shallow_circuit_does_not()
    {
        var plateau = BarrenPlateau.Diagnose(new CpuDevice(), n => Shallow(n), [2, 4, 6, 8, 10], samples: 200, seed: 1);
        Assert.InRange(plateau.FactorPerWire, 0.85, 1.15);
    }

    [Fact]
    public void Of_single_rotations_the_variance_is_that_of_a_sine()
    {
        var plateau = BarrenPlateau.Diagnose(
            new CpuDevice(),
            n =>
            {
                var builder = new CircuitBuilder(n);
                var w = builder.Weights("angle", 1);
                return builder.RX(w[0], 0).Expect(PauliWord.Z(0)).Build();
            },
            [1, 2],
            samples: 4000,
            seed: 2);
        Assert.All(plateau.Rows, row => Assert.Equal(0.5, row.Variance, 0.03));
        Assert.Equal(["angle", "angle"], plateau.Rows.Select(row => row.Group));
    }

    [Fact]
    public void The_seed_decides_all_and_nothing_else()
    {
        var once = BarrenPlateau.Diagnose(new CpuDevice(), Shallow, [3], 50, seed: 5);
        Assert.Equal(once.Rows, BarrenPlateau.Diagnose(new CpuDevice(), Shallow, [3], 50, seed: 5).Rows);
        Assert.NotEqual(once.Rows, BarrenPlateau.Diagnose(new CpuDevice(), Shallow, [3], 50, seed: 6).Rows);
    }

    // Rot on each wire and a ring of CNOTs.
    private static Circuit Strongly(int n, int layers, PauliSum cost)
    {
        var builder = new CircuitBuilder(n);
        var w = builder.Weights("weights", layers, n, 3);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var wire = 0; wire < n; wire++)
            {
                builder.Rot(w[layer, wire, 0], w[layer, wire, 1], w[layer, wire, 2], wire);
            }

            for (var wire = 0; wire < n && n > 1; wire++)
            {
                builder.CNOT(wire, (wire + 1 + (layer % (n - 1))) % n);
            }
        }

        return builder.Expect(cost).Build();
    }

    // One layer, and the observable on the first wire.
    private static Circuit Shallow(int n)
    {
        var builder = new CircuitBuilder(n);
        var w = builder.Weights("weights", 2);
        builder.RY(w[0], 0).RX(w[1], 0);
        for (var wire = 1; wire < n; wire++)
        {
            builder.CZ(wire - 1, wire);
        }

        return builder.Expect(PauliWord.Z(0)).Build();
    }
}
