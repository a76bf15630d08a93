// SPDX-License-Identifier: Apache-2.0
using Qusp.OpenQasm;
using Xunit;

namespace Qusp.Tests;

/// <summary>Files of every construct, and what they must give.</summary>
public sealed class QasmReaderTests
{
    public static TheoryData<string> Files => [.. QasmSample.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_gives_what_is_worked_out_by_hand(string name)
    {
        var sample = QasmSample.Load(name);
        var circuit = sample.Program.Circuit.WithoutFinalMeasurements().Circuit;
        Assert.True(sample.Expectations.Length + sample.Probabilities.Count > 0, "the file says nothing");
        var device = Devices.Select("reference,cpu", circuit).Device; // the reference takes small mixed states alone
        using var program = device.Compile<double>(
            circuit.WithMeasurements([
                .. sample.Expectations.Select(one => new Expectation(PauliSum.Parse(one.Observable))),
                new Probabilities([.. Enumerable.Range(0, circuit.Wires)]),
            ]),
            new() { Differentiation = Differentiation.None });
        var outputs = program.Evaluate<double>(sample.Inputs.AsSpan(), sample.Weights.AsSpan());
        Assert.All(sample.Expectations.Index(), one => Assert.Equal(one.Item.Value, outputs[one.Index], 1e-10));
        if (sample.Probabilities.Count > 0)
        {
            var found = outputs[sample.Expectations.Length..].Index().ToDictionary(one => Convert.ToString(one.Index, 2).PadLeft(circuit.Wires, '0'), one => one.Item);
            Assert.All(found, one => Assert.True(Math.Abs(sample.Probabilities.GetValueOrDefault(one.Key) - one.Value) < 1e-10, $"{one.Key}: {one.Value}"));
        }
    }

    [Fact]
    public void There_are_files_enough() => Assert.True(QasmSample.Names.Count() >= 30);

    [Fact]
    public void Names_of_wires_bits_inputs_and_operations_are_the_files()
    {
        var program = QasmReader.Parse(
            """
            OPENQASM 3;
            include "stdgates.inc";
            input float theta;
            qubit[2] q;
            qubit anc;
            bit[2] c;
            bit flag;
            U(theta, 0, 0) q[0];
            phase(0.1) q[0];
            cu(0.1, 0.2, 0.3, 0.4) q[0], anc;
            ctrl @ x q[0], q[1];
            ctrl @ sx q[0], q[1];
            measure anc;
            """);
        Assert.Equal(["q[0]", "q[1]", "anc"], program.Wires);
        Assert.Equal(["c[0]", "c[1]", "flag", ""], program.Bits);
        Assert.Equal(["theta"], program.Inputs);
        Assert.Equal(QasmVersion.Three, program.Version);
        Assert.Equal(["U", null, "phase", "cu", null, "cx", "ctrl @ sx", "measure"], program.Names);
        Assert.Equal(program.Circuit.Operations.Length, program.Names.Length);
    }

    [Fact]
    public void Without_a_header_the_library_tells_the_version()
    {
        Assert.Equal(QasmVersion.Two, QasmReader.Parse("include \"qelib1.inc\"; qreg q[1]; u1(2^3) q[0];").Version);
        Assert.Equal(QasmVersion.Three, QasmReader.Parse("include \"stdgates.inc\"; qubit q; h q;").Version);
    }

    [Fact]
    public void Conditions_are_as_few_as_can_be()
    {
        static Circuit Read(string condition) => QasmReader.Parse(
            $"OPENQASM 3; include \"stdgates.inc\"; qubit q; bit[3] c; c[0] = measure q; c[1] = measure q; if ({condition}) {{ x q; }}").Circuit;
        static string[] Conditions(string condition) => [.. Read(condition).Operations[2..].Select(operation => string.Join(" ", operation.Conditions))];
        Assert.Equal(["c2,c1,c0=5"], Conditions("c == 5"));
        Assert.Equal(["c2,c1,c0≠5"], Conditions("5 != c"));
        Assert.Equal(["c0=1 c1=0"], Conditions("c[0] && !c[1]"));
        Assert.Equal(["c1,c0≠0"], Conditions("c[0] || c[1]"));
        Assert.Equal(["c2=0"], Conditions("c < 4"));
        Assert.Equal(["c1,c0=1", "c1,c0=2"], Conditions("c[0] ^ c[1]"));
        Assert.Equal([""], Conditions("c[0] || !c[0]"));
        Assert.Equal([], Conditions("c == 8"));
    }

    [Fact]
    public void Files_are_included_from_their_folder()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "lib"));
            File.WriteAllText(Path.Combine(folder.FullName, "lib", "pair.inc"), "include \"deeper.inc\"; gate pair a, b { turn a; cx a, b; }");
            File.WriteAllText(Path.Combine(folder.FullName, "lib", "deeper.inc"), "gate turn a { h a; }");
            var path = Path.Combine(folder.FullName, "main.qasm");
            File.WriteAllText(path, "OPENQASM 2.0; include \"qelib1.inc\"; include \"lib/pair.inc\"; qreg q[2]; pair q[0],q[1];");
            Assert.Equal(["h", "cx"], QasmReader.Load(path).Names);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
