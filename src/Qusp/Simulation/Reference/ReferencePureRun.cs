// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>A circuit of gates alone, by state vectors.</summary>
internal sealed class ReferencePureRun(Circuit circuit) : IReferenceRun
{
    public Cost Cost { get; private set; }

    public double[] Forward(int sample, double[] data, double[] weights)
    {
        var state = Run(data, weights)[^1];
        return [.. circuit.Measurements.SelectMany(state.Measure)];
    }

    public void Reverse(int sample, double[] data, double[] weights, double[] cotangents, double[] inputGradient, double[] weightGradient)
    {
        var states = Run(data, weights);
        var adjoint = new Complex[1 << circuit.Wires];
        var first = 0;
        foreach (var measurement in circuit.Measurements)
        {
            var count = measurement.Outputs(circuit.Wires);
            states[^1].AddCotangent(measurement, cotangents.AsSpan(first, count), adjoint);
            first += count;
        }

        var lambda = new ReferenceState(circuit.Wires, adjoint);
        for (var i = circuit.Operations.Length - 1; i >= 0; i--)
        {
            var operation = circuit.Operations[i];
            if (!operation.IsGate || !(operation.Guard?.Fires(data) ?? true))
            {
                continue;
            }

            var angles = operation.AngleValues(data, weights);
            for (var k = 0; k < angles.Length; k++)
            {
                if (operation.Angles[k].IsConstant)
                {
                    continue;
                }

                var moved = states[i].Apply(operation.Gate.Derivative(k, angles), operation.Wires.AsSpan());
                var target = operation.Angles[k].Source == AngleSource.Input ? inputGradient : weightGradient;
                target[operation.Angles[k].Index] += operation.Angles[k].Scale * lambda.Inner(moved).Real;
            }

            lambda = lambda.Apply(MatrixAlgebra.Dagger(operation.Gate.Matrix(angles)), operation.Wires.AsSpan());
        }
    }

    // All states, before the first operation and after each: the textbook reverse sweep keeps what it needs.
    private List<ReferenceState> Run(double[] data, double[] weights)
    {
        var states = new List<ReferenceState> { ReferenceState.Zero(circuit.Wires) };
        var cost = new Cost(1, 0, 0, 0, 0) { SimulatedWires = circuit.Wires, LargestState = circuit.Wires };
        foreach (var operation in circuit.Operations)
        {
            var fires = operation.Guard?.Fires(data) ?? true;
            if (!operation.IsGate)
            {
                states.Add(states[^1]); // a barrier
                continue;
            }

            states.Add(fires ? states[^1].Apply(operation.Gate.Matrix(operation.AngleValues(data, weights)), operation.Wires.AsSpan()) : states[^1]);
            cost += fires ? new Cost(0, 1, operation.IsTwoQubitGate ? 1 : 0, 0, 0) : new Cost(0, 0, 0, 1, 0);
        }

        Cost += cost;
        return states;
    }
}
