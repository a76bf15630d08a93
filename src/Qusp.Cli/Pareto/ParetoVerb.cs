// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Inference;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>qusp pareto</c>: accuracy against the two-wire gates that a sample runs, over gates, budgets and seeds.</summary>
internal sealed class ParetoVerb
{
    private readonly DataOptions data = new("What to compare on.", otherwise: "breast-cancer");
    private readonly Option<string?> test = Options.Text("--test", "NAME|FILE", "Data to test on, in place of a fifth of --data, drawn by seed.");
    private readonly Option<string?> plan = Options.Text("--plan", "FILE.csv", "Several data sets in place of --data: name,train,test,epochs,batch,published.");
    private readonly Option<string?> dataFolder = Options.Text("--data-folder", "DIR", "Where the files of the plan are. [default: here]");
    private readonly Option<string?> gates = Options.Text("--gates", "NAME[,NAME…]", $"Gates to compare, all of them by 'all'. [default: straight-through]");
    private readonly Option<string?> scopes = Options.Text("--gate-scopes", "NAME[,NAME…]", "wire, entangler, or both. [default: wire,entangler]");
    private readonly Option<string> gradient = Options.Choice("--gate-gradient", "How the gates' decisions are differentiated; arm and dis-arm are for l0-arm.", Words.All<GateGradient>());
    private readonly Option<string?> budgets = Options.Text("--budgets", "N[,N…]", "Two-wire gates a sample, or percent of all: 1,2,4 or 50%,25%,10%. [default: 50%,25%,10%]");
    private readonly Option<bool> controls = Options.Flag("--controls", "Also random, static and magnitude masks of the same budgets, and models without a gate or without a circuit.");
    private readonly Option<int> seeds = Options.Whole("--seeds", 5, "How often each model is trained, from --seed on.", least: 1);
    private readonly Option<int> wires = Options.Whole("--wires", 8, "Wires of the circuit.", least: 2, most: 24);
    private readonly Option<int> layers = Options.Whole("--layers", 1, "Layers of the circuit.", least: 1);
    private readonly Option<int> epochs = Options.Whole("--epochs", 60, "Passes over the training set; a plan has its own.", least: 1);
    private readonly Option<int> batchSize = Options.Whole("--batch-size", 100, "Samples of a step; a plan has its own.");
    private readonly Option<double> learningRate = Options.Real("--lr", 0.05, "Adam's learning rate at the start; it ends at a tenth.", f => f > 0, "give a number above 0");
    private readonly Option<double> decay = Options.Real("--weight-decay", 0.02, "Decoupled weight decay of linear layers.", f => f >= 0, "give a number from 0");
    private readonly Option<string?> output = Options.Text("--out", "DIR", "Where to write. Runs that are there already are not run again. [default: runs/<time>]");

    public static Command Create(Terminal terminal)
    {
        var verb = new ParetoVerb();
        return Verb.Create(
            terminal,
            "pareto",
            "Compare accuracy against executed two-wire gates; writes runs.csv, pareto.md and pareto.svg. Ctrl-C keeps what is done, and the same call goes on.",
            [
                "qusp pareto --data breast-cancer --budgets 0,1,2,4,8 --seeds 5 --out runs/pareto",
                "qusp pareto --plan docs/sparsity/plan.csv --data-folder data --gates all --controls --out docs/sparsity",
            ],
            [
                .. verb.data.Symbols, verb.test, verb.plan, verb.dataFolder, verb.gates, verb.scopes, verb.gradient, verb.budgets, verb.controls, verb.seeds, verb.wires, verb.layers,
                verb.epochs, verb.batchSize, verb.learningRate, verb.decay, verb.output,
            ],
            verb.Run);
    }

