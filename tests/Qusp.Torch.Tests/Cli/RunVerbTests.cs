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
    public void Where_a_file_measures_in_its_course_counts_are_of_its_bits()
    {
        var path = folder.Write("fix.qasm", """
            OPENQASM 3.0;
            include "stdgates.inc";
            qubit[2] q;
            bit outcome;
            bit[2] c;
            h q[0];
            outcome = measure q[0];
            if (outcome) { x q[1]; }
            c[0] = measure q[1];
            """);
        var document = CommandLineRun.Of("run", path, "--observables", "Z0*Z1", "--counts", "--shots", "400", "--json").Json;
        Assert.Equal(1, document.GetProperty("expectations").GetProperty("Z0*Z1").GetDouble(), 1e-12);
        var counts = document.GetProperty("counts").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt64());
        Assert.Equal(["000", "110"], counts.Keys);
        Assert.Equal(400, counts.Values.Sum());
        Assert.Equal("""{"h":1,"measure":1,"x":1}""", JsonSerializer.Serialize(document.GetProperty("operations")));
        var refused = CommandLineRun.Of("run", path, "--state");
        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith("qusp: run:--state: cpu: ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_of_wide_noisy_circuits_come_from_random_paths()
    {
        var path = folder.Write("wide.qasm", """
            OPENQASM 3.0;
            include "stdgates.inc";
            qubit[18] q;
            bit[2] c;
            h q[0];
            for int i in [0:16] { cx q[i], q[i + 1]; }
            c[0] = measure q[0];
            for int i in [1:16] { reset q[i]; }
            if (c[0] == 1) { x q[17]; }
            c[1] = measure q[17];
            """);
        var document = CommandLineRun.Of("run", path, "--noise", "phaseflip=0.1", "--shots", "50", "--json").Json;
        Assert.Equal("trajectories", document.GetProperty("device").GetString());
        var counts = document.GetProperty("counts").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt64());
        Assert.Equal(["00", "10"], counts.Keys);
        Assert.Equal(50, counts.Values.Sum());

        var noisy = folder.Write("bell.qasm", Bell);
        var few = CommandLineRun.Of("run", noisy, "--device", "trajectories", "--noise", "bitflip=0.1", "--shots", "64", "--json").Json.GetProperty("counts");
        Assert.Equal(64, few.EnumerateObject().Sum(one => one.Value.GetInt64()));
    }

    [Fact]
    public void Only_measured_qubits_are_counted_in_order_of_declaration()
    {
        var path = folder.Write("some.qasm", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3];\ncreg c[2];\nx q[2];\nmeasure q[2] -> c[0];\nmeasure q[0] -> c[1];");
        Assert.Equal("""{"01":10}""", JsonSerializer.Serialize(CommandLineRun.Of("run", path, "--shots", "10", "--json").Json.GetProperty("counts")));
    }

    [Fact]
    public void Noise_is_named_or_read_from_a_file()
    {
        var path = folder.Write("flip.qasm", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[1];\nx q[0];");
        double Z(string noise) => CommandLineRun.Of("run", path, "--observables", "Z0", "--noise", noise, "--json").Json.GetProperty("expectations").GetProperty("Z0").GetDouble();
        Assert.Equal(-0.8, Z("bitflip=0.1"), 1e-12);
        Assert.Equal(Z("bitflip=0.1"), Z(folder.Write("noise.json", NoiseModelJson.Write(NoiseModel.Parse("bitflip=0.1")))), 1e-15);
        var refused = CommandLineRun.Of("run", path, "--noise", "gremlins=1");
        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith("qusp: run:--noise: gremlins=1: there is no noise 'gremlins'", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Circuits_histograms_and_spheres_are_drawn()
    {
        var path = folder.Write("bell.qasm", Bell);
        Assert.Contains("●", CommandLineRun.Of("draw", path).Output, StringComparison.Ordinal);
        Assert.All(CommandLineRun.Of("draw", path, "--width", "40").Output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 40));
        foreach (var arguments in (string[][])[["draw", path, "--svg"], ["run", path, "--counts", "--histogram"], ["run", path, "--bloch"]])
        {
            var picture = Path.Combine(Path.GetDirectoryName(path)!, "picture.svg");
            Assert.Equal(0, CommandLineRun.Of([.. arguments, picture]).ExitCode);
            Assert.StartsWith("<svg ", File.ReadAllText(picture), StringComparison.Ordinal);
        }

        Assert.Equal([path, Path.Combine(Path.GetDirectoryName(path)!, "picture.svg")], Directory.GetFiles(Path.GetDirectoryName(path)!).Order());
        Assert.Equal("text", Assert.Single(CommandLineRun.Of("draw", path, "--json").Json.EnumerateObject()).Name);
        Assert.Equal(2, CommandLineRun.Of("draw", path + "x").ExitCode);
    }

    [Fact]
    public void A_model_of_two_circuits_is_drawn_into_two_files_and_not_into_one_pipe()
    {
        const string layer = """{"type": "quantum", "name": "q%", "guardComparison": "item", "circuitPrecision": "double", "circuit": {"wires": 1, "inputs": 1, "operations": [], "measurements": [{"expectation": "Z0"}]}}""";
        folder.Write("model.json", $$"""{"format": "qusp-model", "version": 1, "model": "custom", "precision": "double", "layers": [{{layer.Replace('%', '0')}}, {{layer.Replace('%', '1')}}]}""");
        var run = CommandLineRun.Of("draw", folder.Path, "--svg", Path.Combine(folder.Path, "c.svg"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["c.svg", "c.1.svg"], run.Json.GetProperty("files").EnumerateArray().Select(file => Path.GetFileName(file.GetString())));
        run = CommandLineRun.Of("draw", folder.Path, "--svg", "/dev/stdout");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("qusp: draw:--svg: the model has 2 circuits, and /dev/stdout takes one picture; name a file", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("draw", "--svg", "none/at/all.svg", "draw:--svg: the directory of none/at/all.svg is not there; make it first")]
    [InlineData("draw", "--svg", "/", "draw:--svg: '/' is no file; name one, such as drawing.svg")]
    [InlineData("run", "--histogram", "none/at/all.svg", "run:--histogram: the directory of none/at/all.svg is not there; make it first")]
    [InlineData("run", "--bloch", "", "run:--bloch: '' is no file; name one, such as bloch.svg")]
    public void A_picture_that_cannot_be_written_is_refused_before_the_run(string verb, string option, string picture, string expected)
    {
        var run = CommandLineRun.Of(verb, folder.Write("bell.qasm", Bell), option, picture);
        Assert.Equal((2, "", $"qusp: {expected}{Environment.NewLine}"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public void An_interrupted_run_ends_at_once_with_a_line()
    {
        using var interruption = new CancellationTokenSource();
        interruption.Cancel();
        var path = folder.Write("wide.qasm", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[22] q;\nfor int j in [0:9] { for int i in [1:21] { ry(0.1*i) q[i]; cx q[i-1], q[i]; } }\n");
        var run = CommandLineRun.Of(interruption.Token, "run", path, "--device", "cpu");
        Assert.Equal((1, "", $"qusp: run: interrupted before there was anything to keep; run it again{Environment.NewLine}"), (run.ExitCode, run.Output, run.Error));
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
    public void Weights_of_a_written_circuit_are_given_as_inputs_are()
    {
        var builder = new CircuitBuilder(1);
        var x = builder.Inputs(1);
        var path = folder.Write("written.qasm", OpenQasm.QasmWriter.Write(builder.RY(x[0], 0).RY(builder.Weights("w", 1)[0], 0).Build()));
        var run = CommandLineRun.Of("run", path, "--input", "x0=0.3,w0=0.4", "--observables", "Z0", "--json");
        Assert.Equal(Math.Cos(0.7), run.Json.GetProperty("expectations").GetProperty("Z0").GetDouble(), 1e-12);
    }

    [Fact]
    public void Too_many_bit_strings_are_not_listed()
    {
        var path = folder.Write("wide.qasm", "OPENQASM 3; include \"stdgates.inc\"; qubit[40] q; h q;");
        foreach (var (option, expected) in (IEnumerable<(string, string)>)
        [
            ("--probabilities", "40 qubits have too many bit strings to list, at most 20 can be; ask for --observables or --counts"),
            ("--counts", "40 qubits have too many bit strings to draw from, at most 26 can be; measure fewer of them at the end of the file, or ask for --observables"),
        ])
        {
            var refused = CommandLineRun.Of("run", path, option);
            Assert.Equal((2, $"qusp: run:{option}: {expected}{Environment.NewLine}"), (refused.ExitCode, refused.Error));
        }

        Assert.Equal(0, CommandLineRun.Of("run", path, "--observables", "X39").ExitCode);
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
            ("qusp: run:FILE: the name is empty; name an OpenQASM file", [""]),
            ("qusp: run:--observables: Z7 reads wire 7, and the file declares 2 qubits; wires count from 0", [folder.Write("bell.qasm", Bell), "--observables", "Z7"]),
            ("qusp: run:--observables: 'Q0': a Pauli word has letters I, X, Y, Z on wires from 0; write it such as X0*Z2.", [folder.Write("bell.qasm", Bell), "--observables", "Q0"]),
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
