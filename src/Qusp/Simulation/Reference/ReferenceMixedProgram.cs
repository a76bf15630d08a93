// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>
/// Runs a circuit with noise, measurements and conditions in its course, sample by sample, every branch by dense density matrices.
/// The oracle: no tricks, double arithmetic whatever T is.
/// </summary>
internal sealed class ReferenceMixedProgram<T>(Circuit circuit, Differentiation differentiation) : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool keepsTrace = circuit.Operations.All(operation => operation.Gate.IsTracePreserving);

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
            var state = Run(ToDouble(inputs.Slice(sample * circuit.Inputs, circuit.Inputs)), shared)[^1];
            var (observables, probability) = (Observables(state), Probability(state, sample));
            for (var k = 0; k < circuit.Outputs; k++)
            {
                outputs[(sample * circuit.Outputs) + k] = T.CreateChecked(observables[k].Inner(state) / probability);
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
        var shared = ToDouble(weights);
        var total = new double[circuit.Weights];
        for (var sample = 0; sample < batch; sample++)
        {
            var data = ToDouble(inputs.Slice(sample * circuit.Inputs, circuit.Inputs));
            var gradient = new double[circuit.Inputs];
            Reverse(data, shared, sample, ToDouble(cotangents.Slice(sample * circuit.Outputs, circuit.Outputs)), gradient, total);
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

    private List<ReferenceMixture> Run(double[] data, double[] weights)
    {
        var states = new List<ReferenceMixture> { ReferenceMixture.Zero(circuit.Wires, circuit.Bits) };
        var cost = new Cost(1, 0, 0, 0, 0);
        foreach (var operation in circuit.Operations)
        {
            var fires = operation.Guard?.Fires(data) ?? true;
            states.Add(fires ? states[^1].Apply(operation, Angles(operation, data, weights)) : states[^1]);
            cost += !operation.IsGate ? default : fires ? new Cost(0, 1, operation.IsTwoQubitGate ? 1 : 0, 0, 0) : new Cost(0, 0, 0, 1, 0);
        }

        Cost += cost;
        return states;
    }

    private ReferenceMixture[] Observables(ReferenceMixture state) => [.. circuit.Measurements.SelectMany(state.Observables)];

    private double Probability(ReferenceMixture state, int sample)
    {
        if (keepsTrace)
        {
            return 1;
        }

        var probability = state.Everywhere(MatrixAlgebra.Identity(1 << circuit.Wires)).Inner(state);
        return probability > 1e-14
            ? probability
            : throw new InvalidOperationException($"Sample {sample}: what the circuit post-selects has no probability, so there is nothing to measure.");
    }

    private void Reverse(double[] data, double[] weights, int sample, double[] cotangents, double[] inputGradient, double[] weightGradient)
    {
        var states = Run(data, weights);
        var (observables, probability) = (Observables(states[^1]), Probability(states[^1], sample));
        var lambda = states[^1].Everywhere(new Complex[1 << circuit.Wires, 1 << circuit.Wires]);
        var mean = 0.0;
        for (var k = 0; k < circuit.Outputs; k++)
        {
            lambda = lambda.Plus(observables[k], cotangents[k] / probability);
            mean += cotangents[k] * observables[k].Inner(states[^1]) / probability;
        }

        // d(Tr(Oρ)/Tr ρ) = Tr((O − ⟨O⟩)dρ)/Tr ρ.
        lambda = keepsTrace ? lambda : lambda.Plus(states[^1].Everywhere(MatrixAlgebra.Identity(1 << circuit.Wires)), -mean / probability);
        for (var i = circuit.Operations.Length - 1; i >= 0; i--)
        {
            var operation = circuit.Operations[i];
            if (!(operation.Guard?.Fires(data) ?? true))
            {
                continue;
            }

            var angles = Angles(operation, data, weights);
            for (var k = 0; k < angles.Length; k++)
            {
                if (!operation.Angles[k].IsConstant)
                {
                    var target = operation.Angles[k].Source == AngleSource.Input ? inputGradient : weightGradient;
                    target[operation.Angles[k].Index] += operation.Angles[k].Scale * lambda.Inner(states[i].Apply(operation, angles, by: k));
                }
            }

            lambda = lambda.Pull(operation, angles, states[i].Branches.Keys);
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
