// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using Qusp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Cli;

/// <summary>
/// Trains the models of a comparison, all with a first linear layer F → n and a last one n → K. Besides the gates there are references and the
/// controls without which a gate's result means nothing.
/// </summary>
/// <param name="set">The data set.</param>
/// <param name="train">Its training rows.</param>
/// <param name="test">Its test rows.</param>
/// <param name="wires">n.</param>
/// <param name="layers">Layers of the circuit.</param>
/// <param name="gradient">How gates differentiate their decisions.</param>
/// <param name="training">How to train, but for the data set's epochs and batches.</param>
internal sealed class ParetoModels(ParetoSet set, Dataset train, Dataset test, int wires, int layers, GateGradient gradient, TrainOptions training)
{
    /// <summary>All wires on.</summary>
    public const string Dense = "dense";

    /// <summary>The origin document's advanced model.</summary>
    public const string Advanced = "advanced";

    /// <summary>The dense circuit without its CNOTs.</summary>
    public const string NoCnot = "no-cnot";

    /// <summary>The network without a circuit: Linear, tanh, Linear.</summary>
    public const string Identity = "identity";

    /// <summary>A single linear layer.</summary>
    public const string Logistic = "logistic-regression";

    /// <summary>A random mask for each sample, of equal density.</summary>
    public const string Random = "random";

    /// <summary>The wires with the largest class means, the same for all samples; found after 40 % of a dense training.</summary>
    public const string Static = "static";

    /// <summary>The wires with the largest weights in front and behind, found as for <see cref="Static"/>.</summary>
    public const string Magnitude = "magnitude";

    private const double DensePart = 0.4;

    /// <summary>Models without a gate.</summary>
    public static IReadOnlyList<string> References { get; } = [Dense, Advanced, NoCnot, Identity, Logistic];

    /// <summary>Masks that are not learnt.</summary>
    public static IReadOnlyList<string> Controls { get; } = [Random, Static, Magnitude];

    /// <summary>Two-wire gates of the circuit with all wires on.</summary>
    public static double DenseCost(int wires, int layers) => new PatternCost(SparseCircuit.Build(wires, layers)).Dense;

    /// <summary>Trains a model and measures it.</summary>
    public ParetoRow Run(ParetoModel model, int seed)
    {
        using var scope = NewDisposeScope();
        var scale = train.FitStandardization();
        var (x, y) = train.Standardized(scale).ToTensors();
        var (testX, testY) = test.Standardized(scale).ToTensors();
        var options = training with { Epochs = set.Epochs, BatchSize = set.BatchSize, Seed = (ulong)seed };
        using var network = Make(model, seed, ref options, x, y);
        var trainer = new Trainer(network, options);
        var report = trainer.Fit(x, y);
        var (onTrain, onTest) = (trainer.Evaluate(x, y), trainer.Evaluate(testX, testY));
        return new ParetoRow(
            set.Name,
            model.Name,
            model.Budget,
            seed,
            onTest.Accuracy!.Value,
            onTrain.Accuracy!.Value,
            (double)onTrain.Cost.TwoQubitGates / onTrain.Samples,
            (double)onTest.Cost.TwoQubitGates / onTest.Samples,
            (double)onTest.Cost.Gates / onTest.Samples,
            network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
            report.Seconds);
    }

    private HybridModel Make(ParetoModel model, int seed, ref TrainOptions options, Tensor x, Tensor y)
    {
        var sizes = new HybridOptions
        {
            Features = train.FeatureCount,
            Wires = wires,
            Outputs = train.Outputs,
            Layers = layers,
            Seed = (ulong)seed,
            Threads = 1,
            CircuitPrecision = Precision.Single,
            Scope = model.Scope ?? GateScope.Wire,
        };
        var (first, last) = (new LinearDescription("classical_layer", sizes.Features, wires), new LinearDescription("classical_output", wires, sizes.Outputs));
        switch (model.Kind)
        {
            case Dense:
                return new SparseQuantumNN(sizes);
            case Advanced:
                return new AdvancedQuantumSparseNN(sizes with { Layers = 0 });
            case NoCnot:
                return Described(first, new TanhDescription(), new QuantumDescription("quantum_layer", SparseCircuit.Build(wires, layers, entangle: false), CircuitPrecision: Precision.Single), last);
            case Identity:
                return Described(first, new TanhDescription(), last);
            case Logistic:
                return Described(new LinearDescription("classical_output", sizes.Features, sizes.Outputs));
            case Random:
                var density = model.Budget!.Value / DenseCost(wires, layers);
                return new SparseQuantumNN(sizes with { Gate = SparsityRule.StraightThrough, GateOptions = new() { RandomDensity = density, LearnThreshold = false, Gradient = GateGradient.None } });
            case Static or Magnitude:
                return FixedMask(model, sizes, ref options, x, y);
            default:
                options = options with { Budget = new Budget(model.Budget!.Value) };
                return new SparseQuantumNN(sizes with { Gate = SparsityNames.FindRule(model.Kind), GateOptions = new() { Gradient = gradient } });
        }

        HybridModel Described(params LayerDescription[] layers) =>
            HybridModels.FromDescription(new ModelDescription { Model = "custom", Layers = [.. layers] }, sizes.ToLayerOptions());
    }

    // A dense training first; then the wires that score highest stay on, and training goes on.
    private SparseQuantumNN FixedMask(ParetoModel model, HybridOptions sizes, ref TrainOptions options, Tensor x, Tensor y)
    {
        using var dense = new SparseQuantumNN(sizes);
        var before = (int)(DensePart * options.Epochs);
        new Trainer(dense, options with { Epochs = before, FinalLearningRate = null }).Fit(x, y);
        options = options with { Epochs = options.Epochs - before };
        var masked = new SparseQuantumNN(sizes with
        {
            Gate = SparsityRule.StraightThrough,
            Predicate = GatePredicate.Wire,
            GateOptions = new() { Threshold = 0.5, LearnThreshold = false, Gradient = GateGradient.None },
        });
        using var off = no_grad();
        var state = masked.state_dict();
        foreach (var (name, values) in dense.state_dict())
        {
            state[name].copy_(values);
        }

        var weights = state["classical_layer.weight"]; // [n, F]
        var scores = model.Kind == Magnitude
            ? weights.norm(1) * state["classical_output.weight"].norm(0)
            : stack([.. Enumerable.Range(0, sizes.Outputs).Select(k => nn.functional.linear(x[y == k], weights, state["classical_layer.bias"]).tanh().mean([0L]).abs())]).amax([0L]);
        var keep = Math.Max(1, (int)Math.Round(wires * model.Budget!.Value / DenseCost(wires, layers)));
        var order = scores.argsort(descending: true);
        state["gate.score"].zero_();
        state["gate.score"].index_fill_(0, order.narrow(0, 0, keep), 1);
        masked.get_parameter("gate.score")!.requires_grad_(false);
        return masked;
    }
}
