// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class PruningTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Compacting_a_model_changes_its_size_and_not_its_outputs()
    {
        using var model = new SparseQuantumNN(new() { Features = 3, Wires = 4, Layers = 2, Gate = SparsityRule.SoftShrink, Precision = Precision.Double, Seed = 4 });
        using (no_grad())
        {
            var weights = model.Quantum.get_parameter("weights")!;
            weights[0] = tensor(new[] { 0, 2 * Math.PI, 4 * Math.PI, 0.3 });
            weights[1, 2] = tensor(-2 * Math.PI);
        }

        using var compact = model.Compact();
        Assert.Equal((12 - 4, model.Quantum.Circuit.Operations.Length - 4), (compact.Quantum.Circuit.Weights, compact.Quantum.Circuit.Operations.Length));
        Near.Equal(new Trainer(model).Predict(Rows(50)), new Trainer(compact).Predict(Rows(50)), 1e-10);

        var folder = Directory.CreateTempSubdirectory("qusp-compact-").FullName;
        Checkpoint.Save(folder, compact);
        using var loaded = Checkpoint.Load(folder);
        Near.Equal(new Trainer(compact).Predict(Rows(50)), new Trainer(loaded).Predict(Rows(50)), 0);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Rotations_near_the_identity_go_first_or_those_that_moved_there()
    {
        using var model = new SparseQuantumNN(new() { Features = 3, Wires = 2, Layers = 1, Precision = Precision.Double });
        using (no_grad())
        {
            model.Quantum.get_parameter("weights")!.copy_(tensor(new[] { 0.1, 6.2, 2.0, 0.5 }).reshape(2, 2));
        }

        using var byMagnitude = model.PruneRotations(0.5);
        Assert.Equal([2.0, 0.5], ModelPruning.Weights(byMagnitude)); // 6.2 is nearer to 2π than 0.5 to 0
        double[] start = [0.05, 6.28, 2.9, 1.5];
        using var byMovement = model.PruneRotations(0.5, PruningScore.Movement, start);
        Assert.Equal([0.1, 6.2], ModelPruning.Weights(byMovement)); // the other two moved towards it
        Assert.Throws<ArgumentException>(() => model.PruneRotations(0.5, PruningScore.Movement));
        Assert.Throws<ArgumentException>(() => model.PruneRotations(1.5));
    }

    [Fact]
    public void Redundant_rotations_of_a_model_go_and_its_outputs_stay()
    {
        using var model = new SparseQuantumNN(new() { Features = 3, Wires = 3, Precision = Precision.Double, Gate = SparsityRule.StraightThrough, Seed = 2 });
        using var separable = ModelPruning.Rebuild(
            model, model.Quantum.Circuit.WithOperations([.. model.Quantum.Circuit.Operations.Where(operation => !operation.IsTwoQubitGate)]), ModelPruning.Weights(model));
        using var left = separable.RemoveRedundant(Rows(16));
        Assert.Equal((6, 3), (separable.Quantum.Circuit.Weights, left.Quantum.Circuit.Weights)); // RY RY(x) RY on each wire
        Near.Equal(new Trainer(separable).Predict(Rows(60)), new Trainer(left).Predict(Rows(60)), 1e-9);
    }

    [Fact]
    public void Entanglers_are_pruned_to_the_budget_the_least_missed_first()
    {
        var (x, y) = (Rows(80).to(ScalarType.Float32), arange(80) % 2);
        using var model = new SparseQuantumNN(new() { Features = 3, Wires = 4 });
        double Loss(HybridModel candidate) => new Trainer(candidate, new() { Loss = Torch.Loss.CrossEntropy }).Evaluate(x, y).Loss;
        using var one = model.PruneEntanglers(3, x, y, Torch.Loss.CrossEntropy);
        var operations = model.Quantum.Circuit.Operations;
        var losses = Enumerable.Range(0, operations.Length).Where(k => operations[k].IsTwoQubitGate).Select(k =>
        {
            using var without = ModelPruning.Rebuild(model, model.Quantum.Circuit.WithOperations(operations.RemoveAt(k)), ModelPruning.Weights(model));
            return Loss(without);
        }).ToList();
        Assert.Equal(losses.Min(), Loss(one), 1e-9);
        using var none = model.PruneEntanglers(0, x, y, Torch.Loss.CrossEntropy);
        Assert.DoesNotContain(none.Quantum.Circuit.Operations, operation => operation.IsTwoQubitGate);
    }

    [Fact]
    public void Dropout_leaves_gates_out_in_training_alone_and_as_often_as_asked()
    {
        var circuit = SparseCircuit.Build(3);
        using var plain = new QuantumLayer(circuit, new() { Seed = 1 });
        using var dropping = new QuantumLayer(circuit, new() { Seed = 1, Dropout = 0.25 });
        var x = Rows(4000).to(ScalarType.Float32);
        dropping.eval();
        Near.Equal(plain.call(x), dropping.call(x), 0);
        Assert.Equal(0, dropping.Cost.SkippedGates);

        dropping.train();
        using var gradient = x.clone();
        gradient.requires_grad_(true);
        var first = dropping.call(gradient);
        Assert.InRange(dropping.Cost.SkippedGates / (4000.0 * 6), 0.23, 0.27); // 6 gates of 12 have a weight
        first.sum().backward();
        Assert.Equal(x.shape, gradient.grad!.shape);
        Assert.NotNull(dropping.get_parameter("weights")!.grad);
        Assert.False(first.equal(dropping.call(x)).all().item<bool>());
        using var again = new QuantumLayer(circuit, new() { Seed = 1, Dropout = 0.25 });
        again.call(x).Dispose(); // the calls before it
        Near.Equal(first, again.call(x), 0);
        Assert.Throws<ArgumentException>(() => new QuantumLayer(circuit, new() { Dropout = 1 }));
    }

    private static Tensor Rows(int rows) => rand(rows, 3, dtype: ScalarType.Float64, generator: new Generator(6)) * 4 - 2;
}
