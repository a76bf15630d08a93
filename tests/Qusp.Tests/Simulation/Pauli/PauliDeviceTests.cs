// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>Circuits that no state vector can hold, and what is cut off.</summary>
public sealed class PauliDeviceTests
{
    [Fact]
    public void A_thousand_wires_of_which_half_are_active_follow_the_closed_form()
    {
        const int n = 1024;
        double[] x = [.. Enumerable.Range(0, n).Select(k => Math.Sin(1.7 * k))];
        double[] g = [.. Enumerable.Range(0, n).Select(k => Math.Cos(0.3 * k))];
        using var program = new PauliDevice().Compile<double>(GoldenSeed.Circuit(n));
        var outputs = program.Evaluate<double>(x);
        var gradients = new double[n];
        program.Pullback(1, x, [], g, gradients, []);
        var (expected, jacobian) = SeedCircuitTests.ClosedForm(x);
        for (var i = 0; i < n; i++)
        {
            Tolerance.Near(expected[i], outputs[i], Tolerance.Double, $"⟨Z{i}⟩");
            Tolerance.Near(Enumerable.Range(0, n).Sum(k => g[k] * jacobian[k, i]), gradients[i], Tolerance.Double, $"gradient {i}");
        }

        Assert.Equal(0, program.Cost.TruncationError);
    }

    [Fact]
    public void Correlations_of_a_GHZ_state_of_a_hundred_wires_are_perfect()
    {
        const int n = 100;
        var builder = new CircuitBuilder(n).H(0);
        for (var wire = 1; wire < n; wire++)
        {
            builder.CNOT(wire - 1, wire);
        }

        var all = PauliWord.FromLetters(new string('X', n));
        using var program = new PauliDevice().Compile<double>(builder.Expect(PauliWord.Z(0) * PauliWord.Z(n - 1)).ExpectZ(5).Expect(all).Build());
        Assert.Equal([1, 0, 1], program.Evaluate<double>([]));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(Circuit.MaxWires, 0.02)]
    [InlineData(3, 0.005)]
    public void What_is_cut_off_changes_outputs_by_no_more_than_is_reported(int maxWeight, double cutoff)
    {
        var builder = new CircuitBuilder(6);
        var w = builder.Weights("w", 2, 6);
        for (var layer = 0; layer < 2; layer++)
        {
            for (var wire = 0; wire < 6; wire++)
            {
                builder.RY(w[layer, wire], wire).RX(0.3, wire).CNOT(wire, (wire + 1) % 6);
            }
        }

        var circuit = builder.ExpectZ(0, 3).Expect(PauliSum.Parse("Z1*X2-0.3*Y4")).Build();
        using var exact = new PauliDevice().Compile<double>(circuit);
        Gen.Double[-1, 1].Array[12].Sample(
            weights =>
            {
                using var cut = new PauliDevice(maxWeight, cutoff).Compile<double>(circuit);
                var (expected, actual) = (exact.Evaluate<double>([], weights), cut.Evaluate<double>([], weights));
                var worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
                Assert.True(worst <= cut.Cost.TruncationError + 1e-12, $"{worst} > {cut.Cost.TruncationError}");
                Assert.True(cut.Cost.TruncationError > 0);
            },
            iter: 20,
            threads: 1);
    }

    [Fact]
    public void With_a_weight_limit_the_gradient_is_that_of_the_cut_off_function()
    {
        var builder = new CircuitBuilder(5);
        var w = builder.Weights("w", 10);
        for (var k = 0; k < 10; k++)
        {
            builder.RY(w[k], k % 5).CRX(0.7, k % 5, (k + 1) % 5);
        }

        using var program = new PauliDevice(maxWeight: 2).Compile<double>(builder.ExpectZ(0).Build());
        double[] at = [.. Enumerable.Range(0, 10).Select(k => 0.3 + (0.1 * k))];
        var (_, gradient) = program.Jacobian<double>([], at);
        for (var k = 0; k < 10; k++)
        {
            const double step = 1e-5;
            double[] up = [.. at], down = [.. at];
            (up[k], down[k]) = (up[k] + step, down[k] - step);
            Assert.Equal((program.Evaluate<double>([], up)[0] - program.Evaluate<double>([], down)[0]) / (2 * step), gradient[0, k], 1e-8);
        }
    }

    [Fact]
    public void A_power_0_of_a_gate_of_several_angles_is_the_identity()
    {
        var circuit = new CircuitBuilder(2);
        var x = circuit.Inputs(1);
        circuit.RY(0.4, 0).Apply(Gates.Rot.Power(0), [0], x[0], 0.2, 0.3).Apply(Gates.Rot.Power(0).Controlled(), [0, 1], 0.1, x[0], 0.3);
        using var program = new PauliDevice().Compile<double>(circuit.ExpectZ(0).Build());
        Assert.Equal(Math.Cos(0.4), program.Evaluate<double>([0.7])[0], 1e-12);
        Assert.Equal(0, program.Jacobian<double>([0.7]).ByInputs[0, 0], 1e-12);
    }

    [Fact]
    public void A_small_turn_is_not_taken_for_none()
    {
        var circuit = new CircuitBuilder(2).H(0).RZ(3e-7, 0).CRX(2e-7, 0, 1).Expect(PauliWord.Y(0)).Expect(PauliWord.Y(1)).Build();
        using var pauli = new PauliDevice().Compile<double>(circuit);
        using var reference = new ReferenceDevice().Compile<double>(circuit);
        Assert.Equal(reference.Evaluate<double>([])[0], pauli.Evaluate<double>([])[0], 1e-14);
        Assert.Equal(reference.Evaluate<double>([])[1], pauli.Evaluate<double>([])[1], 1e-14);
    }

    [Fact]
    public void What_it_cannot_do_it_refuses_by_name()
    {
        var device = new PauliDevice(maxWords: 100);
        Refuses("state vector", new CircuitBuilder(2).State());
        Refuses("probabilities of 9 wires", new CircuitBuilder(20).Probabilities(0, 1, 2, 3, 4, 5, 6, 7, 8));
        Refuses("Unitary on 8 wires", new CircuitBuilder(8).Apply(Gates.Unitary(Gates.QFT(8).Matrix()), [0, 1, 2, 3, 4, 5, 6, 7]).ExpectZ());
        var deep = new CircuitBuilder(8);
        for (var k = 0; k < 40; k++)
        {
            deep.RY(0.3, k % 8).RX(0.2, k % 8).CNOT(k % 8, (k + 1) % 8);
        }

        Refuses("more than 100 words", deep.ExpectZ());

        void Refuses(string what, CircuitBuilder circuit)
        {
            var error = Assert.Throws<NotSupportedException>(() => device.Compile<double>(circuit.Build()));
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
        }
    }
}
