// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class RunVerbTests : IDisposable
{
    private const string Bell = """
        OPENQASM 2.0;
        include "qelib1.inc";
        qreg q[2];
        creg c[2];
        h q[0];
        cx q[0],q[1];
        rx(pi) q[1];
        measure q -> c;
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_document_has_what_was_asked_for()
    {
        var path = folder.Write("bell.qasm", Bell);
        var run = CommandLineRun.Of("run", path, "--observables", "Z0,X0*X1, 0.5*Z0*Z1-0.25*X1", "--probabilities", "--state", "--shots", "100", "--counts", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var document = run.Json;
        Assert.Equal(
            ["wires", "operations", "twoQubitGates", "depth", "expectations", "probabilities", "counts", "state", "device"],
            document.EnumerateObject().Select(property => property.Name));
        Assert.Equal((2, 1, 3, "cpu"), (Int(document, "wires"), Int(document, "twoQubitGates"), Int(document, "depth"), document.GetProperty("device").GetString()));
        Assert.Equal("""{"cx":1,"h":1,"rx":1}""", JsonSerializer.Serialize(document.GetProperty("operations")));
        var expectations = document.GetProperty("expectations").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetDouble());
        Assert.Equal(["Z0", "X0*X1", "0.5*Z0*Z1-0.25*X1"], expectations.Keys);
        Assert.Equal(0, expectations["Z0"], 1e-12);
        Assert.Equal(1, expectations["X0*X1"], 1e-12);
        Assert.Equal(-0.5, expectations["0.5*Z0*Z1-0.25*X1"], 1e-12);
        Assert.Equal([0, 0.5, 0.5, 0], document.GetProperty("probabilities").EnumerateArray().Select(one => Math.Round(one.GetDouble(), 12)));
        var amplitude = document.GetProperty("state")[1].EnumerateArray().Select(part => part.GetDouble()).ToArray();
        Assert.Equal(-Math.Sqrt(0.5), amplitude[1], 1e-12); // rx(pi) = -i x
        var counts = document.GetProperty("counts").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt64());
        Assert.Equal(["01", "10"], counts.Keys);
        Assert.Equal(100, counts.Values.Sum());
    }

    [Fact]
    public void Counts_depend_on_the_seed_alone()
    {
        var path = folder.Write("bell.qasm", Bell);
        string Counts(string seed) => CommandLineRun.Of("run", path, "--counts", "--shots", "1000", "--seed", seed, "--json").Json.GetProperty("counts").ToString();
        Assert.Equal(Counts("3"), Counts("3"));
        Assert.NotEqual(Counts("3"), Counts("4"));
    }

    [Fact]
    public void Inputs_are_given_by_name()
    {
        var path = folder.Write("ansatz.qasm", "OPENQASM 3; include \"stdgates.inc\"; input float a; input float b; qubit q; ry(a) q; ry(2*b) q;");
        var run = CommandLineRun.Of("run", path, "--input", "b=0.1,a=0.3", "--observables", "Z0", "--json");
        Assert.Equal(Math.Cos(0.5), run.Json.GetProperty("expectations").GetProperty("Z0").GetDouble(), 1e-12);
        foreach (var (input, expected) in (IEnumerable<(string, string)>)
        [
            ("a=1", "qusp: run:--input: the input b has no value; give --input a=…,b=…"),
            ("a=1,b=x", "qusp: run:--input: 'b=x' gives no number; write b=0.5"),
            ("a=1,b=1,c=2", "qusp: run:--input: the file declares no input 'c'; its inputs are a, b"),
        ])
        {
            var refused = CommandLineRun.Of("run", path, "--input", input);
            Assert.Equal((2, "", expected + Environment.NewLine), (refused.ExitCode, refused.Output, refused.Error));
        }
    }

    [Fact]
    public void People_read_tables()
    {
        var path = folder.Write("bell.qasm", Bell);
        var output = CommandLineRun.Of("run", path, "--probabilities").Output;
        Assert.Contains("two-qubit gates 1", output, StringComparison.Ordinal);
        Assert.Contains("cx 1, h 1, rx 1", output, StringComparison.Ordinal);
        Assert.Contains("01   │ 0.5", output, StringComparison.Ordinal);
        Assert.Contains("Z1         │ 0", CommandLineRun.Of("run", path).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_file_is_one_line_and_exit_code_2()
    {
        var path = folder.Write("wrong.qasm", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\nh q[2];\n");
        var run = CommandLineRun.Of("run", path, "--json");
        Assert.Equal((2, "", $"qusp: {path}:4:5: q[2] is not there: q has 2 elements, 0 to 1{Environment.NewLine}"), (run.ExitCode, run.Output, run.Error));
        foreach (var (expected, arguments) in (IEnumerable<(string, string[])>)
        [
            ("qusp: run:FILE: it is missing; see `qusp run --help`", []),
            ("qusp: run:--observables: Z7 reads wire 7, and the file declares 2 qubits; wires count from 0", [folder.Write("bell.qasm", Bell), "--observables", "Z7"]),
            ("qusp: run:--observables: 'Q0': a Pauli word has letters I, X, Y, Z on wires from 0.", [folder.Write("bell.qasm", Bell), "--observables", "Q0"]),
        ])
        {
            var refused = CommandLineRun.Of(["run", .. arguments]);
            Assert.Equal((2, "", expected + Environment.NewLine), (refused.ExitCode, refused.Output, refused.Error));
        }

        var missing = CommandLineRun.Of("run", folder.Write("bell.qasm", Bell) + "x");
        Assert.Equal((2, $"qusp: {folder.Write("bell.qasm", Bell)}x: there is no such file; check the path{Environment.NewLine}"), (missing.ExitCode, missing.Error));
    }

    private static int Int(JsonElement document, string name) => document.GetProperty(name).GetInt32();
}
