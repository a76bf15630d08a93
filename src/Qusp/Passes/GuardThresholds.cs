// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>A pass over guards.</summary>
public static class GuardThresholds
{
    /// <summary>
    /// The circuit with each threshold rounded to the precision T, as a comparison in that precision sees it: a float32
    /// input 0.1 does not exceed the float32 threshold 0.1, but does exceed the double 0.1.
    /// </summary>
    /// <typeparam name="T">The precision of the comparison.</typeparam>
    public static Circuit RoundThresholds<T>(this Circuit circuit)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        circuit.MapThresholds(threshold => double.CreateChecked(T.CreateChecked(threshold)));

    /// <summary>The circuit with each threshold τ replaced by a function of it.</summary>
    public static Circuit MapThresholds(this Circuit circuit, Func<double, double> map)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(map);
        return circuit.WithOperations(
        [
            .. circuit.Operations.Select(operation => operation.Guard is { } guard
                ? operation.WithGuard(guard with { Threshold = map(guard.Threshold) })
                : operation),
        ]);
    }
}
