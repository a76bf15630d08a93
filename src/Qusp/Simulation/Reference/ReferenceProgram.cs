// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>Runs a circuit sample by sample on dense matrices. The oracle: no tricks, double arithmetic whatever T is.</summary>
internal sealed class ReferenceProgram<T>(Circuit circuit, IReferenceRun run, Differentiation differentiation) : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private OneAtATime calls;

    public Circuit Circuit => circuit;

    public string Device => ReferenceDevice.DeviceName;

    public Differentiation Differentiation => differentiation;

    public bool IsStochastic => false;

    public Cost Cost => run.Cost;

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(circuit, batch, inputs.Length, weights.Length, outputs.Length);
        using var running = calls.Take();
        var shared = weights.ToDouble();
        for (var sample = 0; sample < batch; sample++)
        {
            var values = run.Forward(sample, inputs.Slice(sample * circuit.Inputs, circuit.Inputs).ToDouble(), shared);
            values.ConvertTo(outputs.Slice(sample * circuit.Outputs, circuit.Outputs));
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
        using var running = calls.Take();
        var (shared, total) = (weights.ToDouble(), new double[circuit.Weights]);
        for (var sample = 0; sample < batch; sample++)
        {
            var gradient = new double[circuit.Inputs];
            run.Reverse(
                sample,
                inputs.Slice(sample * circuit.Inputs, circuit.Inputs).ToDouble(),
                shared,
                cotangents.Slice(sample * circuit.Outputs, circuit.Outputs).ToDouble(),
                gradient,
                total);
            gradient.ConvertTo(inputGradients.IsEmpty ? [] : inputGradients.Slice(sample * gradient.Length, gradient.Length));
        }

        total.ConvertTo(weightGradients);
    }

    public void Dispose() => calls.Close();
}

/// <summary>One sample, forward and backward.</summary>
internal interface IReferenceRun
{
    /// <summary>What has been run so far.</summary>
    Cost Cost { get; }

    /// <summary>The outputs of a sample.</summary>
    double[] Forward(int sample, double[] data, double[] weights);

    /// <summary>Adds the gradients of a sample, by the textbook reverse sweep over all states that it went through.</summary>
    void Reverse(int sample, double[] data, double[] weights, double[] cotangents, double[] inputGradient, double[] weightGradient);
}
