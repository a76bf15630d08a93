// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>A circuit without noise that measures in its course, run as a state vector on a further wire for each measurement.</summary>
internal sealed class DeferredProgram<T>(Circuit circuit, Func<Circuit, IProgram<T>> compile) : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IProgram<T> program = compile(circuit.DeferMeasurements());

    public Circuit Circuit => circuit;

    public string Device => program.Device;

    public Differentiation Differentiation => program.Differentiation;

    public bool IsStochastic => false;

    public Cost Cost => program.Cost;

    /// <summary>Whether the state vector has no more numbers than the density matrices of all branches.</summary>
    public static bool Pays(Circuit circuit) =>
        circuit.Operations.All(operation => operation.Gate.Kind != GateKind.Channel || operation.Gate.Equals(Gates.Reset))
        && circuit.Wires + DeferredMeasurements.Fresh(circuit) <= (2 * circuit.Wires) + ClassicalBits.MostLive(circuit)
        && DeferredMeasurements.Refusal(circuit) is null;

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default) =>
        program.Evaluate(batch, inputs, weights, outputs, draw);

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default) =>
        program.Pullback(batch, inputs, weights, cotangents, inputGradients, weightGradients, draw);

    public void Dispose() => program.Dispose();
}
