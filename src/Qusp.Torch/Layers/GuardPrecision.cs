// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>The circuit that makes a comparison come out as it was asked.</summary>
internal static class GuardPrecision
{
    /// <summary>The circuit with thresholds such that a float32 input fires as the comparison says, in the circuit's precision.</summary>
    public static Circuit ForSingleInputs(this Circuit circuit, GuardComparison comparison, Precision precision) => (comparison, precision) switch
    {
        (GuardComparison.Tensor, _) => circuit.RoundThresholds<float>(),

        // A float x exceeds a double τ where it exceeds the largest float that is not above τ.
        (_, Precision.Single) => circuit.MapThresholds(threshold => RoundDown(threshold)),
        _ => circuit,
    };

    private static float RoundDown(double value) => (float)value is var nearest && nearest > value ? MathF.BitDecrement(nearest) : nearest;
}
