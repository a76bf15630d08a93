// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// How a guard compares a float32 input with its threshold; for float64 inputs both are the same. The two scripts that
/// Qusp started from differ in this and nowhere else in their circuit: at float32 0.1 and threshold 0.1.
/// </summary>
public enum GuardComparison
{
    /// <summary>As <c>x[i].item() &gt; 0.1</c>: the value widened to double. float32 0.1 is 0.100000001… and fires.</summary>
    Item,

    /// <summary>As <c>x[i] &gt; 0.1</c> on a tensor: the threshold rounded to the tensor's dtype. float32 0.1 does not fire.</summary>
    Tensor,
}

/// <summary>The circuit that makes a comparison come out as it was asked.</summary>
internal static class GuardComparisonPass
{
    /// <summary>The circuit with thresholds such that a float32 input fires as the comparison says, in the circuit's precision.</summary>
    public static Circuit ForSingleInputs(this Circuit circuit, GuardComparison comparison, Precision precision) => (comparison, precision) switch
    {
        (GuardComparison.Tensor, _) => circuit.RoundThresholds<float>(),

        // A float x exceeds a double τ where it exceeds the largest float that is not above τ.
        (_, Precision.Single) => circuit.WithOperations(
        [
            .. circuit.Operations.Select(operation => operation.Guard is { } guard
                ? operation.WithGuard(guard with { Threshold = RoundDown(guard.Threshold) })
                : operation),
        ]),
        _ => circuit,
    };

    private static float RoundDown(double value) => (float)value is var nearest && nearest > value ? MathF.BitDecrement(nearest) : nearest;
}
