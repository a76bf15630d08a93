// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Qusp.Simulation;
using Qusp.Simulation.Components;
using Qusp.Simulation.Lanes.Code;
using Qusp.Simulation.Mps;
using Qusp.Simulation.Pauli;

namespace Qusp;

/// <summary>
/// What a sample's value and gradient are expected to cost on each exact device: counts of work, each times a constant that was measured
/// (docs/large-circuits.md). Good to a factor of three, which is enough: where it matters, devices differ by powers of ten.
/// </summary>
internal static class CostModel
{
    private const double SecondsPerPair = 25e-9; // of words that a rotation mixes
    private const double SecondsPerSplit = 30e-6; // of a matrix-product state
    private const double SecondsPerCube = 8e-9; // of a bond's dimension and operation
    private const int MaxWords = 4096; // followed for an estimate

    /// <summary>
    /// What is expected of each way in which a device runs a circuit; none of devices and circuits that it knows nothing of: others, and circuits
    /// with noise or measurements in their course.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="batch">The samples of a call.</param>
    public static IEnumerable<DeviceEstimate> Of(IDevice device, Circuit circuit, int batch)
    {
        if (!circuit.IsUnitary)
        {
            return [];
        }

        var affine = circuit.ExtractExpressions().Circuit;
        return device switch
        {
            CpuDevice cpu => Cpu(cpu, affine, batch),
            PauliDevice => [Of(device, affine, Pauli)],
            MpsDevice => [Of(device, affine, Mps)],
            _ => [],
        };
    }

    private static DeviceEstimate Of(IDevice device, Circuit circuit, Func<Circuit, (double Seconds, string Work)> model)
    {
        var (seconds, work) = device.Refusal(circuit) is { } refusal ? (double.PositiveInfinity, refusal) : model(circuit);
        return new DeviceEstimate(device, "", seconds, work);
    }

    private static IEnumerable<DeviceEstimate> Cpu(CpuDevice device, Circuit circuit, int batch)
    {
        var splits = device.Splits<double>(circuit);
        if (Splitter.Takes(circuit) && circuit.Wires > 1)
        {
            var cost = ComponentCost.Of<double>(circuit, device.VectorBits);
            var often = circuit.Guards.IsEmpty ? "" : " where half of the guards fire";
            yield return new DeviceEstimate(
                device.By(CpuPath.Components),
                "components",
                cost.Seconds,
                string.Create(CultureInfo.InvariantCulture, $"{cost.Components:0.#} components of at most {cost.Largest} wires{often}")) { IsTaken = splits };
        }

        if (CpuDevice.TooLarge(circuit.Wires) is { } refusal)
        {
            yield return new DeviceEstimate(device.By(CpuPath.OneState), "one state", double.PositiveInfinity, refusal) { IsTaken = false };
            yield break;
        }

        var paths = CpuPaths.Of<double>(Lowering.Lower(circuit), device.VectorBits, LaneCode.Use);
        var inLanes = paths.Best(batch, reverse: true) == CpuPath.Lanes;
        yield return new DeviceEstimate(device.By(CpuPath.OneState), "one state", Seconds(CpuPath.OneState), $"one state of {circuit.Wires} wires")
        {
            IsTaken = !splits && !inLanes,
        };
        if (paths.TakesLanes)
        {
            yield return new DeviceEstimate(
                device.By(CpuPath.Lanes), "lanes", Seconds(CpuPath.Lanes), $"{Math.Min(batch, paths.Lanes)} of {paths.Lanes} samples side by side in the lanes of a vector")
            {
                IsTaken = !splits && inLanes,
            };
        }

        double Seconds(CpuPath path) => paths.Seconds(path, batch, reverse: false) + paths.Seconds(path, batch, reverse: true);
    }

    private static (double Seconds, string Work) Pauli(Circuit circuit)
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
            return (SecondsPerPair * (tape.Slots.Length + tape.Stretches.Length), $"{tape.AtZero.Length} Pauli words");
        }
        catch (NotSupportedException)
        {
            return (double.PositiveInfinity, $"more than {MaxWords} Pauli words at once");
        }
    }

    private static (double Seconds, string Work) Mps(Circuit circuit)
    {
        var (bond, splits, cubes) = BondEstimate.Of(circuit.LightCone());
        return bond > MpsDevice.DefaultBond
            ? (double.PositiveInfinity, $"bonds of perhaps 2^{Math.Log2(bond):0}")
            : ((SecondsPerSplit * splits) + (SecondsPerCube * cubes), $"bonds of at most {bond:0}");
    }
}
