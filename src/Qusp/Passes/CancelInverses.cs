// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A pass that removes what undoes itself.</summary>
public static class InversePasses
{
    /// <summary>
    /// Removes an operation together with its inverse, next to one another or with operations between that commute with it
    /// (a diagonal gate with a control, X with a target). Both have the same guard. Exactly the same unitary; two operations
    /// fewer for each pair. O(operations × those that commute in a row).
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    public static Circuit CancelInverses(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return circuit.JoinPairs(static (Operation earlier, Operation later, out Operation? joined) =>
        {
            joined = null;
            return earlier.Angles.AsSpan().SequenceEqual(later.Angles.AsSpan())
                && later.Gate.Equals(earlier.Gate.Adjoint())
                && earlier.Gate.ActsAlike(earlier.Wires, later.Wires);
        });
    }
}
