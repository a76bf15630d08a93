// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Qusp.Simulation.Mps;
using Qusp.Simulation.Pauli;

namespace Qusp;

/// <summary>
/// What a sample's value and gradient are expected to cost on each exact device: counts of work, each times a constant that was measured
/// (docs/large-circuits.md). Good to a factor of a few, which is enough: where it matters, devices differ by powers of ten.
/// </summary>
internal static class CostModel
{
    private const double SecondsPerAmplitude = 0.5e-9; // and operation
    private const double SecondsPerComponent = 0.5e-6;
    private const double SecondsPerPair = 25e-9; // of words that a rotation mixes
    private const double SecondsPerSplit = 30e-6; // of a matrix-product state
    private const double SecondsPerCube = 8e-9; // of a bond's dimension and operation
    private const int MaxWords = 4096; // followed for an estimate

    /// <summary>What is expected on a device.</summary>
    /// <param name="Seconds">A sample's value and gradient; infinite if it is not expected to end.</param>
    /// <param name="Work">What decides it, in words.</param>
    public readonly record struct Estimated(double Seconds, string Work)
    {
        public override string ToString() => double.IsInfinity(Seconds) ? Work : $"{Work}, about {Time(Seconds)} a sample";
    }

    /// <summary>The expected cost; null for devices and circuits that it knows nothing of: others, and those with noise or measurements in their course.</summary>
    public static Estimated? Of(string device, Circuit circuit)
    {
        if (!circuit.IsUnitary)
        {
            return null;
        }

        var affine = circuit.ExtractExpressions().Circuit;
        return device switch
        {
            CpuDevice.DeviceName => Cpu(affine),
            PauliDevice.DeviceName => Pauli(affine),
            MpsDevice.DeviceName => Mps(affine),
            _ => null,
        };
    }

    private static Estimated Cpu(Circuit circuit)
    {
        if (!Splitter.Takes(circuit))
        {
            return State(circuit.Operations.Length, circuit.Wires);
        }

        if (!circuit.Guards.IsEmpty)
        {
            // As a sample with half of the guards firing, which leaves few wires together.
            return new Estimated(SecondsPerAmplitude * Math.ScaleB(circuit.Operations.Length, Math.Min(circuit.Wires, 6)), "components of the gates that fire");
        }

        var split = new Splitter(circuit).Split([]);
        if (split.LargestPart == circuit.Wires)
        {
            return State(circuit.Operations.Length, circuit.Wires);
        }

        var components = split.Bundles.Sum(bundle => bundle.Count);
        var work = split.Bundles.Sum(bundle => bundle.Count * Math.ScaleB(bundle.Shape.Circuit.Operations.Length, bundle.Shape.Circuit.Wires));
        return new Estimated(
            (SecondsPerAmplitude * work) + (SecondsPerComponent * components), $"{components} components of at most {split.LargestPart} wires");
    }

    private static Estimated State(int operations, int wires) =>
        new(SecondsPerAmplitude * Math.ScaleB(operations, wires), $"one state of {wires} wires");

    private static Estimated Pauli(Circuit circuit)
    {
        var measured = circuit.MeasureWords(probabilities: true).LightCone();
        try
        {
            var tape = PauliPropagation.Record(
                circuit.Wires,
                PauliLowering.Lower(measured),
                measured.Measurements.SelectMany((measurement, output) =>
                    ((Expectation)measurement).Observable.Terms.Select(term => (output, term.Coefficient, term.Word))),
                new PauliLimits(Circuit.MaxWires, 0, MaxWords),
                new double[circuit.Inputs],
                new double[circuit.Weights]);
            return new Estimated(SecondsPerPair * (tape.Slots.Length + tape.Stretches.Length), $"{tape.AtZero.Length} Pauli words");
        }
        catch (NotSupportedException)
        {
            return new Estimated(double.PositiveInfinity, $"more than {MaxWords} Pauli words at once");
        }
    }

    private static Estimated Mps(Circuit circuit)
    {
        var (bond, splits, cubes) = BondEstimate.Of(circuit.LightCone());
        return bond > MpsDevice.DefaultBond
            ? new Estimated(double.PositiveInfinity, $"bonds of perhaps 2^{Math.Log2(bond):0}")
            : new Estimated((SecondsPerSplit * splits) + (SecondsPerCube * cubes), $"bonds of at most {bond:0}");
    }

    private static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
    };
}
