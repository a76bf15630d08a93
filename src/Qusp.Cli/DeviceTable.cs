// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Qusp.Cli.Bench;

namespace Qusp.Cli;

/// <summary>The ways to run a circuit: what each is expected to cost and, if asked for, what it costs.</summary>
/// <param name="Circuit">The circuit.</param>
/// <param name="Batch">The samples of a call.</param>
/// <param name="Choice">What <c>auto</c> takes.</param>
/// <param name="Ways">The ways.</param>
internal sealed record DeviceTable(Circuit Circuit, int Batch, DeviceSelection Choice, DeviceTable.Row[] Ways)
{
    private const double LongestExpected = 3; // seconds; what is expected to take longer is not measured
    private const double WarmingSeconds = 0.15; // code is made meanwhile
    private const double MeasuringSeconds = 0.03;
    private const int Rounds = 3;

    /// <summary>A way, and the seconds that a sample's value and gradient took; null if they were not measured.</summary>
    internal sealed record Row(DeviceEstimate Estimate, double? Measured)
    {
        /// <summary>The device and which of its ways it is.</summary>
        public string Name => Estimate.Way.Length == 0 ? Estimate.Device.Name : $"{Estimate.Device.Name}, {Estimate.Way}";
    }

    /// <summary>The way that <c>auto</c> takes; null if nothing is known of any.</summary>
    public Row? Taken => Array.Find(Ways, way => way.Estimate.IsTaken && way.Estimate.Device.Name == Choice.Device.Name);

    /// <summary>The fastest way, as measured.</summary>
    public Row? Best => Ways.Where(way => way.Measured is not null).MinBy(way => way.Measured);

    /// <summary>Estimates all ways of a circuit and measures them if asked to.</summary>
    public static DeviceTable Of(Circuit circuit, int batch, bool measure, CancellationToken cancellation) => new(
        circuit,
        batch,
        Devices.Select("auto", circuit),
        [.. Devices.Estimate(circuit, batch).Select(estimate =>
        {
            cancellation.ThrowIfCancellationRequested();
            return new Row(estimate, measure && estimate.Seconds * batch < LongestExpected ? Measure(estimate.Device, circuit, batch) : null);
        })]);

    /// <summary>The ways as JSON.</summary>
    public JsonArray Document() => new([.. Ways.Select(way => new JsonObject
    {
        ["device"] = way.Estimate.Device.Name,
        ["way"] = way.Estimate.Way,
        ["expectedSeconds"] = Json.Number(way.Estimate.Seconds),
        ["measuredSeconds"] = Json.Number(way.Measured),
        ["reason"] = way.Estimate.Reason,
        ["taken"] = way == Taken,
    })]);

    /// <summary>A time in a unit that suits it; empty for none.</summary>
    public static string Time(double? seconds) => seconds switch
    {
        null or double.PositiveInfinity => "",
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0} ns"),
        < 1e-5 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.0} µs"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0} µs"),
        < 1e-2 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0} ms"),
        < 1e5 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:0} days"),
    };

    // Seconds of a sample's value and gradient on one thread: the least of a few rounds, after one that warms up. The weights are new in each call.
    private static double? Measure(IDevice device, Circuit circuit, int batch)
    {
        using var program = device.Compile<double>(circuit, new ProgramOptions { Threads = 1 });
        var (x, w) = (BenchCircuits.Inputs<double>(batch * circuit.Inputs), BenchCircuits.Weights<double>(circuit.Weights));
        var (outputs, g) = (new double[batch * circuit.Outputs], BenchCircuits.Cotangents<double>(batch * circuit.Outputs));
        var (byInputs, byWeights) = (new double[x.Length], new double[w.Length]);
        var least = double.PositiveInfinity;
        for (var round = 0; round <= Rounds && (round < 2 || least * batch < LongestExpected / 4); round++)
        {
            var (calls, started) = (0, Stopwatch.GetTimestamp());
            do
            {
                for (var k = 0; k < w.Length; k++)
                {
                    w[k] += 1e-3;
                }

                program.Evaluate(batch, x, w, outputs);
                program.Pullback(batch, x, w, g, byInputs, byWeights);
                calls++;
            }
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < (round == 0 ? WarmingSeconds : MeasuringSeconds));
            least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalSeconds / calls / batch);
        }

        return least;
    }
}
