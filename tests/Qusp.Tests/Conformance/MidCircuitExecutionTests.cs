// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Known protocols that measure and decide in their course, on each exact device.</summary>
public sealed class MidCircuitExecutionTests
{
    public static TheoryData<string> Devices => ["reference", "cpu", "cpu-scalar"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void Teleportation_brings_any_state_and_its_gradient_to_another_wire_and_the_bits_tell_nothing(string device)
    {
        var builder = new CircuitBuilder(3);
        var x = builder.Inputs(2);
        var c = builder.Bits(2);
        builder.RY(x[0], 0).RZ(x[1], 0).H(1).CNOT(1, 2).CNOT(0, 1).H(0).Measure(0, c[0]).Measure(1, c[1])
            .When(Condition.IsSet(c[1]), then => then.X(2)).When(Condition.IsSet(c[0]), then => then.Z(2));
        var circuit = builder.Expect(PauliWord.X(2)).Expect(PauliWord.Y(2)).Expect(PauliWord.Z(2)).Measure(new BitProbabilities(0, 1)).Measure(new Purity(2)).Build();
        using var program = Contender.Find(device).Compile<double>(circuit);
        var outputs = program.Evaluate<double>([0.7, 0.4]);
        var (byInputs, _) = program.Jacobian<double>([0.7, 0.4]);
        double[] expected = [Math.Sin(0.7) * Math.Cos(0.4), Math.Sin(0.7) * Math.Sin(0.4), Math.Cos(0.7), 0.25, 0.25, 0.25, 0.25, 1];
        double[] slopes = [Math.Cos(0.7) * Math.Cos(0.4), Math.Cos(0.7) * Math.Sin(0.4), -Math.Sin(0.7), 0, 0, 0, 0, 0];
        for (var k = 0; k < expected.Length; k++)
        {
            Tolerance.Near(expected[k], outputs[k], 1e-13, $"output {k}");
            Tolerance.Near(slopes[k], byInputs[k, 0], 1e-13, $"∂output {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_three_wire_code_corrects_one_flip_so_that_the_error_falls_from_p_to_3p2_minus_2p3(string device)
    {
        var builder = new CircuitBuilder(5);
        var p = builder.Inputs(1)[0];
        var c = builder.Bits(2);
        builder.X(0).CNOT(0, 1).CNOT(0, 2).BitFlip(p, 0).BitFlip(p, 1).BitFlip(p, 2)
            .CNOT(0, 3).CNOT(1, 3).Measure(3, c[0]).CNOT(1, 4).CNOT(2, 4).Measure(4, c[1]).Reset(3).Reset(4)
            .When(new Condition([c[0], c[1]], 2), then => then.X(0))
            .When(new Condition([c[0], c[1]], 3), then => then.X(1))
            .When(new Condition([c[0], c[1]], 1), then => then.X(2))
            .CNOT(0, 2).CNOT(0, 1);
        using var program = Contender.Find(device).Compile<double>(builder.ExpectZ(0, 3).Measure(new BitProbabilities(c[0], c[1])).Build());
        foreach (var error in new[] { 0, 0.01, 0.2, 1 })
        {
            var outputs = program.Evaluate<double>([error]);
            var (byInputs, _) = program.Jacobian<double>([error]);
            Tolerance.Near(-1 + (2 * ((3 * error * error) - (2 * error * error * error))), outputs[0], 1e-13, $"⟨Z⟩ at p = {error}");
            Tolerance.Near(12 * error * (1 - error), byInputs[0, 0], 1e-12, $"∂⟨Z⟩ at p = {error}");
            Tolerance.Near(1, outputs[1], 1e-13, "a reset wire");
            Tolerance.Near(error * (1 - error), outputs[3], 1e-13, "the syndrome of the last wire");
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Repeating_until_success_succeeds_but_for_the_product_of_all_failures(string device)
    {
        var builder = new CircuitBuilder(2);
        var c = builder.Bits(1)[0];
        builder.RY(2 * Math.PI / 3, 0).Measure(0, c); // succeeds with sin²(π/3) = 3/4
        for (var attempt = 0; attempt < 4; attempt++)
        {
            builder.When(Condition.IsSet(c).Not(), then => then.Reset(0).RY(2 * Math.PI / 3, 0).Measure(0, c));
        }

        builder.When(Condition.IsSet(c), then => then.X(1));
        using var program = Contender.Find(device).Compile<double>(builder.ExpectZ(1).Measure(new BitProbabilities(c)).Build());
        var outputs = program.Evaluate<double>([]);
        var failure = Math.Pow(0.25, 5);
        Tolerance.Near((2 * failure) - 1, outputs[0], 1e-13, "⟨Z⟩");
        Tolerance.Near(failure, outputs[1], 1e-13, "the bit");
        Tolerance.Near(1 - failure, outputs[2], 1e-13, "the bit");
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Post_selection_gives_what_holds_given_success_and_its_gradient_with_the_normalisation(string device)
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var circuit = builder.RY(x[0], 0).CRY(x[1], 0, 1).Postselect(1, false).Probabilities(0).Build();
        using var program = Contender.Find(device).Compile<double>(circuit);
        double[] values = [0.8, 1.3];
        double Given(double a, double b) =>
            Math.Pow(Math.Sin(a / 2) * Math.Cos(b / 2), 2) / (Math.Pow(Math.Cos(a / 2), 2) + Math.Pow(Math.Sin(a / 2) * Math.Cos(b / 2), 2));
        var outputs = program.Evaluate<double>(values);
        var (byInputs, _) = program.Jacobian<double>(values);
        const double H = 1e-5;
        Tolerance.Near(Given(0.8, 1.3), outputs[1], 1e-13, "given success");
        Tolerance.Near(1, outputs[0] + outputs[1], 1e-13, "the sum");
        Tolerance.Near((Given(0.8 + H, 1.3) - Given(0.8 - H, 1.3)) / (2 * H), byInputs[1, 0], 1e-9, "by the first angle");
        Tolerance.Near((Given(0.8, 1.3 + H) - Given(0.8, 1.3 - H)) / (2 * H), byInputs[1, 1], 1e-9, "by the second angle");
        Assert.Contains(
            "quotient",
            Assert.Throws<NotSupportedException>(() => Contender.Find(device).Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.ParameterShift })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Post_selection_of_what_cannot_be_is_refused_and_the_sample_is_named(string device)
    {
        var builder = new CircuitBuilder(1);
        var x = builder.Inputs(1)[0];
        using var program = Contender.Find(device).Compile<double>(builder.RX(x, 0).Postselect(0, true).ExpectZ().Build());
        var outputs = new double[3];
        var error = Assert.Throws<InvalidOperationException>(() => program.Evaluate(3, [1, 2, 0], [], outputs));
        Assert.Contains("Sample 2", error.Message, StringComparison.Ordinal);
        program.Evaluate(2, [1, 2], [], outputs.AsSpan(0, 2));
        Assert.Equal([-1, -1], outputs[..2].Select(value => Math.Round(value, 12)));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_bit_that_nothing_wrote_is_0_and_one_written_twice_keeps_the_last(string device)
    {
        var builder = new CircuitBuilder(2);
        var c = builder.Bits(3);
        var circuit = builder.H(0).Measure(0, c[0]).X(1).Measure(1, c[0]).Measure(0, c[2]).Measure(new BitProbabilities(0, 1)).Measure(new BitProbabilities(2)).Build();
        using var program = Contender.Find(device).Compile<double>(circuit);
        Assert.Equal([0, 0, 1, 0, 0.5, 0.5], program.Evaluate<double>([]).Select(value => Math.Round(value, 12)));
        Assert.Throws<ArgumentException>(() => new CircuitBuilder(1).Measure(new BitProbabilities(0)).Build());
    }
}
