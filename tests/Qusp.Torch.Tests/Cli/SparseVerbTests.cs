// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class SparseVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Training_to_a_budget_tells_what_each_epoch_ran_and_gives_the_account()
    {
        var run = Train("--gate", "straight-through", "--budget", "2", "--epochs", "21", "--lr", "0.05", "--loss", "cross-entropy");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"Epoch 10 \| Loss: \d\.\d{4} \| \d\.\d\d two-wire gates a sample, \d+ % of all gates skipped", run.Output);
        Assert.Matches(@"sparsity +straight-through, budget 2 two-qubit: [12]\.\d\d two-wire gates a sample of 4 \(p95 \d\); -?[\d,]+\.\d % of the circuits' time saved", run.Output);
    }

    [Fact]
    public void Json_has_the_account_and_the_budget_is_met_on_the_training_set()
    {
        var run = Train("--gate", "top-k", "--budget", "2", "--budget-kind", "two-qubit", "--epochs", "10", "--json");
        var json = run.Json;
        Assert.Equal("sparse", json.GetProperty("model").GetString());
        var sparsity = json.GetProperty("sparsity");
        Assert.Equal(
            ["twoQubitGatesPerSample", "twoQubitGatesP95", "twoQubitGatesDense", "timeSaved", "gate", "budget", "budgetKind"],
            sparsity.EnumerateObject().Select(field => field.Name));
        Assert.Equal((2, 2, 4), (sparsity.GetProperty("twoQubitGatesPerSample").GetDouble(), sparsity.GetProperty("twoQubitGatesP95").GetDouble(), sparsity.GetProperty("twoQubitGatesDense").GetDouble()));
        Assert.Equal(2, json.GetProperty("test").GetProperty("twoQubitGatesPerSample").GetDouble());
        Assert.All(json.GetProperty("epochs").EnumerateArray(), epoch => Assert.InRange(epoch.GetProperty("twoQubitGatesPerSample").GetDouble(), 1.9, 4));
    }

    [Fact]
    public void A_sparse_model_evaluates_predicts_and_quantizes_from_its_directory()
    {
        var trained = Train("--gate", "hard-concrete", "--budget", "1.5", "--epochs", "10", "--layers", "2", "--json").Json;
        Assert.Equal("classical_output", trained.GetProperty("quantization").GetProperty("layers")[0].GetProperty("name").GetString());
        Assert.Equal(1, trained.GetProperty("quantization").GetProperty("layers").GetArrayLength()); // what decides is not rounded
        var evaluated = CommandLineRun.Of("evaluate", folder.At("model"), "--data", "iris", "--json");
        Assert.Equal(0, evaluated.ExitCode);
        Assert.Equal(0, CommandLineRun.Of("predict", folder.At("model"), "--data", "iris", "--int8").ExitCode);
        Assert.Equal(0, CommandLineRun.Of("quantize", folder.At("model"), "--scheme", "pytorch").ExitCode);
    }

    [Theory]
    [InlineData("--budget", "2", "add --gate")]
    [InlineData("--gate", "sparse", "is not accepted")]
    [InlineData("--gate=top-k", "--model=basic", "no place for a gate")]
    [InlineData("--gate=top-k", "--gate-gradient=arm", "l0-arm")]
    public void Usage_that_cannot_be_meant_is_one_line(string first, string second, string expected)
    {
        var run = Train(first, second);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public void Pareto_writes_runs_table_and_chart_and_goes_on_where_it_was()
    {
        string[] call =
        [
            "pareto", "--data", "iris", "--wires", "4", "--epochs", "6", "--seeds", "2", "--budgets", "50%,1", "--controls", "--gates", "top-k", "--gate-scopes", "wire",
            "--out", folder.At("pareto"), "--json",
        ];
        var run = CommandLineRun.Of(call);
        Assert.Equal(0, run.ExitCode);
        var points = run.Json.GetProperty("points").EnumerateArray().ToList();
        Assert.Equal(5 + (2 * 4), points.Count);
        Assert.All(points, point => Assert.Equal(2, point.GetProperty("seeds").GetInt32()));
        var top = points.Single(point => point.GetProperty("model").GetString() == "top-k/wire" && point.GetProperty("budget").GetDouble() == 1);
        Assert.Equal(1, top.GetProperty("twoQubitGatesPerSample").GetDouble());

        var lines = File.ReadAllLines(folder.At("pareto/runs.csv"));
        Assert.Equal(1 + (2 * 13), lines.Length);
        Assert.Contains("### 50 % of the two-wire gates: 2 a sample", File.ReadAllText(folder.At("pareto/pareto.md")), StringComparison.Ordinal);
        Assert.StartsWith("<svg", File.ReadAllText(folder.At("pareto/pareto.svg")), StringComparison.Ordinal);

        // The last run is lost: it alone is run again, to the same result but for the time.
        File.WriteAllLines(folder.At("pareto/runs.csv"), lines[..^1]);
        var again = CommandLineRun.Of(call);
        Assert.Contains("1/1 iris", again.Error, StringComparison.Ordinal);
        Assert.Equal(WithoutTime(lines[^1]), WithoutTime(File.ReadAllLines(folder.At("pareto/runs.csv"))[^1]));
        static string WithoutTime(string line) => line[..line.LastIndexOf(',')];
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("straight-through", 1.5)]
    public void Sparsify_meets_its_budget_with_a_smaller_model_that_loads(string gate, double budget)
    {
        Assert.Equal(0, Train("--model", "sparse", "--gate", gate, "--epochs", "15", "--lr", "0.05").ExitCode);
        var run = CommandLineRun.Of(
            "sparsify", folder.At("model"), "--data", "iris", "--test-fraction", "0", "--budget", budget.ToString(CultureInfo.InvariantCulture), "--rotations", "0.5",
            "--epochs", "10", "--out", folder.At("small"), "--json");
        Assert.Equal(0, run.ExitCode);
        var (before, after) = (run.Json.GetProperty("before"), run.Json.GetProperty("after"));
        Assert.InRange(after.GetProperty("twoQubitGatesPerSample").GetDouble(), 0.9 * budget, budget);
        Assert.Equal((8, 4), (before.GetProperty("weights").GetInt32(), after.GetProperty("weights").GetInt32()));
        var evaluated = CommandLineRun.Of("evaluate", folder.At("small"), "--data", "iris", "--json").Json;
        Assert.Equal(after.GetProperty("accuracy").GetDouble(), evaluated.GetProperty("accuracy").GetDouble(), 1e-9);
    }

    [Fact]
    public void Interrupted_sparsify_says_so_and_saves_what_there_is()
    {
        Assert.Equal(0, Train("--epochs", "2").ExitCode);
        using var interruption = new CancellationTokenSource();
        interruption.Cancel();
        var run = CommandLineRun.Of(interruption.Token, "sparsify", folder.At("model"), "--data", "iris", "--budget", "1", "--out", folder.At("cut"));
        Assert.Equal(
            (1, $"qusp: sparsify: interrupted before the model was tuned to the end; it is in {folder.At("cut")} as it is{Environment.NewLine}"), (run.ExitCode, run.Error));
        Assert.Equal(0, CommandLineRun.Of("evaluate", folder.At("cut"), "--data", "iris").ExitCode);
    }

    [Fact]
    public void A_plan_that_is_none_is_refused_with_its_place()
    {
        File.WriteAllText(folder.At("plan.csv"), "name,train,test,epochs,batch,published\niris,iris,,many,0,\n");
        var run = CommandLineRun.Of("pareto", "--plan", folder.At("plan.csv"), "--out", folder.At("pareto"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("plan.csv:2", run.Error, StringComparison.Ordinal);
    }

    private CommandLineRun Train(params string[] options) =>
        CommandLineRun.Of(["train", "--data", "iris", "--seed", 1.ToString(CultureInfo.InvariantCulture), "--out", folder.At("model"), .. options]);
}
