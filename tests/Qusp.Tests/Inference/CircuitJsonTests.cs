// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class CircuitJsonTests
{
    private static readonly Gen<double> AnyNumber = Gen.OneOf(Gen.Double[-10, 10], Gen.Double.Where(double.IsFinite), Gen.OneOf<double>(0, -0.0, 0.1, double.Epsilon, double.MaxValue, 1.0 / 3));

    private static readonly Gen<Angle> AnyAffine =
        from source in Gen.OneOf<AngleSource>(AngleSource.Constant, AngleSource.Input, AngleSource.Weight)
        from index in Gen.Int[0, 2]
        from scale in Gen.OneOf(Gen.Const(1.0), AnyNumber)
        from offset in Gen.OneOf(Gen.Const(0.0), AnyNumber)
        from odd in Gen.Bool
        select source != AngleSource.Constant || odd ? new Angle(source, index, scale, offset) : Angle.Constant(offset);

    private static readonly Gen<Angle> AnyAngle =
        from parts in AnyAffine.Array[3]
        from depth in Gen.Int[0, 3]
        from finite in Gen.Double[-2, 2]
        select depth switch
        {
            0 => parts[0],
            1 => Angle.Input(0) * Angle.Weight(1) * finite,
            2 => Angle.Sin(Angle.Input(1) / Angle.Input(2)) - Angle.Atan2(Angle.Weight(0), Angle.Exp(finite * Angle.Input(0))),
            _ => Angle.Pow(Angle.Input(0) + Angle.Input(1), 2) + Angle.Sqrt(Angle.Input(0) + Angle.Input(1)),
        };

    private static readonly Gen<Guard?> AnyGuard =
        from input in Gen.Int[0, 2]
        from threshold in Gen.OneOf(AnyNumber, Gen.OneOf(double.PositiveInfinity, double.NegativeInfinity))
        from absolute in Gen.Bool
        from none in Gen.Bool
        select none ? (Guard?)null : new Guard(input, threshold, absolute);

    private static readonly Gen<Operation> AnyOperation =
        from k in Gen.Int[0, GateSamples.All.Length - 1]
        from angles in AnyAngle.Array[GateSamples.All[k].Parameters]
        from wires in Gen.Shuffle(new[] { 0, 1, 2, 3, 4 })
        from guard in AnyGuard
        select new Operation(GateSamples.All[k], [.. wires.Take(GateSamples.All[k].Wires)], [.. angles], guard);

    private static readonly ImmutableArray<Gate> Mixing =
    [
        .. Gates.Channels, .. Gates.MidCircuit, Gates.PauliChannel("XY", "ZI"), Gates.Depolarizing(2), Gates.Barrier(3),
        Gates.Channel("a coin, \"tossed\"", MatrixAlgebra.Scale(Gates.H.Matrix(), Math.Sqrt(0.5)), MatrixAlgebra.Scale(Gates.S.Matrix(), Math.Sqrt(0.5))),
    ];

    private static readonly Gen<Operation> AnyMixing =
        from k in Gen.Int[0, Mixing.Length - 1]
        from angles in AnyAngle.Array[Mixing[k].Parameters]
        from wires in Gen.Shuffle(new[] { 0, 1, 2, 3, 4 })
        from guard in AnyGuard
        from bits in Gen.Shuffle(new[] { 0, 1, 2, 3 })
        from conditions in Gen.Select(Gen.ULong[0, 3], Gen.Bool).Select(one => new Condition([bits[0], bits[1]], one.Item1, one.Item2)).Array[0, 2]
        select new Operation(Mixing[k], [.. wires.Take(Mixing[k].Wires)], [.. angles], guard, Mixing[k].Kind == GateKind.Measure ? bits[2] : null, [.. conditions]);

    private static readonly Gen<Measurement> AnyMeasurement = Gen.OneOf(
        Gen.Select(AnyNumber, Gen.String[Gen.Char["IXYZ"], 1, 5]).Array[1, 4]
            .Select(terms => (Measurement)new Expectation(new PauliSum([.. terms.Select(term => (term.Item1, PauliWord.FromLetters(term.Item2)))]))),
        Gen.Shuffle(new[] { 0, 1, 2, 3, 4 }).Select(wires => (Measurement)new Probabilities([.. wires[..3]])),
        Gen.Shuffle(new[] { 0, 1, 2, 3, 4 }).Select(Gen.Int[0, 6], Derived),
        Gen.Const((Measurement)new StateVector()));

    private static Measurement Derived(int[] wires, int kind) => kind switch
    {
        0 => new Variance(PauliSum.Parse($"0.25*X{wires[0]}-Z{wires[1]}")),
        1 => new ProjectorExpectation(new Projector("011", [.. wires[..3]])),
        2 => new ProjectorVariance(new Projector("1", wires[0])),
        3 => new DensityMatrix(wires[0], wires[1]),
        4 => new Purity([.. wires[..3]]),
        5 => wires[0] > 2 ? new VnEntropy(wires[0] - 1, [wires[1]]) : new MutualInformation([wires[0]], [wires[2], wires[1]], 2),
        _ => wires[0] > 2
            ? new Fidelity([new Complex(0.6, 0), new Complex(0, 0.8)], wires[0])
            : new Fidelity(new Complex[,] { { 0.7, new(0.1, 0.2) }, { new(0.1, -0.2), 0.3 } }, wires[0]),
    };

    private static readonly Gen<Circuit> AnyCircuit =
        from shape in Gen.Int[1, 3].Array[1, 3]
        from operations in AnyOperation.Array[0, 12]
        from measurements in AnyMeasurement.Array[0, 3]
        select new Circuit(5, 3, Groups(shape), [.. operations], [.. measurements]);

    private static readonly Gen<Circuit> AnyMixed =
        from plain in AnyCircuit
        from mixing in AnyMixing.Array[1, 8]
        from measured in Gen.Shuffle(new[] { 0, 1, 2, 3 })
        select new Circuit(5, 3, plain.WeightGroups, [.. plain.Operations, .. mixing], [.. plain.Measurements, new BitProbabilities([.. measured[..2]])], bits: 4);

    [Fact]
    public void Any_circuit_is_read_back_equal() => AnyCircuit.Sample(circuit =>
    {
        var text = CircuitJson.Write(circuit);
        var read = CircuitJson.Read(text);
        Assert.True(circuit.Equals(read), text);
        Assert.Equal(text, CircuitJson.Write(read));
    });

    [Fact]
    public void A_circuit_with_noise_bits_and_conditions_is_read_back_equal() => AnyMixed.Sample(circuit =>
    {
        var text = CircuitJson.Write(circuit);
        Assert.True(circuit.Equals(CircuitJson.Read(text)), text);
    });

    [Fact]
    public void The_form_of_bits_and_channels_is_the_documented_one()
    {
        var builder = new CircuitBuilder(2);
        var c = builder.Bits(2);
        var circuit = builder.DepolarizingChannel(0.1, 0).Measure(0, c[1]).When(new Condition([c[0], c[1]], 2, negated: true), then => then.X(1))
            .Apply(Gates.Channel("nothing", Gates.I.Matrix()), [1]).Measure(new BitProbabilities(c[1])).Build();
        const string Expected = """
            {"wires":2,"inputs":0,"bits":2,"operations":[{"gate":"DepolarizingChannel","wires":[0],"angles":[0.1]},{"gate":"Measure","wires":[0],"bit":1},
            {"gate":"X","wires":[1],"conditions":[{"bits":[0,1],"value":2,"negated":true}]},
            {"gate":"Channel","wires":[1],"label":"nothing","kraus":[{"re":[[1,0],[0,1]],"im":[[0,0],[0,0]]}]}],"measurements":[{"bitProbabilities":[1]}]}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), CircuitJson.Write(circuit));
        Assert.Equal(circuit, CircuitJson.Read(Expected));
    }

    [Theory]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"Measure","wires":[0],"bit":0}]}""", "c.json:$.operations[0].bit: the circuit has no bits; declare them")]
    [InlineData("""{"wires":1,"inputs":0,"bits":1,"operations":[{"gate":"Measure","wires":[0]}]}""", "c.json:$.operations[0]: Measure: a measurement writes a bit")]
    [InlineData("""{"wires":1,"inputs":0,"bits":1,"operations":[{"gate":"X","wires":[0],"conditions":[{"bits":[0],"value":2}]}]}""", "c.json:$.operations[0].conditions[0]: 1 bit(s) never spell 2")]
    [InlineData("""{"wires":1,"inputs":0,"bits":1,"operations":[{"gate":"X","wires":[0],"conditions":[{"bits":[0],"value":-1}]}]}""", "c.json:$.operations[0].conditions[0].value: bits spell")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"Channel","wires":[0]}]}""", "c.json:$.operations[0].gate: Channel needs its Kraus operators")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"Channel","wires":[0],"kraus":[{"re":[[1,0],[0,0]],"im":[[0,0],[0,0]]}]}]}""", "c.json:$.operations[0].kraus: Channel: the channel does not keep the trace")]
    public void What_is_wrong_with_bits_and_channels_is_said_with_its_place(string json, string start) =>
        Assert.StartsWith(start, Assert.Throws<InvalidDataException>(() => CircuitJson.Read(json, "c.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_gate_of_the_table_and_of_its_families_is_read_back_equal() => Assert.All(GateSamples.All, gate =>
    {
        var circuit = new CircuitBuilder(gate.Wires)
            .Apply(gate, [.. Enumerable.Range(0, gate.Wires)], [.. Enumerable.Repeat(Angle.Constant(0.3), gate.Parameters)]).State().Build();
        Assert.Equal(circuit, CircuitJson.Read(CircuitJson.Write(circuit)));
    });

    [Fact]
    public void What_is_derived_from_a_matrix_is_read_back_equal()
    {
        var custom = Gates.Unitary(new Complex[,] { { 0.6, 0.8 * Complex.ImaginaryOne }, { 0.8 * Complex.ImaginaryOne, 0.6 } });
        foreach (var gate in new[] { custom.Power(0.1).Controlled(false, true), custom.Adjoint().Power(1 / 3.0), custom.Power(-2).Adjoint(), custom.Controlled().Power(0.5) })
        {
            var circuit = new CircuitBuilder(3).Apply(gate, [.. Enumerable.Range(0, gate.Wires)]).ExpectZ().Build();
            Assert.Equal(circuit, CircuitJson.Read(CircuitJson.Write(circuit)));
        }
    }

    [Fact]
    public void A_read_gate_has_the_matrix_to_the_last_bit()
    {
        var circuit = new CircuitBuilder(2).Apply(GateSamples.Custom, [0, 1]).Build();
        var read = CircuitJson.Read(CircuitJson.Write(circuit));
        Assert.Equal(0, MatrixAlgebra.Distance(GateSamples.Custom.Matrix(), read.Operations[0].Gate.Matrix()));
    }

    [Fact]
    public void The_form_is_the_documented_one()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        var w = builder.Weights("w", 2);
        var circuit = builder
            .If(x[0] > 0.1, then => then.RY(2 * x[0], 0))
            .If(x[0].Abs() > 0.2, then => then.CNOT(0, 1))
            .Rot(0.5, w[0], w[1] + 0.1, 1)
            .Apply(Gates.Unitary(new Complex[,] { { 0, 1 }, { 1, 0 } }).Controlled(false), [0, 1])
            .Expect(0.5 * (PauliWord.Z(0) * PauliWord.X(1))).Probabilities(1, 0).State().Build();
        const string Expected = """
            {"wires":2,"inputs":1,"weights":[{"name":"w","shape":[2]}],"operations":[
            {"gate":"RY","wires":[0],"angles":[{"source":"input","index":0,"scale":2}],"guard":{"input":0,"threshold":0.1}},
            {"gate":"CNOT","wires":[0,1],"guard":{"input":0,"threshold":0.2,"absolute":true}},
            {"gate":"Rot","wires":[1],"angles":[0.5,{"source":"weight","index":0},{"source":"weight","index":1,"offset":0.1}]},
            {"gate":"Controlled[0](Unitary)","wires":[0,1],"matrix":{"re":[[0,1],[1,0]],"im":[[0,0],[0,0]]}}],
            "measurements":[{"expectation":"0.5*Z0*X1"},{"probabilities":[1,0]},{"state":true}]}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), CircuitJson.Write(circuit));
        Assert.Equal(circuit, CircuitJson.Read(Expected));
    }

    [Fact]
    public void Golden_circuits_are_read_back_equal() =>
        Assert.All(GoldenCircuits.All.SelectMany(golden => Enum.GetValues<AngleSource>().Select(source => golden.ToCircuit(source, new StateVector()))), circuit =>
            Assert.Equal(circuit, CircuitJson.Read(CircuitJson.Write(circuit))));

    [Fact]
    public void An_element_of_a_larger_document_is_read()
    {
        using var document = JsonDocument.Parse("""{"circuit":{"wires":1,"inputs":0,"measurements":[{"expectation":"Z0"}]}}""");
        Assert.Equal(new CircuitBuilder(1).ExpectZ().Build(), CircuitJson.Read(document.RootElement.GetProperty("circuit")));
    }

    [Theory]
    [InlineData("", "c.json:$: ")]
    [InlineData("[]", "c.json:$: this is not an object; write an object")]
    [InlineData("""{"inputs":0}""", "c.json:$: 'wires' is missing; write it")]
    [InlineData("""{"wires":0,"inputs":0}""", "c.json:$.wires: 0 is not allowed; write a whole number from 1 to 1024")]
    [InlineData("""{"wires":1e9,"inputs":0}""", "c.json:$.wires: 1e9 is not allowed")]
    [InlineData("""{"wires":1,"inputs":-1}""", "c.json:$.inputs: -1 is not allowed; write a whole number from 0")]
    [InlineData("""{"wires":1,"inputs":0,"wire":2}""", "c.json:$: 'wire' is unknown here; known are wires, inputs, weights")]
    [InlineData("""{"wires":1,"inputs":0,"inputs":0}""", "c.json:$: 'inputs' stands twice")]
    [InlineData("""{"wires":1,"inputs":0,"\ud800":0}""", "c.json:$: a name is half of a surrogate pair")]
    [InlineData("""{"wires":1,"inputs":0,"weights":[{"name":"a.b","shape":[1]}]}""", "c.json:$.weights[0]: 'a.b': a group of weights has a name of its own")]
    [InlineData("""{"wires":1,"inputs":0,"weights":[{"name":"a","shape":[0]}]}""", "c.json:$.weights[0].shape[0]: 0 is not allowed")]
    [InlineData("""{"wires":1,"inputs":0,"weights":[{"name":"a","shape":[2147483647,2147483647]}]}""", "c.json:$.weights[0]: a[2147483647, 2147483647]")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"RX","wires":[0]}]}""", "c.json:$.operations[0]: RX takes 1 angle(s), not 0.")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"XR","wires":[0]}]}""", "c.json:$.operations[0].gate: there is no gate 'XR'; `qusp gates` lists")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"Unitary","wires":[0]}]}""", "c.json:$.operations[0].gate: Unitary needs its matrix")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"X","wires":[1]}]}""", "c.json:$.operations[0].wires[0]: 1 is not allowed; write a whole number from 0 to 0")]
    [InlineData("""{"wires":2,"inputs":0,"operations":[{"gate":"CNOT","wires":[1,1]}]}""", "c.json:$.operations[0]: CNOT on wires 1, 1")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"RX","wires":[0],"angles":[{"source":"input","index":0}]}]}""", "c.json:$.operations[0].angles[0].index: the circuit has no inputs")]
    [InlineData("""{"wires":1,"inputs":1,"operations":[{"gate":"RX","wires":[0],"angles":[{"source":"input","index":1}]}]}""", "c.json:$.operations[0].angles[0].index: 1 is not allowed")]
    [InlineData("""{"wires":1,"inputs":1,"operations":[{"gate":"RX","wires":[0],"angles":[{"source":"in","index":1}]}]}""", "c.json:$.operations[0].angles[0].source: 'in' is no source")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"RX","wires":[0],"angles":["x"]}]}""", "c.json:$.operations[0].angles[0]: \"x\" is not an object")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"RX","wires":[0],"angles":[1e999]}]}""", "c.json:$.operations[0].angles[0]: 1e999 is no number; write one within the range of double")]
    [InlineData("""{"wires":1,"inputs":1,"operations":[{"gate":"X","wires":[0],"guard":{"input":1,"threshold":0}}]}""", "c.json:$.operations[0].guard.input: 1 is not allowed")]
    [InlineData("""{"wires":1,"inputs":1,"operations":[{"gate":"X","wires":[0],"guard":{"input":0,"threshold":"a"}}]}""", "c.json:$.operations[0].guard.threshold: \"a\" is no number")]
    [InlineData("""{"wires":1,"inputs":1,"operations":[{"gate":"X","wires":[0],"guard":{"input":0,"threshold":0,"absolute":1}}]}""", "c.json:$.operations[0].guard.absolute: 1 is not allowed; write true or false")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"Unitary","wires":[0],"matrix":{"re":[[1,0],[0,2]],"im":[[0,0],[0,0]]}}]}""", "c.json:$.operations[0].matrix: The matrix is not unitary")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"Unitary","wires":[0],"matrix":{"re":[[1,0],[0]],"im":[[0,0],[0,0]]}}]}""", "c.json:$.operations[0].matrix: re and im are not square")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"X","wires":[0],"matrix":{"re":[[1,0],[0,1]],"im":[[0,0],[0,0]]}}]}""", "c.json:$.operations[0].gate: 'X' is not made from a matrix")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"Power[x](Unitary)","wires":[0],"matrix":{"re":[[1,0],[0,1]],"im":[[0,0],[0,0]]}}]}""", "c.json:$.operations[0].gate: 'Power[x](Unitary)' is not made")]
    [InlineData("""{"wires":1,"inputs":0,"operations":[{"gate":"QFT[12]","wires":[0]}]}""", "c.json:$.operations[0].gate: there is no gate")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"expectation":"Z1"}]}""", "c.json:$.measurements[0].expectation: ⟨Z1⟩ reads wire 1")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"expectation":"Q1"}]}""", "c.json:$.measurements[0].expectation: 'Q1'")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"probabilities":[0,0]}]}""", "c.json:$.measurements[0].probabilities: Probabilities are of")]
    [InlineData("""{"wires":40,"inputs":0,"measurements":[{"state":true}]}""", "c.json:$.measurements[0]: The state of 40 wires")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"state":false}]}""", "c.json:$.measurements[0].state: false measures nothing")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"state":true,"base":2}]}""", "c.json:$.measurements[0].base: it belongs to")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"entropy":[0],"base":1}]}""", "c.json:$.measurements[0]: 1: the base")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"entropy":[1]}]}""", "c.json:$.measurements[0].entropy[0]: 1 is not allowed")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"projector":"2","wires":[0]}]}""", "c.json:$.measurements[0]: '2': a bit string")]
    [InlineData("""{"wires":2,"inputs":0,"measurements":[{"mutualInformation":[[0],[0]]}]}""", "c.json:$.measurements[0]: Entropy is of")]
    [InlineData("""{"wires":2,"inputs":0,"measurements":[{"mutualInformation":[[0]]}]}""", "c.json:$.measurements[0].mutualInformation: write two lists")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"fidelity":{"re":[1,1],"im":[0,0]},"wires":[0]}]}""", "c.json:$.measurements[0]: A state's probabilities")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{"fidelity":{"re":[1,0],"im":[0]},"wires":[0]}]}""", "c.json:$.measurements[0].fidelity.im: it has")]
    [InlineData("""{"wires":1,"inputs":0,"measurements":[{}]}""", "c.json:$.measurements[0]: a measurement has one of")]
    public void A_bad_document_ends_in_one_line_that_names_the_place(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => CircuitJson.Read(json, "c.json"));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("Parameter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_names_of_gates_are_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("Adjoint(", 10000)) + "Unitary" + new string(')', 10000);
        var json = """{"wires":1,"inputs":0,"operations":[{"gate":"DEEP","wires":[0],"matrix":{"re":[[1,0],[0,1]],"im":[[0,0],[0,0]]}}]}"""
            .Replace("DEEP", deep, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => CircuitJson.Read(json));
    }

    [Fact]
    public void A_document_changed_anywhere_is_read_or_refused()
    {
        var text = CircuitJson.Write(GoldenCircuits.All[0].ToCircuit(AngleSource.Input, new Expectation(PauliWord.Z(0))));
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Char["{}[]\",:0123456789eE.-+aZ"]).Sample((at, letter) =>
        {
            var changed = text[..at] + letter + text[(at + 1)..];
            try
            {
                CircuitJson.Read(changed);
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith("circuit:$", error.Message, StringComparison.Ordinal);
            }
        });
    }

    private static ImmutableArray<WeightGroup> Groups(int[] shape)
    {
        var builder = new CircuitBuilder(1);
        return [builder.Weights("weights", [.. shape]), builder.Weights("ü\"", 3)];
    }
}
