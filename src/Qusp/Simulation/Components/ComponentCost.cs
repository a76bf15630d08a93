// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes.Code;

namespace Qusp.Simulation.Components;

/// <summary>
/// What a sample's value and gradient cost as components: of those that a few drawn patterns leave in which half of the guards fire, each in the faster
/// way of the <c>cpu</c> device, and what taking apart and putting together costs. Constants were measured (docs/large-circuits.md).
/// </summary>
/// <param name="Seconds">A sample's.</param>
/// <param name="Components">How many there are, on average.</param>
/// <param name="Largest">The wires of the largest.</param>
internal readonly record struct ComponentCost(double Seconds, double Components, int Largest)
{
    private const int MinWires = 7; // in smaller circuits there is little to gain
    private const int LargeBatch = 64;
    private const double SecondsPerCall = 150e-9;
    private const double SecondsPerWeight = 6e-9; // and call
    private const double SecondsPerShape = 150e-9; // and call
    private const double SecondsPerSample = 30e-9;
    private const double SecondsPerComponent = 5e-9;
    private const double SecondsPerPatternComponent = 100e-9; // where guards make each sample's others
    private const double SecondsPerNumber = 4e-9; // that a component reads

    /// <summary>The cost of a circuit that <see cref="Splitter.Takes"/> takes.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="vectorBits">The width of vectors.</param>
    /// <param name="batch">The samples of a call, whose components of one shape run side by side.</param>
    public static ComponentCost Of<T>(Circuit circuit, int vectorBits, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var splitter = new Splitter(circuit);
        var patterns = 0;
        var shapes = new Dictionary<int, (Circuit Circuit, int Count)>();
        var largest = 0;
        foreach (var fires in GuardPatterns.Drawn(circuit.Guards.Length))
        {
            patterns++;
            var split = splitter.Split(fires);
            largest = Math.Max(largest, split.LargestPart);
            foreach (var bundle in split.Bundles)
            {
                var index = bundle.Shape.Index;
                shapes[index] = (bundle.Shape.Circuit, bundle.Count + (shapes.TryGetValue(index, out var before) ? before.Count : 0));
            }
        }

        var components = (double)shapes.Values.Sum(shape => shape.Count) / patterns;
        var numbers = (double)shapes.Values.Sum(shape => shape.Count * shape.Circuit.Inputs) / patterns;
        var perCall = SecondsPerCall + (SecondsPerWeight * circuit.Weights) + (SecondsPerShape * shapes.Count / patterns);
        var perComponent = circuit.Guards.IsEmpty ? SecondsPerComponent : SecondsPerPatternComponent;
        var seconds = shapes.Values.Sum(shape => shape.Count * Whole<T>(shape.Circuit, vectorBits, Math.Max(1, batch * shape.Count / patterns))) / patterns;
        return new ComponentCost(
            (perCall / batch) + SecondsPerSample + (perComponent * components) + (SecondsPerNumber * numbers) + seconds, components, largest);
    }

    /// <summary>Whether it pays to take a circuit apart: for one sample and for many, in the mean.</summary>
    public static bool Pays<T>(Circuit circuit, int vectorBits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (circuit.Wires < MinWires || !Splitter.Takes(circuit))
        {
            return false;
        }

        // What is in one piece where nothing fires is so always.
        return new Splitter(circuit).Split(new bool[circuit.Guards.Length]).LargestPart < circuit.Wires
            && (SimulationCost.StateVectorRefusal(circuit.Wires) is not null || Ratio(1) + Ratio(LargeBatch) < 2);

        double Ratio(int batch) => Of<T>(circuit, vectorBits, batch).Seconds / Whole<T>(circuit, vectorBits, batch);
    }

    /// <summary>The cost of the circuit, or of a component, as it is.</summary>
    public static double Whole<T>(Circuit circuit, int vectorBits, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (SimulationCost.StateVectorRefusal(circuit.Wires) is not null)
        {
            return double.PositiveInfinity;
        }

        var paths = CpuPaths.Of<T>(Lowering.Lower(circuit), new Readout(circuit), vectorBits, LaneCode.Use);
        return paths.Seconds(paths.Best(batch, reverse: false), batch, reverse: false) + paths.Seconds(paths.Best(batch, reverse: true), batch, reverse: true);
    }
}
