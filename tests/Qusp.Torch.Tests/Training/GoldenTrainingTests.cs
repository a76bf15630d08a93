// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

/// <summary>The origin document's training runs, step by step, against PyTorch with PennyLane.</summary>
public sealed class GoldenTrainingTests : IDisposable
{
    private const string BasicFile = "seed_training_basic.json", AdvancedFile = "seed_training_advanced.json";
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string, int, Precision, string> Runs { get; } = new(
        from kind in (string[])[HybridModels.Advanced, HybridModels.Basic] // those that have golden runs
        from seed in new[] { 0, 1 }
        from precision in Enum.GetValues<Precision>()
        from device in new[] { "cpu", "reference" }
        select (kind, seed, precision, device));

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Runs))]
    public void Fifty_epochs_give_the_golden_losses_parameters_and_gates(string kind, int seed, Precision precision, string device)
    {
        var (golden, model) = Start(kind, seed, precision, device);
        using var _ = model;
        var report = new Trainer(model).Fit(golden.X, golden.Y, cancellation: TestContext.Current.CancellationToken);

        // A gate that flips changes the curve, so these come first. A gate that fires is an RY and a CNOT.
        Assert.Equal(golden.GatesFired, report.Epochs.Select(epoch => (int)epoch.ForwardCost.TwoQubitGates));
        Assert.Equal(golden.GatesFired, report.Epochs.Select(epoch => (int)epoch.ForwardCost.Gates / 2));
        Assert.All(report.Epochs, epoch => Assert.Equal((10, 80 - epoch.ForwardCost.Gates), (epoch.ForwardCost.Circuits, epoch.ForwardCost.SkippedGates)));
        Assert.Equal(golden.Losses.Length, report.Epochs.Count);
        foreach (var (expected, epoch) in golden.Losses.Zip(report.Epochs))
        {
            Assert.Equal(expected, epoch.Loss, Tolerance(precision));
        }

        Parameters(golden.Named("final_parameters"), model, precision);
        Near.Equal(golden.FinalPredictions, new Trainer(model).Predict(golden.X), Tolerance(precision));
        Assert.Equal(golden.Run.GetProperty("final_loss").GetDouble(), new Trainer(model).Evaluate(golden.X, golden.Y).Loss, Tolerance(precision));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_first_gradients_and_the_first_step_are_the_golden_ones(string kind, int seed, Precision precision, string device)
    {
        var (golden, model) = Start(kind, seed, precision, device);
        using var _ = model;
        nn.functional.mse_loss(model.call(golden.X), golden.Y).backward();
        foreach (var (name, gradient) in golden.Named("epoch0_gradients"))
        {
            Near.Equal(gradient, model.state_dict()[name].grad!, Tolerance(precision));
        }

        model.zero_grad();
        new Trainer(model, new() { Epochs = 1 }).Fit(golden.X, golden.Y, cancellation: TestContext.Current.CancellationToken);
        Parameters(golden.Named("parameters_after_1_step"), model, precision);
    }

    private static double Tolerance(Precision precision) => precision == Precision.Double ? 1e-10 : 1e-5;

    private static (GoldenTraining Golden, HybridModel Model) Start(string kind, int seed, Precision precision, string device)
    {
        var golden = GoldenTraining.Load(kind == HybridModels.Basic ? BasicFile : AdvancedFile).Single(run => run.Seed == seed && run.Precision == precision);
        var model = HybridModels.Create(kind, new() { Precision = precision, Device = device, Seed = 99 });
        model.load_state_dict(golden.InitialParameters);
        return (golden, model);
    }

    private static void Parameters(Dictionary<string, Tensor> expected, HybridModel model, Precision precision)
    {
        var state = model.state_dict();
        Assert.Equal(expected.Keys.Order(), state.Keys.Order());
        foreach (var (name, values) in expected)
        {
            Near.Equal(values, state[name], Tolerance(precision));
        }
    }
}
