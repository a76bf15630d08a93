// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Trains a module with Adam, and evaluates it. Training is a function of the module's parameters, the data, the options
/// and the quantum layers' seeds: the global generator is not used. Parameters are those of the last step done, whatever
/// ended training; none are restored.
/// </summary>
/// <remarks>On CUDA the module and the data are moved there, and circuits run on the host. Not run on CUDA hardware by the authors.</remarks>
public sealed class Trainer
{
    private const int EvaluationRows = 8192; // bounds memory, whatever the set
    private readonly nn.Module<Tensor, Tensor> model;

    /// <summary>A trainer of a module.</summary>
    /// <param name="model">The module, <c>[B, F] → [B, K]</c>; it is moved to the torch device and trained in place.</param>
    /// <param name="options">How; the defaults if null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the torch device is not there.</exception>
    public Trainer(nn.Module<Tensor, Tensor> model, TrainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (this.model, Options) = (model, options ?? new TrainOptions());
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Epochs);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Patience);
        if (!(Options.LearningRate > 0 && double.IsFinite(Options.LearningRate)))
        {
            throw new ArgumentException($"the learning rate is {Options.LearningRate}; give a positive number such as 0.01", nameof(options));
        }

        if (Options.FinalLearningRate is { } final && !(final >= 0 && double.IsFinite(final)))
        {
            throw new ArgumentException($"the final learning rate is {final}; give a number from 0, or null for one rate throughout", nameof(options));
        }

        if (!(Options.WeightDecay >= 0 && double.IsFinite(Options.WeightDecay)))
        {
            throw new ArgumentException($"the weight decay is {Options.WeightDecay}; give a number from 0", nameof(options));
        }

        if (!Enum.IsDefined(Options.Loss))
        {
            throw new ArgumentException($"there is no loss {Options.Loss}; give one of {string.Join(", ", Enum.GetNames<Loss>())}", nameof(options));
        }

        Device = TorchDevices.Resolve(Options.TorchDevice);
    }

    /// <summary>How it trains.</summary>
    public TrainOptions Options { get; }

    /// <summary>Where parameters and data are in training.</summary>
    public Device Device { get; }

    private Cost Ledger => model.modules().Prepend(model).OfType<QuantumLayer>().Aggregate(default(Cost), (sum, layer) => sum + layer.Cost);

    private Cost ForwardLedger => model.modules().Prepend(model).OfType<QuantumLayer>().Aggregate(default(Cost), (sum, layer) => sum + layer.ForwardCost);

    /// <summary>Trains.</summary>
    /// <param name="x">The samples, <c>[B, F]</c>, of the parameters' dtype.</param>
    /// <param name="y">The targets, see <see cref="Loss"/>.</param>
    /// <param name="testX">Samples that early stopping looks at, <c>[B', F]</c>; if null it looks at the training loss.</param>
    /// <param name="testY">Their targets.</param>
    /// <param name="progress">Told of each epoch as it ends.</param>
    /// <param name="cancellation">Ends training after the step in progress; what was done is kept.</param>
    /// <exception cref="ArgumentException">Shapes, dtypes or the loss do not fit, or a number is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">No parameter of the module is to be trained.</exception>
    public TrainingReport Fit(
        Tensor x,
        Tensor y,
        Tensor? testX = null,
        Tensor? testY = null,
        IProgress<EpochReport>? progress = null,
        CancellationToken cancellation = default)
    {
        Check(x, y, nameof(x));
        if (!model.parameters().Any(parameter => parameter.requires_grad))
        {
            throw new InvalidOperationException("the model has no parameter to train: give it one, or let one of its parameters require a gradient");
        }

        if (testX is not null)
        {
            Check(testX, testY ?? throw new ArgumentException("test samples come with targets", nameof(testY)), nameof(testX));
        }

        using var scope = NewDisposeScope();
        var (watch, before) = (Stopwatch.StartNew(), Ledger);
        using var threads = TorchThreads.For(model, Options.BatchSize == 0 ? x.shape[0] : Math.Min(Options.BatchSize, x.shape[0]));
        model.to(Device);
        var targets = new Targets(y.to(Device).alias(), Options.Loss);
        var run = new TrainingRun(model, Options, x.to(Device), targets);
        var reports = new List<EpochReport>();
        var (best, since, end) = (double.PositiveInfinity, 0, TrainingEnd.Completed);
        for (var epoch = 0; epoch < Options.Epochs && end == TrainingEnd.Completed; epoch++)
        {
            var (cost, forward) = (Ledger, ForwardLedger);
            if (run.Epoch(epoch, cancellation, out end) is not { } loss)
            {
                break;
            }

            (cost, forward) = (Ledger - cost, ForwardLedger - forward);
            var testLoss = Options.Patience > 0 && testX is not null ? Evaluate(testX, testY!).Loss : (double?)null;
            reports.Add(new EpochReport(epoch, loss, testLoss, cost, forward));
            progress?.Report(reports[^1]);
            (best, since) = (testLoss ?? loss) < best ? (testLoss ?? loss, 0) : (best, since + 1);
            if (Options.Patience > 0 && since >= Options.Patience)
            {
                end = TrainingEnd.Stalled;
            }
        }

        run.Finish();
        run.Dispose();
        return new TrainingReport(reports, end, Ledger - before, Device.ToString(), watch.Elapsed.TotalSeconds);
    }

    /// <summary>Loss and accuracy on a set, without gradients.</summary>
    /// <param name="x">The samples, <c>[B, F]</c>, of the parameters' dtype.</param>
    /// <param name="y">The targets, see <see cref="Loss"/>.</param>
    /// <exception cref="ArgumentException">Shapes, dtypes or the loss do not fit.</exception>
    public Metrics Evaluate(Tensor x, Tensor y)
    {
        Check(x, y, nameof(x));
        using var scope = NewDisposeScope();
        var before = Ledger;
        var outputs = Predict(x); // [B, K]
        var targets = new Targets(y.cpu().alias(), Options.Loss);
        using var off = no_grad();
        return new Metrics((int)x.shape[0], targets.LossOf(outputs).ToDouble(), targets.AccuracyOf(outputs), Ledger - before);
    }

    /// <summary>The outputs on a set, without gradients and in evaluation mode: <c>[B, F] → [B, K]</c>, on the CPU.</summary>
    /// <param name="x">The samples, <c>[B, F]</c>, of the parameters' dtype.</param>
    /// <exception cref="ArgumentException">A sample holds NaN or infinity.</exception>
    public Tensor Predict(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireFinite(x, nameof(x));
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var threads = TorchThreads.For(model, Math.Min(EvaluationRows, x.shape[0]));
        var training = model.training;
        model.to(Device);
        model.eval();
        var parts = new List<Tensor>();
        for (var first = 0L; first == 0 || first < x.shape[0]; first += EvaluationRows)
        {
            parts.Add(model.call(x.narrow(0, first, Math.Min(EvaluationRows, x.shape[0] - first)).to(Device)).cpu());
        }

        model.train(training);
        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    private void Check(Tensor x, Tensor y, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.dim() != 2 || y.dim() is 0 or > 2 || x.shape[0] != y.shape[0] || x.shape[0] == 0)
        {
            throw new ArgumentException(
                $"samples [B, F] and targets [B] or [B, K] are asked for, B at least 1, not [{string.Join(", ", x.shape)}] and [{string.Join(", ", y.shape)}]", name);
        }

        if (model.parameters().FirstOrDefault() is { } parameter && parameter.dtype != x.dtype)
        {
            throw new ArgumentException($"the samples are {x.dtype} and the model's parameters {parameter.dtype}; write x.to(torch.{parameter.dtype.ToString().ToLowerInvariant()})", name);
        }

        RequireFinite(x, name);
        if (!IsFinite(y))
        {
            throw new ArgumentException("a target holds NaN or infinity; leave such rows out", name);
        }
    }

    // One NaN would make parameters NaN and then, as NaN fires no guard, the circuit's outputs finite again.
    private static void RequireFinite(Tensor x, string name)
    {
        if (!IsFinite(x))
        {
            throw new ArgumentException("a sample holds NaN or infinity; leave such rows out", name);
        }
    }

    private static bool IsFinite(Tensor values)
    {
        using var each = values.isfinite();
        using var all = each.all();
        return all.item<bool>();
    }
}
