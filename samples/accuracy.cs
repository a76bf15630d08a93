#:project ../src/Qusp.Torch
#:property BringsLibTorch=true
// SPDX-License-Identifier: Apache-2.0
// The table of docs/accuracy.md: mean test accuracy over ten seeds of the document's two models, against logistic
// regression trained by TorchSharp on the same splits. Run with: dotnet run -c Release samples/accuracy.cs
using Qusp;
using Qusp.Torch;
using static TorchSharp.torch;

const int Seeds = 10;
Console.WriteLine("| data | advanced | basic | logistic regression | gates executed of all (advanced) |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var name in (string[])["iris", "wine", "breast-cancer"])
{
    var data = Datasets.Load(name);
    var scores = new List<double>[] { [], [], [] };
    var cost = default(Cost);
    for (ulong seed = 0; seed < Seeds; seed++)
    {
        using var scope = NewDisposeScope();
        var (train, test) = data.Split(0.2, seed);
        var scale = train.FitStandardization();
        var (x, y) = train.Standardized(scale).ToTensors();
        var (testX, testY) = test!.Standardized(scale).ToTensors();

        // The same recipe for every data set, no tuning by set.
        var options = new HybridOptions { Features = data.FeatureCount, Outputs = data.Outputs, Seed = seed };
        var recipe = new TrainOptions { Epochs = 300, LearningRate = 0.05, Seed = seed };
        var advanced = Score(new AdvancedQuantumSparseNN(options), recipe);
        cost += advanced.Cost;
        scores[0].Add(advanced.Accuracy!.Value);
        scores[1].Add(Score(new HybridQuantumSparseNN(options), recipe).Accuracy!.Value);
        random.manual_seed((long)seed);
        scores[2].Add(Score(nn.Linear(data.FeatureCount, data.Outputs), recipe with { Loss = Loss.CrossEntropy }).Accuracy!.Value);

        Metrics Score(nn.Module<Tensor, Tensor> model, TrainOptions how)
        {
            using (model)
            {
                var trainer = new Trainer(model, how);
                trainer.Fit(x, y);
                return trainer.Evaluate(testX, testY);
            }
        }
    }

    var share = (double)cost.Gates / (cost.Gates + cost.SkippedGates);
    Console.WriteLine(FormattableString.Invariant($"| {name} | {Cell(scores[0])} | {Cell(scores[1])} | {Cell(scores[2])} | {share:P0} |"));
}

static string Cell(List<double> scores)
{
    var mean = scores.Average();
    var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
    return FormattableString.Invariant($"{mean:0.000} ± {deviation:0.000}");
}
