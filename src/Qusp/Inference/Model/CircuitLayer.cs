// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Inference;

/// <summary>A circuit computed in the precision C within a network of the precision T.</summary>
internal sealed class CircuitLayer<T, TCircuit> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TCircuit : unmanaged, IFloatingPointIeee754<TCircuit>
{
    private readonly IProgram<TCircuit> program;
    private readonly TCircuit[] weights;

    public CircuitLayer(QuantumDescription quantum, Parameters parameters, IDevice device, ProgramOptions options)
    {
        weights = [.. quantum.Circuit.WeightGroups.SelectMany(group => parameters.Take<TCircuit>($"{quantum.Name}.{group.Name}", group.Shape))];
        program = device.Compile<TCircuit>(WithThresholds(quantum.Circuit, quantum.GuardComparison), options);
    }

    public override T[] Apply(T[] x, int batch, Draw draw)
    {
        var outputs = new TCircuit[batch * program.Circuit.Outputs];
        program.Evaluate(batch, QuantizedLayer<T>.Cast<T, TCircuit>(x), weights, outputs, draw);
        return QuantizedLayer<T>.Cast<TCircuit, T>(outputs);
    }

    public override void Dispose()
    {
        program.Dispose();
        base.Dispose();
    }

    private static Circuit WithThresholds(Circuit circuit, GuardComparison comparison) => circuit.WithOperations(
    [
        .. circuit.Operations.Select(operation => operation.Guard is { } guard
            ? operation.WithGuard(guard with { Threshold = Threshold(guard.Threshold, comparison) })
            : operation),
    ]);

    // Compared as a tensor, the threshold is one of T. A program in C compares in C: there the largest number of C that is not above
    // the threshold decides as the threshold itself does, so float32 0.1 exceeds the double 0.1 in a float32 program too.
    private static double Threshold(double threshold, GuardComparison comparison)
    {
        var compared = comparison == GuardComparison.Tensor ? double.CreateTruncating(T.CreateTruncating(threshold)) : threshold;
        var rounded = TCircuit.CreateTruncating(compared);
        return double.CreateTruncating(double.CreateTruncating(rounded) > compared ? TCircuit.BitDecrement(rounded) : rounded);
    }
}
