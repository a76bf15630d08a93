// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>A circuit with noise, measurements and conditions in its course, every branch by dense density matrices.</summary>
internal sealed class ReferenceMixedRun(Circuit circuit) : IReferenceRun
{
    private readonly bool keepsTrace = circuit.Operations.All(operation => operation.Gate.IsTracePreserving);

    public Cost Cost { get; private set; }

    public double[] Forward(int sample, double[] data, double[] weights)
    {
        var state = Run(data, weights)[^1];
        var probability = Probability(state, sample);
        return [.. Observables(state).Select(observable => observable.Inner(state) / probability)];
    }

    public void Reverse(int sample, double[] data, double[] weights, double[] cotangents, double[] inputGradient, double[] weightGradient)
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

            var angles = operation.AngleValues(data, weights);
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

    private List<ReferenceMixture> Run(double[] data, double[] weights)
    {
        var states = new List<ReferenceMixture> { ReferenceMixture.Zero(circuit.Wires, circuit.Bits) };
        var cost = new Cost(1, 0, 0, 0, 0);
        foreach (var operation in circuit.Operations)
        {
            var fires = operation.Guard?.Fires(data) ?? true;
            states.Add(fires ? states[^1].Apply(operation, operation.AngleValues(data, weights)) : states[^1]);
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
}
