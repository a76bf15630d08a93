// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Noise;

public sealed class NoiseModelTests
{
    [Fact]
    public void A_channel_of_one_wire_follows_on_each_wire_of_the_gates_that_a_rule_names()
    {
        var model = NoiseModel.Empty
            .With(new NoiseRule(Gates.BitFlip, 0.1) { Gates = [Gates.CNOT] })
            .With(new NoiseRule(Gates.PhaseFlip, 0.2) { Arity = 1, Wires = [0], Before = true })
            .With(new NoiseRule(Gates.Depolarizing(2), 0.3) { Arity = 2 });
        var circuit = new CircuitBuilder(3).H(0).H(1).CNOT(1, 2).Toffoli(0, 1, 2).Build();
        Assert.Equal(
            ["PhaseFlip(0.2) 0", "H 0", "H 1", "CNOT 1 2", "BitFlip(0.1) 1", "BitFlip(0.1) 2", "DepolarizingChannel[2](0.3) 1 2", "Toffoli 0 1 2"],
            circuit.WithNoise(model).Operations.Select(operation => operation.ToString()));
    }

    [Fact]
    public void Noise_comes_where_its_gate_fires_and_nowhere_else()
    {
        var builder = new CircuitBuilder(1);
        var (x, c) = (builder.Inputs(1)[0], builder.Bits(1)[0]);
        var circuit = builder.If(x > 0.5, then => then.X(0)).Measure(0, c).When(Condition.IsSet(c), then => then.X(0)).Barrier().ExpectZ().Build();
        var noisy = circuit.WithNoise(NoiseModel.Empty.After(Gates.BitFlip, 0.1));
        Assert.Equal(
            ["X 0 if x0>0.5", "BitFlip(0.1) 0 if x0>0.5", "Measure 0 → c0", "X 0 if c0=1", "BitFlip(0.1) 0 if c0=1", "Barrier[1] 0"],
            noisy.Operations.Select(operation => operation.ToString()));
        using var program = new CpuDevice().Compile<double>(noisy);
        Assert.Equal(1, program.Evaluate<double>([0.2])[0], 12);
        // Of the flipped tenth nothing is left to flip; of the rest a tenth is.
        Assert.Equal((0.9 * ((0.9 * 1) + (0.1 * -1))) + (0.1 * 1), program.Evaluate<double>([0.7])[0], 12);
    }

    [Fact]
    public void A_strength_may_be_a_weight_and_has_a_gradient()
    {
        var builder = new CircuitBuilder(1);
        var w = builder.Weights("noise", 1);
        var circuit = builder.RX(0.3, 0).RX(0.4, 0).ExpectZ().Build().WithNoise(NoiseModel.Empty.After(Gates.PhaseFlip, w[0]));
        using var program = new CpuDevice().Compile<double>(circuit);
        foreach (var p in new[] { 0, 0.2 })
        {
            var (_, byWeights) = program.Jacobian<double>([], [p]);
            Assert.Equal((Math.Cos(0.3) * Math.Cos(0.4)) - ((1 - (2 * p)) * Math.Sin(0.3) * Math.Sin(0.4)), program.Evaluate<double>([], [p])[0], 12);
            Assert.Equal(2 * Math.Sin(0.3) * Math.Sin(0.4), byWeights[0, 0], 12);
        }
    }

