// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Torch;
using static TorchSharp.torch;

namespace Qusp.Cli;

/// <summary>What a sparse model saves on a set of samples: counted, and timed.</summary>
/// <param name="Mean">Two-wire gates a sample, on average.</param>
/// <param name="P95">Two-wire gates that 95 % of the samples keep to.</param>
/// <param name="Dense">Two-wire gates with all wires on.</param>
/// <param name="TimeSaved">The share of the circuits' time that is saved against all wires on: both measured here. Below 0 if it costs more.</param>
internal sealed record SparsityAccount(double Mean, double P95, double Dense, double TimeSaved)
{
    private const int MostRows = 4096;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>The account of a model; null if it has no gate.</summary>
    /// <param name="network">The model.</param>
    /// <param name="trainer">Runs it.</param>
    /// <param name="x">The samples, <c>[B, F]</c>.</param>
    public static SparsityAccount? Of(HybridModel network, Trainer trainer, Tensor x)
    {
        if (network.modules().OfType<SparsityGate>().FirstOrDefault() is not { Circuit: { } circuit } gate)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var off = no_grad();
        var training = network.training;
        network.eval();
        _ = network.call(x.narrow(0, 0, Math.Min(x.shape[0], MostRows)).to(trainer.Device));
        network.train(training);
        var (rows, inputs) = ((int)gate.Last!.On.shape[0], circuit.Inputs);
        var gated = gate.Last.Features.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        var cost = new PatternCost(circuit);
        var costs = Enumerable.Range(0, rows)
            .Select(row => cost.Of([.. circuit.Guards.Select(guard => guard.Fires(gated.AsSpan(row * inputs, inputs)))]))
            .Order().ToArray();
        var weights = circuit.WeightGroups
            .SelectMany(group => network.Quantum.get_parameter(group.Name)!.detach().cpu().to(ScalarType.Float64).data<double>().ToArray()).ToArray();

        using var program = network.Quantum.Selection.Device.Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.None, Shots = network.Quantum.Options.Shots });
        var dense = Array.ConvertAll(gated, value => value == 0 ? 1 : value);

        // The least of some runs, by turns: whatever slows the machine or speeds the code up meanwhile, it does to both.
        var outputs = new double[rows * circuit.Outputs];
        var (asItIs, allOn) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var (run, total) = (0, Stopwatch.StartNew()); run < 3 || total.Elapsed < Longest; run++)
        {
            asItIs = Math.Min(asItIs, Seconds(gated));
            allOn = Math.Min(allOn, Seconds(dense));
        }

        return new SparsityAccount(costs.Average(), costs[(int)Math.Ceiling(0.95 * rows) - 1], cost.Dense, 1 - (asItIs / allOn));

        double Seconds(double[] features)
        {
            var clock = Stopwatch.StartNew();
            program.Evaluate(rows, features, weights, outputs, new Draw(0));
            return clock.Elapsed.TotalSeconds;
        }
    }

    public JsonObject ToJson() => new()
    {
        ["twoQubitGatesPerSample"] = Mean,
        ["twoQubitGatesP95"] = P95,
        ["twoQubitGatesDense"] = Dense,
        ["timeSaved"] = TimeSaved,
    };

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Mean:F2} two-wire gates a sample of {Dense:F0} (p95 {P95:F0}); {100 * TimeSaved:F1} % of the circuits' time saved");
}
