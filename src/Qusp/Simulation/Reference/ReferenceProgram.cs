// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>Runs a circuit sample by sample on dense matrices. The oracle: no tricks, double arithmetic whatever T is.</summary>
internal sealed class ReferenceProgram<T>(Circuit circuit, Differentiation differentiation) : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public Circuit Circuit => circuit;

    public string Device => ReferenceDevice.DeviceName;

    public Differentiation Differentiation => differentiation;

    public bool IsStochastic => false;

    public Cost Cost { get; private set; }

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(circuit, batch, inputs.Length, weights.Length, outputs.Length);
        var shared = ToDouble(weights);
        for (var sample = 0; sample < batch; sample++)
        {
            var data = ToDouble(inputs.Slice(sample * circuit.Inputs, circuit.Inputs));
            var state = Run(data, shared)[^1];
            var row = outputs.Slice(sample * circuit.Outputs, circuit.Outputs);
            foreach (var measurement in circuit.Measurements)
            {
                var values = state.Measure(measurement);
                for (var k = 0; k < values.Length; k++)
                {
                    row[k] = T.CreateChecked(values[k]);
                }

                row = row[values.Length..];
            }
        }
    }

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default)
    {
        Call.CheckPullback(circuit, batch, inputs.Length, weights.Length, cotangents.Length, inputGradients.Length, weightGradients.Length);
        Call.RequireAdjoint(differentiation);

        inputGradients.Clear();
        var shared = ToDouble(weights);
        var total = new double[circuit.Weights];
        for (var sample = 0; sample < batch; sample++)
        {
            var data = ToDouble(inputs.Slice(sample * circuit.Inputs, circuit.Inputs));
            var gradient = new double[circuit.Inputs];
            Reverse(data, shared, ToDouble(cotangents.Slice(sample * circuit.Outputs, circuit.Outputs)), gradient, total);
            for (var j = 0; j < gradient.Length && !inputGradients.IsEmpty; j++)
            {
                inputGradients[(sample * gradient.Length) + j] = T.CreateChecked(gradient[j]);
            }
        }

        for (var k = 0; k < weightGradients.Length; k++)
        {
            weightGradients[k] = T.CreateChecked(total[k]);
        }
    }

    public void Dispose()
    {
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

            states.Add(fires ? states[^1].Apply(operation.Gate.Matrix(Angles(operation, data, weights)), operation.Wires.AsSpan()) : states[^1]);
            cost += fires ? new Cost(0, 1, operation.IsTwoQubitGate ? 1 : 0, 0, 0) : new Cost(0, 0, 0, 1, 0);
        }

        Cost += cost;
        return states;
    }

    private void Reverse(double[] data, double[] weights, double[] cotangents, double[] inputGradient, double[] weightGradient)
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

            var angles = Angles(operation, data, weights);
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

    private static double[] Angles(Operation operation, double[] data, double[] weights) =>
        [.. operation.Angles.Select(angle => angle.Value(data, weights))];

    private static double[] ToDouble(ReadOnlySpan<T> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = double.CreateChecked(values[i]);
        }

        return result;
    }
}
