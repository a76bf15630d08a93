// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class TrainerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator generator = new(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
    }

    [Fact]
    public void Mini_batches_come_in_an_order_of_the_seed_and_cover_every_sample_once()
    {
        var (x, y) = (arange(0, 10, dtype: ScalarType.Float32).reshape(10, 1), zeros(10, 1));
        int[] Order(ulong seed)
        {
            var spy = new Spy();
            new Trainer(spy, new() { Epochs = 2, BatchSize = 3, Seed = seed }).Fit(x, y, cancellation: Cancel);
            Assert.Equal([3, 3, 3, 1, 3, 3, 3, 1], spy.Sizes);
            Assert.Equal(Enumerable.Range(0, 10), spy.Seen.Take(10).Order());
            Assert.Equal(Enumerable.Range(0, 10), spy.Seen.Skip(10).Order());
            return [.. spy.Seen];
        }

        // Fixed numbers: the order may not change from machine to machine or from version to version.
        Assert.Equal([5, 2, 7, 8, 1, 9, 0, 3, 4, 6], Order(0).Take(10));
        Assert.Equal(Order(5), Order(5));
        Assert.NotEqual(Order(5), Order(6));
        Assert.NotEqual(Order(5).Take(10), Order(5).Skip(10));
    }

    [Fact]
    public void The_epoch_s_loss_is_the_mean_over_samples()
    {
        var spy = new Spy();
        var x = tensor(new[] { 1f, 2, 3, 4 }).reshape(4, 1);
        var report = new Trainer(spy, new() { Epochs = 1, BatchSize = 3, LearningRate = 1e-20 }).Fit(x, zeros(4, 1), cancellation: Cancel);
        Assert.Equal((1 + 4 + 9 + 16) / 4.0, report.Epochs[0].Loss, 1e-5);
    }

    [Fact]
    public void Classes_train_by_both_losses_and_accuracy_is_the_share_of_largest_outputs()
    {
        var x = randn(60, 4, generator: generator);
        var classes = (x.select(1, 0) > 0).to(ScalarType.Int64);
        foreach (var loss in Enum.GetValues<Loss>())
        {
            using var model = new AdvancedQuantumSparseNN(new() { Seed = 2 });
            var trainer = new Trainer(model, new() { Loss = loss, Epochs = 60, BatchSize = 20, LearningRate = 0.03 });
            var before = trainer.Evaluate(x, classes);
            var report = trainer.Fit(x, classes, cancellation: Cancel);
            var after = trainer.Evaluate(x, classes);
            Assert.Equal(TrainingEnd.Completed, report.End);
            Assert.True(after.Loss < before.Loss);
            Assert.InRange(after.Accuracy!.Value, 0.9, 1);
            Assert.Equal((trainer.Predict(x).argmax(1) == classes).sum().item<long>(), (long)Math.Round(after.Accuracy.Value * 60));
            Assert.Equal(60, after.Cost.Circuits);
            var oneHot = nn.functional.one_hot(classes, 2).to(ScalarType.Float32);
            Assert.Equal(after.Accuracy, trainer.Evaluate(x, oneHot).Accuracy);
            Assert.Null(trainer.Evaluate(x, oneHot * 0.5).Accuracy);
        }
    }

    [Fact]
    public void Training_is_repeatable_whatever_the_global_generator_does()
    {
        var (x, y) = (rand(12, 4, generator: generator), rand(12, 2, generator: generator));
        Tensor Train(int global)
        {
            manual_seed(global);
            using var model = new AdvancedQuantumSparseNN(new() { Layers = 1, Seed = 3 });
            new Trainer(model, new() { Epochs = 5, BatchSize = 5, Seed = 8 }).Fit(x, y, cancellation: Cancel);
            return new Trainer(model).Predict(x);
        }

        Near.Equal(Train(1), Train(2), 0);
    }

    [Fact]
    public void Cancelling_ends_after_the_step_and_keeps_what_was_done()
    {
        var (x, y) = (rand(12, 4, generator: generator), rand(12, 2, generator: generator));
        using var cancellation = new CancellationTokenSource();
        using var model = new HybridQuantumSparseNN();
        var start = model.state_dict()["classical_layer.weight"].clone();
        var progress = new Immediately(epoch =>
        {
            if (epoch.Epoch == 2)
            {
                cancellation.Cancel();
            }
        });
        var report = new Trainer(model).Fit(x, y, progress: progress, cancellation: cancellation.Token);
        Assert.Equal(TrainingEnd.Cancelled, report.End);
        Assert.Equal([0, 1, 2], report.Epochs.Select(epoch => epoch.Epoch));
        Assert.NotEqual(0, (model.state_dict()["classical_layer.weight"] - start).abs().sum().item<float>());
    }

    [Fact]
    public void Training_stops_when_the_test_loss_stalls()
    {
        var (x, y) = (rand(12, 4, generator: generator), rand(12, 2, generator: generator));
        using var model = new HybridQuantumSparseNN();
        var report = new Trainer(model, new() { Epochs = 500, LearningRate = 0.05, Patience = 5 }).Fit(x, y, x, 1 - y, cancellation: Cancel);
        Assert.Equal(TrainingEnd.Stalled, report.End);
        var losses = report.Epochs.Select(epoch => epoch.TestLoss!.Value).ToList();
        Assert.Equal(losses.Count - 6, losses.IndexOf(losses.Min()));
        Assert.Equal(losses[^1], new Trainer(model).Evaluate(x, 1 - y).Loss, 1e-6);
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_training_before_it_spoils_the_parameters()
    {
        using var model = new HybridQuantumSparseNN();
        var report = new Trainer(model, new() { LearningRate = 1e30 }).Fit(rand(12, 4, generator: generator), rand(12, 2, generator: generator), cancellation: Cancel);
        Assert.Equal((TrainingEnd.Diverged, 1), (report.End, report.Epochs.Count));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Training_leaves_no_tensor_behind()
    {
        var (x, y) = (rand(12, 4, generator: generator), rand(12, 2, generator: generator));
        using var model = new AdvancedQuantumSparseNN();
        var trainer = new Trainer(model, new() { Epochs = 3, BatchSize = 5 });
        trainer.Fit(x, y, cancellation: Cancel);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var repeat = 0; repeat < 5; repeat++)
        {
            trainer.Fit(x, y, x, y, cancellation: Cancel);
            trainer.Evaluate(x, y);
            trainer.Predict(x).Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Evaluation_leaves_the_mode_as_it_was_and_needs_no_gradient()
    {
        using var model = new AdvancedQuantumSparseNN(new() { Differentiation = Differentiation.None });
        model.train();
        var metrics = new Trainer(model).Evaluate(rand(3, 4, generator: generator), rand(3, 2, generator: generator));
        Assert.True(model.training);
        Assert.True(double.IsFinite(metrics.Loss));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var model = new HybridQuantumSparseNN();
        var trainer = new Trainer(model);
        var (x, y) = (rand(6, 4, generator: generator), rand(6, 2, generator: generator));
        Contains("[6, 4] and [5, 2]", () => trainer.Evaluate(x, y.narrow(0, 0, 5)));
        Contains("[6, 3] and the outputs [B, 2]", () => trainer.Evaluate(x, rand(6, 3, generator: generator)));
        Contains("classes 2 to 2 and the model has 2 outputs", () => trainer.Evaluate(x, full(6, 2, ScalarType.Int64)));
        Contains("x.to(torch.float32)", () => trainer.Evaluate(x.to(ScalarType.Float64), y));
        Contains("classes -1 to", () => trainer.Evaluate(x, full(6, -1, ScalarType.Int64)));
        Contains("NaN or infinity", () => trainer.Fit(x / 0, y, cancellation: Cancel));
        Contains("NaN or infinity", () => trainer.Evaluate(x / 0, y));
        Contains("NaN or infinity", () => trainer.Predict(x / 0));
        Contains("a target holds NaN", () => trainer.Fit(x, y / 0, cancellation: Cancel));
        Contains("final learning rate is NaN", () => new Trainer(model, new() { FinalLearningRate = double.NaN }));
        Contains("final learning rate is -1", () => new Trainer(model, new() { FinalLearningRate = -1 }));
        Contains("weight decay is -1", () => new Trainer(model, new() { WeightDecay = -1 }));
        Contains("there is no loss 7", () => new Trainer(model, new() { Loss = (Loss)7 }));
        Contains("a number from 0", () => new Budget(double.NaN));
        Contains("a number from 0", () => new Budget(2) with { Cost = -1 });
        Contains("learning rate is 0", () => new Trainer(model, new() { LearningRate = 0 }));
        Contains("'tpu'", () => new Trainer(model, new() { TorchDevice = "tpu" }));
        if (!cuda.is_available())
        {
            Contains("use cpu", () => new Trainer(model, new() { TorchDevice = "cuda" }));
        }
    }

    [Fact]
    public void A_module_with_nothing_to_train_is_refused()
    {
        using var model = new HybridQuantumSparseNN();
        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(model).Fit(rand(6, 4, generator: generator), rand(6, 2, generator: generator), cancellation: Cancel));
        Assert.Contains("no parameter to train", error.Message, StringComparison.Ordinal);
    }

    private static void Contains(string part, Func<object> action) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static Tensor full(long count, long value, ScalarType type) => torch.full(count, value, dtype: type);

    private sealed class Immediately(Action<EpochReport> action) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => action(value);
    }

    /// <summary>The identity with a parameter, that writes down what it is shown.</summary>
    private sealed class Spy : nn.Module<Tensor, Tensor>
    {
        public Spy()
            : base(nameof(Spy)) => register_parameter("weight", new TorchSharp.Modules.Parameter(ones(1)));

        public List<int> Sizes { get; } = [];

        public List<int> Seen { get; } = [];

        public override Tensor forward(Tensor input)
        {
            Sizes.Add((int)input.shape[0]);
            Seen.AddRange(input.data<float>().ToArray().Select(value => (int)value));
            return input * get_parameter("weight")!;
        }
    }
}
