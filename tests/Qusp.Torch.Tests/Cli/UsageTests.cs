// SPDX-License-Identifier: Apache-2.0
using Qusp.Cli;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("qusp: frobnicate: there is no such verb; see `qusp --help`", "frobnicate")]
    [InlineData("qusp: --frobnicate: there is no such option; see `qusp --help`", "--frobnicate")]
    [InlineData("qusp: train:--frobnicate: there is no such option; see `qusp train --help`", "train", "--frobnicate")]
    [InlineData("qusp: train:more: there is no such argument; see `qusp train --help`", "train", "more")]
    [InlineData("qusp: train:--lr: its value is missing; see `qusp train --help`", "train", "--lr")]
    [InlineData("qusp: train:--lr: '0' is not accepted; give a number above 0", "train", "--lr", "0")]
    [InlineData("qusp: train:--lr: 'NaN' is not accepted; give a number above 0", "train", "--lr", "NaN")]
    [InlineData("qusp: train:--epochs: 'ten' is not accepted; give a whole number from 0", "train", "--epochs", "ten")]
    [InlineData("qusp: train:--wires: '0' is not accepted; give a whole number from 1 to 1024", "train", "--wires", "0")]
    [InlineData("qusp: train:--wires: '2000' is not accepted; give a whole number from 1 to 1024", "train", "--wires", "2000")]
    [InlineData("qusp: train:--epochs: it is given twice; give it once", "train", "--epochs", "3", "--epochs", "4")]
    [InlineData("qusp: train:--seed: '-1' is not accepted; give a whole number from 0", "train", "--seed", "-1")]
    [InlineData("qusp: train:--test-fraction: '1' is not accepted; give a number from 0 to below 1", "train", "--test-fraction", "1")]
    [InlineData("qusp: train:--model: 'huge' is not accepted; give advanced or basic or sparse", "train", "--model", "huge")]
    [InlineData("qusp: train:--precision: 'half' is not accepted; give single or double", "train", "--precision", "half")]
    [InlineData("qusp: train:--loss: 'hinge' is not accepted; give mse or cross-entropy", "train", "--loss", "hinge")]
    [InlineData("qusp: train:--predictions: predictions are a part of the JSON document; add --json", "train", "--predictions")]
    [InlineData("qusp: train:--test-fraction: --test names the test set already; leave one of the two out", "train", "--test", "iris", "--test-fraction", "0.1")]
    [InlineData("qusp: train:--loss: origin has real targets, cross-entropy needs classes; use mse, or name the class column with --label", "train", "--data", "origin", "--loss", "cross-entropy")]
    [InlineData("qusp: train:--test: wine has 13 features and 3 outputs, iris 4 and 3; give data of the same columns", "train", "--test", "wine")]
    [InlineData("qusp: bench:frobnicate: there is no such workload; use origin, origin-guarded, origin-pullback, origin-jacobian, origin-epoch, origin-epoch-cos, forward, forward-new, gradient, gradient-new, batch, batch-new, sample, gate, sparse, sparse-whole", "bench", "frobnicate")]
    [InlineData("qusp: bench:--wires: '1' is not accepted; the circuits have rings, give a whole number from 2, or 0 for their own sizes", "bench", "forward", "--wires", "1")]
    [InlineData("qusp: bench:--wires: '31' is not accepted; give a whole number from 0 to 30", "bench", "--wires", "31")]
    public void Wrong_usage_is_one_line_and_exit_code_2(string expected, params string[] arguments)
    {
        var run = CommandLineRun.Of(arguments);
        Assert.Equal((2, "", expected + Environment.NewLine), (run.ExitCode, run.Output, run.Error));
    }

    [Theory]
    [InlineData("qusp: train:--device: there is no device 'abacus'; use auto,", "train", "--device", "cpu,abacus")]
    [InlineData("qusp: train:--device: no device can do this: lightning.gpu: ", "train", "--device", "lightning.gpu")]
    [InlineData("qusp: train:--diff: no device can do this: sampler: it cannot do", "train", "--device", "sampler", "--diff", "adjoint")]
    [InlineData("qusp: train:--wires: no device can do this: ", "train", "--wires", "40", "--device", "reference")]
    [InlineData("qusp: train:--diff: 'magic' is not accepted; give auto or adjoint or parameter-shift or ", "train", "--diff", "magic")]
    [InlineData("qusp: irs: there is no such file or data set; the data sets are iris,", "train", "--data", "irs")]
    [InlineData("qusp: iris:1: there is no column 'species'; the columns are f0,", "train", "--label", "species")]
    public void Wrong_input_is_one_line_that_begins_with_its_place(string expected, params string[] arguments)
    {
        var run = CommandLineRun.Of(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Contains("; ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b,label\n1e308,2,x\n-1e308,3,y\n1e308,2,x\n0,1,y\n", ", column a: its spread is beyond all numbers; scale the column")]
    [InlineData("a,b,y0\n1,2,3\n1,2,1e300\n4,5,6\n", ": 1E+300 in row 2 is beyond the numbers of single precision; scale the column, or compute in double precision")]
    public void Numbers_too_large_to_compute_with_are_named(string csv, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.csv", csv);
        var run = CommandLineRun.Of("train", "--data", path, "--test-fraction", "0", "--epochs", "1", "--out", Path.Combine(folder.Path, "out"));
        Assert.Equal((2, $"qusp: {path}{expected}{Environment.NewLine}"), (run.ExitCode, run.Error));
    }

    [Fact]
    public void A_file_in_another_encoding_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.csv", "");
        File.WriteAllBytes(path, [.. "a,label\n1,"u8, 0xE9, .. "t\n2,b\n"u8]);
        var run = CommandLineRun.Of("train", "--data", path);
        Assert.Equal((2, $"qusp: {path}: a byte of it is no part of UTF-8; CSV is text: save it as UTF-8{Environment.NewLine}"), (run.ExitCode, run.Error));
    }

    [Fact]
    public void A_wrong_file_is_named_with_the_place()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.csv", "a,b,label\n1,2,0\n3,oops,1\n");
        foreach (var arguments in (string[][])[["train", "--data", path], ["train", "--data", path, "--json"], ["train", "--test", path]])
        {
            var run = CommandLineRun.Of(arguments);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Equal($"qusp: {path}:3, column b: 'oops' is not a number; write it such as 0.5, or name the class column with --label{Environment.NewLine}", run.Error);
        }
    }

    [Fact]
    public void Every_verb_has_help_with_an_example_and_the_version()
    {
        var verbs = CommandLineRun.Of("--help").Output.Split('\n').SkipWhile(line => !line.StartsWith("Commands:", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Trim().Length > 0).Where(line => line[2] != ' ').Select(line => line.Trim().Split(' ')[0]).ToArray();
        Assert.Contains("train", verbs);
        foreach (var verb in verbs)
        {
            var help = CommandLineRun.Of(verb, "--help");
            Assert.Equal((0, ""), (help.ExitCode, help.Error));
            Assert.Contains($"Example:{Environment.NewLine}  qusp {verb}", help.Output, StringComparison.Ordinal);
            Assert.Contains($"Usage:{Environment.NewLine}  qusp {verb} ", help.Output, StringComparison.Ordinal);
            Assert.Contains("--json", help.Output, StringComparison.Ordinal);
            Assert.Contains("--seed", help.Output, StringComparison.Ordinal);
            var version = CommandLineRun.Of(verb, "--version");
            Assert.Equal((0, CommandLine.Version, ""), (version.ExitCode, version.Output.Trim(), version.Error));
        }

        Assert.Equal(CommandLine.Version, CommandLineRun.Of("--version").Output.Trim());
        Assert.Equal(0, CommandLineRun.Of().ExitCode);
    }
}
