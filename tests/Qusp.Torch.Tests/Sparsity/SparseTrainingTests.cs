// SPDX-License-Identifier: Apache-2.0
using Qusp.Gradients;
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class SparseTrainingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("qusp-sparse-").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(GateScope.Wire)]
    [InlineData(GateScope.Entangler)]
    public void A_decision_s_gradient_by_autograd_is_gate_shift_folded_with_what_follows(GateScope where)
    {
        using var model = new SparseQuantumNN(new() { Gate = SparsityRule.StraightThrough, Scope = where, Precision = Precision.Double, Seed = 3, Features = 3 });
        var x = Rows(7, 3).to(ScalarType.Float64);
        var outputs = model.call(x); // training: the decisions' gradient is asked for
        var gate = model.modules().OfType<SparsityGate>().Single();
        var made = gate.Last!;
        var probability = made.Probability;
        probability.retain_grad();
        (outputs * outputs).sum().backward();

        // By hand: the cotangents of the circuit's outputs are 2 y W of the last layer.
        var cotangents = (2 * outputs.detach()).matmul(model.state_dict()["classical_output.weight"]); // [B, n]
        var circuit = model.Quantum.Circuit;
        using var shift = new GateShift<double>(new CpuDevice(), circuit);
        var gates = new double[7 * circuit.Guards.Length];
        double[] Guarded(Tensor values) => [.. values.data<double>().ToArray().Where((_, k) => circuit.Guards.Any(guard => guard.Input == k % circuit.Inputs))];
        double[] weights = [.. model.Quantum.get_parameter("weights")!.detach().data<double>()];
        shift.Pullback(7, [.. made.WhenOn.data<double>()], Guarded(made.On), weights, [.. cotangents.contiguous().data<double>()], gates);
        Assert.Contains(gates, value => Math.Abs(value) > 1e-3);
        foreach (var (expected, actual) in gates.Zip(Guarded(probability.grad!)))
        {
            Assert.Equal(expected, actual, 1e-10);
        }
    }

    /// <summary>
    /// The expected loss of a linear loss over drawn gates, written out: the mean over draws of what autograd says is its derivative.
    /// </summary>
    [Theory]
    [InlineData(GateGradient.Shift)]
    [InlineData(GateGradient.Arm)]
    [InlineData(GateGradient.DisArm)]
    public void Of_drawn_gates_the_gradient_is_that_of_the_mixture_on_average(GateGradient gradient)
    {
        const int draws = 4000;
        var circuit = SparseCircuit.Build(3);
        using var gate = SparsityGates.Create("l0-arm", 3, options: new() { Gradient = gradient, Sharpness = Schedule.Constant(4), Threshold = 0.4, Seed = 8 });
        using var layer = new QuantumLayer(circuit, new() { Seed = 4 });
        float[] row = [0.5f, -0.3f, 0.7f];
        var made = gate.Open(tensor(row).reshape(1, 3).expand(draws, 3).contiguous());
        made.Probability.retain_grad();
        var cotangent = tensor(new[] { 1f, -0.5f, 2f });
        (layer.Run(made, gradient) * cotangent).sum().backward();

        using var mixture = new GateMixture<double>(new CpuDevice(), circuit);
        double[] weights = [.. layer.get_parameter("weights")!.detach().to(ScalarType.Float64).data<double>()];
        double[] probabilities = [.. made.Probability[0].to(ScalarType.Float64).data<double>()];
        var exact = mixture.Enumerate(Array.ConvertAll(row, value => (double)value), probabilities, weights).Derivatives;
        for (var g = 0; g < 3; g++)
        {
            var each = made.Probability.grad!.select(1, g).to(ScalarType.Float64);
            var expected = exact[0, g] - (0.5 * exact[1, g]) + (2 * exact[2, g]);
            var error = 5 * each.std().item<double>() / Math.Sqrt(draws);
            Assert.InRange(each.mean().item<double>(), expected - error - 1e-6, expected + error + 1e-6);
        }
    }

    [Fact]
    public void A_second_derivative_of_a_decision_is_refused()
    {
        using var gate = SparsityGates.Create("straight-through", 3);
        using var layer = new QuantumLayer(SparseCircuit.Build(3));
        var x = Rows(2, 3);
        x.requires_grad_(true);
        var y = layer.Run(gate.Open(x), GateGradient.Shift).sum();
        Assert.ThrowsAny<Exception>(() => y.backward(create_graph: true));
    }

    [Theory]
    [MemberData(nameof(SparsityGateTests.Rules), MemberType = typeof(SparsityGateTests))]
    public void Each_gate_trains_and_meets_its_budget_as_the_ledger_counts_it(SparsityRule rule)
    {
        var (x, y) = Blobs(160);
        using var model = new SparseQuantumNN(new() { Gate = rule, Features = 4, Wires = 4, Seed = 2 });
        var trainer = new Trainer(model, new() { Epochs = 24, LearningRate = 0.05, BatchSize = 40, Loss = Loss.CrossEntropy, Budget = new Budget(1.5) });
        var report = trainer.Fit(x, y, cancellation: TestContext.Current.CancellationToken);
        Assert.True(report.Epochs[^1].Loss < report.Epochs[0].Loss, $"{report.Epochs[0].Loss} to {report.Epochs[^1].Loss}");
        var metrics = trainer.Evaluate(x, y);
        Assert.InRange((double)metrics.Cost.TwoQubitGates / metrics.Samples, 1.5 * 0.9, 1.5);
    }

    [Theory]
    [InlineData(CostKind.TwoQubit, 2.0)]
    [InlineData(CostKind.Gates, 14.0)]
    [InlineData(CostKind.Depth, 5.0)]
    [InlineData(CostKind.Simulated, 60.0)]
    public void Budgets_of_every_kind_are_met(CostKind kind, double budget)
    {
        var (x, y) = Blobs(160);
        using var model = new SparseQuantumNN(new() { Gate = SparsityRule.StraightThrough, Features = 4, Wires = 4, Seed = 2 });
        new Trainer(model, new() { Epochs = 16, LearningRate = 0.05, BatchSize = 80, Budget = new Budget(budget, kind) }).Fit(x, y, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(Costs(model, x, kind).Average(), budget * 0.9, budget);
    }

    [Fact]
    public void A_budget_at_a_quantile_holds_for_that_part_of_the_samples()
    {
        var (x, y) = Blobs(160);
        using var model = new SparseQuantumNN(new() { Gate = SparsityRule.SoftThreshold, Features = 4, Wires = 4, Seed = 2 });
        new Trainer(model, new() { Epochs = 16, LearningRate = 0.05, Budget = new Budget(2) { Quantile = 0.95 } }).Fit(x, y, cancellation: TestContext.Current.CancellationToken);
        var costs = Costs(model, x, CostKind.TwoQubit);
        Assert.True(costs.Count(cost => cost <= 2) >= 0.95 * costs.Length);
        Assert.Contains(costs, cost => cost > 0);
    }

    [Fact]
    public void Saved_loaded_and_quantized_the_model_runs_the_same_gates()
    {
        foreach (var rule in Enum.GetValues<SparsityRule>())
        {
            using var inner = NewDisposeScope();
            var (x, y) = Blobs(160);
            using var model = new SparseQuantumNN(new() { Gate = rule, Features = 4, Wires = 5, Seed = 2, Scope = rule == SparsityRule.L0Arm ? GateScope.Entangler : GateScope.Wire });
            var trainer = new Trainer(model, new() { Epochs = 6, LearningRate = 0.05, Budget = new Budget(1.7) });
            trainer.Fit(x, y, cancellation: TestContext.Current.CancellationToken);
            var before = trainer.Evaluate(x, y);
            Checkpoint.Save(folder, model);

            using var loaded = Checkpoint.Load(folder);
            var after = new Trainer(loaded).Evaluate(x, y);
            Assert.Equal(before.Cost with { Shots = 0 }, after.Cost with { Shots = 0 });
            Near.Equal(trainer.Predict(x), new Trainer(loaded).Predict(x), 0);

            double[] features = [.. x.to(ScalarType.Float64).data<double>()];
            ModelQuantization.Quantize(folder, features, 160);
            foreach (var int8 in new[] { false, true })
            {
                var spy = new CountingDevice();
                using var alone = TrainedModel.Load(folder, int8, spy);
                var answers = tensor(alone.Predict(features, 160)).reshape(160, 2);
                Near.Equal(trainer.Predict(x), answers, int8 ? 0.05 : 1e-4);
                Assert.Equal((rule, before.Cost), (rule, spy.Cost));
            }

            Quantize.Dynamic(model, sample: x);
            Assert.Equal(before.Cost, trainer.Evaluate(x, y).Cost);
        }
    }

    [Fact]
    public void Training_to_a_budget_follows_the_seed_on_one_thread_and_on_two()
    {
        float[] Train(int threads, ulong seed)
        {
            using var inner = NewDisposeScope();
            var (x, y) = Blobs(120);
            using var model = new SparseQuantumNN(new() { Gate = SparsityRule.L0Arm, Features = 4, Wires = 4, Seed = seed, Threads = threads });
            new Trainer(model, new() { Epochs = 5, LearningRate = 0.05, BatchSize = 50, Seed = seed, Budget = new Budget(2) }).Fit(x, y, cancellation: TestContext.Current.CancellationToken);
            return [.. model.state_dict().Values.SelectMany(values => values.to(ScalarType.Float32).reshape(-1).data<float>().ToArray())];
        }

        Assert.Equal(Train(1, 6), Train(2, 6));
        Assert.NotEqual(Train(1, 6), Train(1, 7));
    }

    [Fact]
    public void The_ledger_of_a_training_is_a_count_by_hand()
    {
        // Two samples, all four wires on throughout (a threshold that cannot be reached from above), two epochs.
        using var model = new SparseQuantumNN(new()
        {
            Gate = SparsityRule.StraightThrough,
            GateOptions = new() { Threshold = -1, LearnThreshold = false },
            Features = 3,
            Wires = 4,
        });
        var (x, y) = (Rows(2, 3), tensor(new long[] { 0, 1 }));
        var report = new Trainer(model, new() { Epochs = 2 }).Fit(x, y, cancellation: TestContext.Current.CancellationToken);

        // A circuit is 4 + 4 rotations with weights, 4 encodings, 4 CNOTs. A step runs each sample forward, backward, and with each of four
        // wires flipped besides once as it is; a flipped wire skips its encoding and its CNOT.
        var forward = new Cost(2, 2 * 16, 2 * 4, 0, 0);
        Assert.Equal(forward, Counted(report.Epochs[0].ForwardCost));
        Assert.Equal(4, report.Epochs[0].TwoQubitGatesPerSample);
        var shifted = new Cost(2 * 5, 2 * ((5 * 16) - (4 * 2)), 2 * ((5 * 4) - 4), 2 * 4 * 2, 0);
        Assert.Equal(forward + forward + shifted, Counted(report.Epochs[0].Cost));
        Assert.Equal(report.Epochs[0].Cost + report.Epochs[1].Cost, report.Cost);

        static Cost Counted(Cost cost) => new(cost.Circuits, cost.Gates, cost.TwoQubitGates, cost.SkippedGates, cost.Shots);
    }

    [Theory]
    [InlineData(GateGradient.Arm)]
    [InlineData(GateGradient.DisArm)]
    public void Estimated_decisions_train_though_probabilities_saturate(GateGradient gradient)
    {
        var (x, y) = Blobs(160);
        using var model = new SparseQuantumNN(new() { Gate = SparsityRule.L0Arm, GateOptions = new() { Gradient = gradient, Sharpness = Schedule.Constant(60) }, Features = 4, Wires = 4, Seed = 2 });
        var trainer = new Trainer(model, new() { Epochs = 24, LearningRate = 0.05, BatchSize = 40, Loss = Loss.CrossEntropy, Budget = new Budget(1.5) });
        trainer.Fit(x, y, cancellation: TestContext.Current.CancellationToken);
        var metrics = trainer.Evaluate(x, y);
        Assert.True(metrics.Accuracy > 0.8, $"{metrics.Accuracy}");
        Assert.InRange((double)metrics.Cost.TwoQubitGates / metrics.Samples, 1.2, 1.5);
    }

    [Fact]
    public void A_circuit_without_two_wire_gates_keeps_any_budget_of_them()
    {
        var (x, y) = Blobs(40);
        using var model = new SparseQuantumNN(new() { Gate = SparsityRule.TopK, Features = 4, Wires = 1 });
        var report = new Trainer(model, new() { Epochs = 3, Budget = new Budget(1) }).Fit(x, y, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingEnd.Completed, report.End);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var (x, y) = Blobs(10);
        using var dense = new SparseQuantumNN(new() { Features = 4 });
        Assert.Contains("gate", Assert.Throws<ArgumentException>(() => new Trainer(dense, new() { Budget = new Budget(1) }).Fit(x, y, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        using var model = new SparseQuantumNN(new() { Features = 4, Gate = SparsityRule.TopK });
        Assert.Contains("cannot be met", Assert.Throws<ArgumentException>(() => new Trainer(model, new() { Budget = new Budget(3, CostKind.Gates) }).Fit(x, y, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        using var random = new SparseQuantumNN(new() { Features = 4, Gate = SparsityRule.StraightThrough, GateOptions = new() { RandomDensity = 0.5 } });
        Assert.Contains("not saved", Assert.Throws<InvalidOperationException>(() => Checkpoint.Save(folder, random)).Message, StringComparison.Ordinal);
    }

    private static double[] Costs(HybridModel model, Tensor x, CostKind kind)
    {
        using var off = no_grad();
        model.eval();
        _ = model.call(x);
        var gate = model.modules().OfType<SparsityGate>().Single();
        var cost = new PatternCost(gate.Circuit!, kind);
        return [.. Enumerable.Range(0, (int)x.shape[0]).Select(b => cost.Of([.. gate.Last!.On[b].data<float>().Select(on => on > 0)]))];
    }

    // Two clouds of points, classes 0 and 1.
    private static (Tensor X, Tensor Y) Blobs(int rows)
    {
        var y = arange(rows) % 2;
        return (randn(rows, 4, generator: new Generator(4)) + (2 * y.to(ScalarType.Float32).unsqueeze(1)) - 1, y);
    }

    private static Tensor Rows(int rows, int columns) => rand(rows, columns, generator: new Generator(6)) * 4 - 2;

    /// <summary>The processor, with a ledger of all that it compiled.</summary>
    private sealed class CountingDevice : IDevice
    {
        private readonly CpuDevice device = new();
        private readonly List<Func<Cost>> ledgers = [];

        public string Name => device.Name;

        public string Description => device.Description;

        public IReadOnlyList<Differentiation> Differentiations => device.Differentiations;

        public Cost Cost => ledgers.Aggregate(default(Cost), (sum, ledger) => sum + ledger());

        public string? Refusal(Circuit? circuit) => device.Refusal(circuit);

        public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            var program = device.Compile<T>(circuit, options);
            ledgers.Add(() => program.Cost);
            return program;
        }
    }
}