    [Fact]
    public void A_readout_error_flips_what_is_read_and_letters_of_any_kind_in_their_own_basis()
    {
        var error = new ReadoutError(0.1, 0.3);
        var model = NoiseModel.Empty.WithReadout(error).WithReadout(default, wire: 1);
        var circuit = new CircuitBuilder(3).RY(0.7, 0).CNOT(0, 1).RX(0.4, 2).CNOT(1, 2);
        var words = circuit.Expect(PauliSum.Parse("X0*X1*Y2")).Expect(PauliSum.Parse("2*Z0-Y2")).Build();
        using var noisy = new CpuDevice().Compile<double>(words.WithNoise(model));
        using var ideal = new CpuDevice().Compile<double>(words.WithMeasurements(
            new Expectation(PauliSum.Parse("X0*X1*Y2")), new Expectation(PauliSum.Parse("X0*X1")), new Expectation(PauliSum.Parse("X1*Y2")),
            new Expectation(PauliSum.Parse("X1")), new Expectation(PauliSum.Parse("Z0")), new Expectation(PauliSum.Parse("Y2"))));
        Assert.True(noisy.Circuit.IsUnitary);
        var (read, true_) = (noisy.Evaluate<double>([]), ideal.Evaluate<double>([]));
        Assert.Equal((0.36 * true_[0]) + (0.12 * true_[1]) + (0.12 * true_[2]) + (0.04 * true_[3]), read[0], 12);
        Assert.Equal((2 * ((0.6 * true_[4]) + 0.2)) - ((0.6 * true_[5]) + 0.2), read[1], 12);

        var probabilities = words.WithMeasurements(new Probabilities(0, 1), new Expectation(PauliWord.Z(0)));
        using var flipped = new CpuDevice().Compile<double>(probabilities.WithNoise(model));
        using var exact = new CpuDevice().Compile<double>(probabilities);
        var (q, p) = (flipped.Evaluate<double>([]), exact.Evaluate<double>([]));
        for (var bit = 0; bit < 2; bit++)
        {
            Assert.Equal((0.9 * p[bit]) + (0.3 * p[2 + bit]), q[bit], 12);
            Assert.Equal((0.1 * p[bit]) + (0.7 * p[2 + bit]), q[2 + bit], 12);
        }

        Assert.Equal((0.6 * p[4]) + 0.2, q[4], 12);
        Assert.Throws<NotSupportedException>(() => words.WithMeasurements(new Probabilities(0), new Expectation(PauliWord.X(0))).WithNoise(model));
    }

