// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Qusp.Torch;
using Spectre.Console;

namespace Qusp.Cli;

/// <summary>Tells of a training as it goes: the origin document's line every ten epochs, and a bar on a terminal.</summary>
internal sealed class EpochLines(Terminal terminal, bool gated, ProgressTask? bar) : IProgress<EpochReport>
{
    /// <summary>Runs a training and tells of it.</summary>
    /// <param name="terminal">Where to tell.</param>
    /// <param name="epochs">How many epochs there will be at most.</param>
    /// <param name="gated">Whether a gate learns which gates of the circuit run, so that each line says how many do.</param>
    /// <param name="train">Trains and reports each epoch.</param>
    public static TrainingReport Of(Terminal terminal, int epochs, bool gated, Func<IProgress<EpochReport>, TrainingReport> train)
    {
        if (!terminal.IsInteractive)
        {
            return train(new EpochLines(terminal, gated, null));
        }

        return terminal.Human.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress => train(new EpochLines(terminal, gated, progress.AddTask("training", maxValue: epochs))));
    }

    /// <inheritdoc/>
    public void Report(EpochReport value)
    {
        if (value.Epoch % 10 == 0)
        {
            var sparsity = gated ? string.Create(CultureInfo.InvariantCulture, $" | {value.TwoQubitGatesPerSample:F2} two-wire gates a sample, {value.ShareSkipped:P0} of all gates skipped") : "";
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"Epoch {value.Epoch} | Loss: {value.Loss:F4}") + sparsity);
        }

        bar?.Increment(1);
    }
}
