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
        var circuit = quantum.GuardComparison == GuardComparison.Tensor ? quantum.Circuit.RoundThresholds<T>() : quantum.Circuit;
        program = device.Compile<TCircuit>(WithThresholdsBelow(circuit), options);
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

    // A program in C compares in C. The largest number of C that is not above the threshold decides about numbers of C as the
    // threshold itself does, so float32 0.1 exceeds the double 0.1 in a float32 program too.
    private static Circuit WithThresholdsBelow(Circuit circuit) => circuit.WithOperations(
    [
        .. circuit.Operations.Select(operation => operation.Guard is { } guard
            ? operation.WithGuard(guard with { Threshold = Below(guard.Threshold) })
            : operation),
    ]);

    private static double Below(double threshold)
    {
        var rounded = TCircuit.CreateTruncating(threshold);
        return double.CreateTruncating(double.CreateTruncating(rounded) > threshold ? TCircuit.BitDecrement(rounded) : rounded);
    }
}