    [Fact]
    public void A_measurement_in_the_course_writes_the_wrong_bit_and_leaves_the_wire()
    {
        var builder = new CircuitBuilder(2);
        var c = builder.Bits(1)[0];
        var circuit = builder.RY(1.1, 0).Measure(0, c).When(Condition.IsSet(c), then => then.X(1)).ExpectZ().Measure(new BitProbabilities(c)).Build();
        var noisy = circuit.WithNoise(NoiseModel.Empty.WithReadout(new ReadoutError(0.1, 0.3), wire: 0).WithReadout(default, wire: 1)).WithMeasurements(circuit.Measurements);
        var one = Math.Pow(Math.Sin(0.55), 2);
        var read = (0.1 * (1 - one)) + (0.7 * one);
        foreach (var device in (IDevice[])[new CpuDevice(), new ReferenceDevice()])
        {
            using var program = device.Compile<double>(noisy);
            Assert.Equal([Math.Cos(1.1), 1 - (2 * read), 1 - read, read], program.Evaluate<double>([]), (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        }
    }

    [Theory]
    [InlineData("depolarizing=0.01")]
    [InlineData("DepolarizingChannel=0.01")]
    public void A_text_names_a_channel_with_one_strength(string text) =>
        Assert.Equal(NoiseModel.Empty.After(Gates.DepolarizingChannel, 0.01), NoiseModel.Parse(text));

    [Fact]
    public void A_text_names_several_separated_by_commas() => Assert.Equal(
        NoiseModel.Empty.After(Gates.BitFlip, 0.1).After(Gates.AmplitudeDamping, 0.2).After(Gates.Depolarizing(2), 0.03)
            .After(Gates.PauliChannel("XY"), 0.04).WithReadout(new ReadoutError(0.05, 0.05)),
        NoiseModel.Load("bit-flip=0.1, amplitude_damping=0.2,depolarizing[2]=0.03,PauliError[XY]=0.04,readout=0.05"));

    [Theory]
    [InlineData("")]
    [InlineData("depolarizing")]
    [InlineData("depolarizing=")]
    [InlineData("depolarizing=x")]
    [InlineData("depolarizing=1.5")]
    [InlineData("depolarizing=NaN")]
    [InlineData("nothing=0.1")]
    [InlineData("RX=0.1")]
    [InlineData("ResetError=0.1")]
    [InlineData("readout=-1")]
    [InlineData("bitflip=0.1,,phaseflip=0.1")]
    public void A_text_that_is_no_noise_is_refused_in_one_line(string text) =>
        Assert.DoesNotContain('\n', Assert.Throws<FormatException>(() => NoiseModel.Parse(text)).Message);

    [Fact]
    public void A_model_is_read_back_equal_from_JSON()
    {
        var rule =
            from k in Gen.Int[0, Gates.Channels.Length - 1]
            from values in Gen.Double[0, 1].Array[4]
            from gates in Gen.Int[0, Gates.All.Length - 1].Select(g => Gates.All[g]).Array[0, 3]
            from arity in Gen.Int[0, 3]
            from wires in Gen.Int[0, 9].Array[0, 3]
            from before in Gen.Bool
            select new NoiseRule(Gates.Channels[k], [.. ChannelTests.Strengths(Gates.Channels[k], values).Select(Angle.Constant)]) { Gates = [.. gates], Arity = arity, Wires = [.. wires], Before = before };
        Gen.Select(rule.Array[0, 4], Gen.Select(Gen.Int[-1, 5], Gen.Double[0, 1], Gen.Double[0, 1]).Array[0, 4]).Sample((rules, errors) =>
        {
            var model = rules.Aggregate(NoiseModel.Empty, (sum, one) => sum.With(one));
            model = errors.Aggregate(model, (sum, one) => sum.WithReadout(new ReadoutError(one.Item2, one.Item3), one.Item1 < 0 ? null : one.Item1));
            Assert.Equal(model, NoiseModelJson.Read(NoiseModelJson.Write(model)));
        });
    }

    [Theory]
    [InlineData("""{"rule":[]}""", "noise.json:$: 'rule' is unknown here")]
    [InlineData("""{"rules":[{"channel":"Bit","strengths":[0.1]}]}""", "noise.json:$.rules[0].channel: There is no gate 'Bit'")]
    [InlineData("""{"rules":[{"channel":"X","strengths":[]}]}""", "noise.json:$.rules[0]: X is no noise channel")]
    [InlineData("""{"rules":[{"channel":"BitFlip","strengths":[2]}]}""", "noise.json:$.rules[0]: BitFlip: the strengths 2")]
    [InlineData("""{"rules":[{"channel":"BitFlip","strengths":[0.1],"gates":["Y2"]}]}""", "noise.json:$.rules[0].gates[0]: There is no gate 'Y2'")]
    [InlineData("""{"readout":[{"p01":0.1}]}""", "noise.json:$.readout[0]: 'p10' is missing")]
    [InlineData("""{"readout":[{"p01":0.1,"p10":7}]}""", "noise.json:$.readout[0]: A readout error has two probabilities")]
    public void What_is_wrong_in_a_file_is_said_with_its_place(string json, string start) =>
        Assert.StartsWith(start, Assert.Throws<InvalidDataException>(() => NoiseModelJson.Read(json, "noise.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Noise_of_any_model_leaves_probabilities_that_sum_to_1() => MixedCircuits.Noisy.Sample(
        circuit =>
        {
            var model = NoiseModel.Parse("depolarizing=0.05,amplitude-damping=0.1,readout=0.02");
            using var program = new CpuDevice().Compile<double>(circuit.WithMeasurements(new Probabilities([.. Enumerable.Range(0, circuit.Wires)])).WithNoise(model));
            Assert.Equal(1, program.Evaluate<double>([0.1, 0.6, 0.9], [0.2, 0.4, 0.8]).Sum(), 12);
        },
        iter: 10,
        threads: 1);
}
