// SPDX-License-Identifier: Apache-2.0
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class RotosolveTests
{
    [Fact]
    public void One_step_brings_a_rotation_to_its_lowest_value()
    {
        var builder = new CircuitBuilder(1);
        var w = builder.Weights("w", 1);
        using var rotosolve = new Rotosolve(new CpuDevice(), builder.RX(w[0], 0).Expect(PauliWord.Z(0)).Build());
        double[] weights = [0.3];
        Assert.Equal(-1, rotosolve.Step(weights), 1e-12);
        Assert.Equal(-1, Math.Cos(weights[0]), 1e-12);
        Assert.Equal(3, rotosolve.Cost.Circuits);
    }

    [Fact]
    public void It_reaches_the_ground_energy_of_a_hydrogen_molecule()
    {
        // H2 at 0.74 Å in the STO-3G basis, reduced to two wires (O'Malley et al. 2016, arXiv:1512.06860, table 1 row of 0.75 Å).
        var energy = PauliSum.Parse("-0.4804*I+0.3435*Z0-0.4347*Z1+0.5716*Z0*Z1+0.0910*X0*X1+0.0910*Y0*Y1");
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 2, 2, 2);
        for (var layer = 0; layer < 2; layer++)
        {
            builder.RY(w[layer, 0, 0], 0).RY(w[layer, 1, 0], 1).CNOT(0, 1).RX(w[layer, 0, 1], 0).RY(w[layer, 1, 1], 1);
        }

        using var rotosolve = new Rotosolve(new CpuDevice(), builder.Expect(energy).Build());
        double[] weights = [.. Enumerable.Range(0, 8).Select(k => 0.1 + (0.3 * k))];
        var (before, value) = (double.PositiveInfinity, 0.0);
        for (var step = 0; step < 400; step++)
        {
            value = rotosolve.Step(weights);
            Assert.True(value <= before + 1e-12, $"step {step} rose from {before} to {value}");
            before = value;
        }

        // The lowest eigenvalue lies in the block of |01⟩ and |10⟩, [[a, 2·0.091], [2·0.091, b]].
        var (a, b) = (-0.4804 + 0.3435 + 0.4347 - 0.5716, -0.4804 - 0.3435 - 0.4347 - 0.5716);
        var ground = ((a + b) / 2) - Math.Sqrt(((a - b) * (a - b) / 4) + (0.182 * 0.182));
        Tolerance.Near(ground, value, 1e-6, "energy");
    }

    [Fact]
    public void Weights_with_several_frequencies_find_the_lowest_point_of_all()
    {
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 1);
        var circuit = builder.RX(w[0], 0).RY(0.7, 0).RX(2 * w[0] + 0.4, 0).CRX(w[0], 0, 1).Expect(PauliSum.Parse("Z0+0.6*Z1")).Build();
        using var program = new CpuDevice().Compile<double>(circuit);
        var lowest = Enumerable.Range(0, 20000).Min(k => program.Evaluate<double>([], [4 * Math.PI * k / 20000])[0]);
        using var rotosolve = new Rotosolve(new CpuDevice(), circuit);
        double[] weights = [0.2];
        var value = rotosolve.Step(weights);
        Tolerance.Near(lowest, value, 1e-6, "the lowest value of a fine grid");
        Tolerance.Near(value, program.Evaluate<double>([], weights)[0], 1e-10, "the value there");
    }

    [Fact]
    public void Several_samples_are_one_function()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        var w = builder.Weights("w", 2);
        var circuit = builder.RY(x[0], 0).CNOT(0, 1).RX(w[0], 0).If(x[0] > 0.5, then => then.RX(w[1], 1)).ExpectZ().Build();
        using var rotosolve = new Rotosolve(new CpuDevice(), circuit);
        double[] weights = [0.4, 0.9];
        var value = rotosolve.Step(weights, [1, 1, -1, 0.5], 2, [0.3, 0.9]);
        using var program = new CpuDevice().Compile<double>(circuit);
        var outputs = program.Evaluate<double>([0.3, 0.9], weights);
        Tolerance.Near(outputs[0] + outputs[1] - outputs[2] + (0.5 * outputs[3]), value, 1e-12, "value");
    }
}
