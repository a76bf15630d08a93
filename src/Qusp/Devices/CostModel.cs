// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Qusp.Simulation;
using Qusp.Simulation.Components;
using Qusp.Simulation.DensityMatrices;
using Qusp.Simulation.Lanes.Code;
using Qusp.Simulation.Mps;
using Qusp.Simulation.Pauli;

namespace Qusp;

/// <summary>
/// What a sample's value and gradient are expected to cost on each exact device: counts of work, each times a constant that was measured
/// (docs/large-circuits.md). Good to a factor of two for most circuits, which is enough: where it matters, devices differ by powers of ten.
/// </summary>
internal static class CostModel
{
    private const double SecondsPerPair = 3e-9; // of words that a rotation mixes
    private const double SecondsPerAngle = 40e-9;
    private const double SecondsPerTape = 0.7e-6; // and call
    private const double MixedReverse = 1.5; // value and gradient, of the nominal time of a value
    private const int MaxWords = 4096; // followed for an estimate

    /// <summary>
    /// What is expected of each way in which a device runs a circuit; none of devices that it knows nothing of.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="batch">The samples of a call.</param>
    public static IEnumerable<DeviceEstimate> Of(IDevice device, Circuit circuit, int batch)
    {
        var affine = circuit.ExtractExpressions().Circuit;
        return device switch
        {
            CpuDevice when circuit.IsMixed => [Of(device, affine, Mixed)],
            CpuDevice cpu => Cpu(cpu, affine, batch),
            PauliDevice => [Of(device, affine, of => Pauli(of, batch))],
            MpsDevice => [Of(device, affine, Mps)],
            _ => [],
        };
    }

    private static DeviceEstimate Of(IDevice device, Circuit circuit, Func<Circuit, (double Seconds, string Work)> model)
    {
        var (seconds, work) = device.Refusal(circuit) is { } refusal ? (double.PositiveInfinity, refusal) : model(circuit);
        return new DeviceEstimate(device, "", seconds, work);
    }

    // A value and a gradient are about three values; how many angles there are matters little.
    private static (double Seconds, string Work) Mixed(Circuit circuit) => DeferredProgram<double>.Pays(circuit)
        ? (3 * Math.ScaleB(SimulationCost.StateVector(circuit).Seconds, DeferredMeasurements.Fresh(circuit)),
            $"one state of {circuit.Wires + DeferredMeasurements.Fresh(circuit)} wires, measurements deferred to its end")
        : (MixedReverse * SimulationCost.DensityMatrix(circuit).Seconds, $"a density matrix of {circuit.Wires} wires");

    private static IEnumerable<DeviceEstimate> Cpu(CpuDevice device, Circuit circuit, int batch)
    {
        var splits = device.Splits<double>(circuit);
        if (Splitter.Takes(circuit) && circuit.Wires > 1)
        {
            var cost = ComponentCost.Of<double>(circuit, device.VectorBits, batch);
            var often = circuit.Guards.IsEmpty ? "" : " where half of the guards fire";
            yield return new DeviceEstimate(
                device.By(CpuPath.Components),
                "components",
                cost.Seconds,
                string.Create(CultureInfo.InvariantCulture, $"{cost.Components:0.#} component{(cost.Components == 1 ? "" : "s")} of at most {cost.Largest} wires{often}")) { IsTaken = splits };
        }

        if (SimulationCost.StateVectorRefusal(circuit.Wires) is { } refusal)
        {
            yield return new DeviceEstimate(device.By(CpuPath.OneState), "one state", double.PositiveInfinity, refusal) { IsTaken = false };
            yield break;
        }

        var paths = CpuPaths.Of<double>(Lowering.Lower(circuit), new Readout(circuit), device.VectorBits, LaneCode.Use);
        var inLanes = paths.Best(batch, reverse: true) == CpuPath.Lanes;
        yield return new DeviceEstimate(device.By(CpuPath.OneState), "one state", Seconds(CpuPath.OneState), $"one state of {circuit.Wires} wires{Larger()}")
        {
            IsTaken = !splits && !inLanes,
        };
        if (paths.TakesLanes)
        {
            yield return new DeviceEstimate(
                device.By(CpuPath.Lanes), "lanes", Seconds(CpuPath.Lanes), $"states of {circuit.Wires} wires side by side, {Math.Min(batch, paths.Lanes)} in the {paths.Lanes} lanes of a vector")
            {
                IsTaken = !splits && inLanes,
            };
        }

        string Larger()
        {
            var from = Enumerable.Range(batch + 1, 4 * paths.Lanes).FirstOrDefault(larger => paths.Best(larger, reverse: true) == CpuPath.Lanes);
            return inLanes || from == 0 ? "" : $" (batches of {from} and more side by side in lanes)";
        }

        double Seconds(CpuPath path) => paths.Seconds(path, batch, reverse: false) + paths.Seconds(path, batch, reverse: true);
    }

    private static (double Seconds, string Work) Pauli(Circuit circuit, int batch)
    {
        var measured = circuit.MeasureWords(probabilities: true).LightCone();
        var angles = measured.Operations.Sum(operation => operation.Angles.Count(angle => !angle.IsConstant));
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
            return ((SecondsPerTape / batch) + (SecondsPerAngle * angles) + (SecondsPerPair * (tape.Slots.Length + tape.Stretches.Length)), $"{tape.AtZero.Length} Pauli words");
        }
        catch (NotSupportedException)
        {
            return (double.PositiveInfinity, $"more than {MaxWords} Pauli words at once");
        }
    }

    private static (double Seconds, string Work) Mps(Circuit circuit)
    {
        var measured = circuit.MeasureWords(probabilities: true).LightCone();
        var all = new bool[measured.Guards.Length];
        Array.Fill(all, true);
        var cost = MpsCost.Of(measured, MpsDevice.DefaultBond, all);
        return double.IsInfinity(cost.Seconds) || measured.Guards.IsEmpty
            ? (cost.Seconds, double.IsInfinity(cost.Seconds) ? $"bonds of perhaps more than {MpsDevice.DefaultBond}" : Bonds(cost))
            : (GuardPatterns.Drawn(measured.Guards.Length).Average(fires => MpsCost.Of(measured, MpsDevice.DefaultBond, fires).Seconds), $"{Bonds(cost)}, half of the guards firing");

        static string Bonds(MpsCost cost) => string.Create(CultureInfo.InvariantCulture, $"bonds of at most {cost.Bond:0} (an upper bound, by the gates' ranks)");
    }
}