    private int Run(Call call)
    {
        var sets = call.Get(plan) is { } file
            ? ParetoSet.Read(file, call.Get(dataFolder) ?? "")
            : [new ParetoSet(Path.GetFileNameWithoutExtension(data.Required(call)), data.Required(call), call.Get(test), call.Get(epochs), call.Get(batchSize), null)];
        var models = Models(call);
        var folder = RunFolder.Claim(call.Get(output), call.Place(output));
        var runs = Path.Combine(folder, "runs.csv");
        var rows = ParetoRow.Read(runs);
        if (!File.Exists(runs))
        {
            AtomicFile.WriteText(runs, ParetoRow.Header + "\n");
        }

        TorchSharp.torch.set_num_threads(1);
        var done = rows.Select(row => row.Key).ToHashSet();
        var missing = (
            from seed in Enumerable.Range((int)call.Seed, call.Get(seeds))
            from set in sets
            from model in models
            where !done.Contains((set.Name, model.Name, model.Budget, seed))
            select (Set: set, Model: model, Seed: seed)).ToList();
        foreach (var (number, next) in missing.Index())
        {
            if (call.Cancellation.IsCancellationRequested)
            {
                break;
            }

            var row = Samples(call, next.Set, next.Seed).Run(next.Model, next.Seed);
            rows.Add(row);
            File.AppendAllText(runs, row.ToCsv() + "\n");
            call.Terminal.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{number + 1}/{missing.Count} {row.Set} {row.Model} {row.Budget} seed {row.Seed} | accuracy {row.Test:F4} | {row.TwoQubit:F2} two-wire gates a sample | {row.Seconds:F1} s"));
        }

        var table = new ParetoTable(sets, rows, ParetoModels.DenseCost(call.Get(wires), call.Get(layers)));
        var (markdown, drawing) = (Path.Combine(folder, "pareto.md"), Path.Combine(folder, "pareto.svg"));
        AtomicFile.WriteText(markdown, table.ToMarkdown());
        AtomicFile.WriteText(drawing, new ParetoChart(table).ToSvg());
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonObject
            {
                ["points"] = new JsonArray([.. table.Points.Select(point => (JsonNode)point.ToJson())]),
                ["files"] = Json.Texts(("runs", runs), ("table", markdown), ("chart", drawing)),
            });
        }
        else
        {
            call.Terminal.Line();
            call.Terminal.Facts(("saved", string.Join(", ", runs, markdown, drawing)));
        }

        if (!call.Cancellation.IsCancellationRequested)
        {
            return CommandLine.Done;
        }

        call.Terminal.Fail($"pareto: interrupted; what is done is in {folder}, the same call goes on from there");
        return CommandLine.Failed;
    }

    private ParetoModels Samples(Call call, ParetoSet set, int seed)
    {
        var all = Datasets.Load(set.Train, call.Get(data.Label), null, (ulong)seed);
        if (all.Labels is null)
        {
            throw new UsageException(set.Train, "it has real targets, and accuracy needs classes; name the class column with --label");
        }

        var (train, held) = set.Test is { } other ? (all, Datasets.Load(other, call.Get(data.Label), all.ClassNames, (ulong)seed)) : all.Split(0.2, (ulong)seed);
        return new ParetoModels(set, train, held!, call.Get(wires), call.Get(layers), Words.Read<GateGradient>(call.Get(gradient)), new TrainOptions
        {
            Loss = Loss.CrossEntropy,
            LearningRate = call.Get(learningRate),
            FinalLearningRate = call.Get(learningRate) / 10,
            WeightDecay = call.Get(decay),
            TorchDevice = "cpu",
        });
    }

    // Cheap ones first: whatever interrupts, a set's references are there.
    private List<ParetoModel> Models(Call call)
    {
        string[] kinds = call.Get(gates) is { } text ? text == "all" ? [.. SparsityGates.Names] : text.Split(',') : [SparsityRule.StraightThrough.Name()];
        Array.ForEach(kinds, kind => UsageException.Blame(call.Place(gates), () => SparsityNames.FindRule(kind)));
        GateScope[] where = [.. (call.Get(scopes) ?? "wire,entangler").Split(',').Select(scope => UsageException.Blame(call.Place(scopes), () => SparsityNames.FindScope(scope)))];
        var dense = ParetoModels.DenseCost(call.Get(wires), call.Get(layers));
        double[] amounts = [.. (call.Get(budgets) ?? "50%,25%,10%").Split(',').Select(amount => Amount(call, amount, dense)).Distinct()];
        List<ParetoModel> models = [new(ParetoModels.Dense)];
        if (call.Get(controls))
        {
            models.AddRange(ParetoModels.References.Where(name => name != ParetoModels.Dense).Select(name => new ParetoModel(name)));
            kinds = [.. kinds, .. ParetoModels.Controls];
        }

        models.AddRange(from amount in amounts where amount < dense from scope in @where from kind in kinds select new ParetoModel(kind, scope, amount));
        return models;
    }

    private double Amount(Call call, string text, double dense)
    {
        var percent = text.EndsWith('%');
        return double.TryParse(percent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? percent ? value * dense / 100 : value
            : throw new UsageException(call.Place(budgets), $"'{text}' is not accepted; give numbers of gates, or percents such as 25%, separated by commas");
    }
}
