// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>A pass over guards: the circuit that one sample runs.</summary>
public static class ResolvedGuards
{
    /// <summary>The circuit without guards: operations whose guard fires stay, the others go.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="fires">For each of <see cref="Circuit.Guards"/>, whether it fires.</param>
    /// <exception cref="ArgumentException">Not one value for each guard.</exception>
    public static Circuit ResolveGuards(this Circuit circuit, ReadOnlySpan<bool> fires)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (fires.Length != circuit.Guards.Length)
        {
            throw new ArgumentException($"The circuit has {circuit.Guards.Length} guards, and the pattern tells of {fires.Length}.", nameof(fires));
        }

        var firing = new HashSet<Guard>();
        for (var g = 0; g < fires.Length; g++)
        {
            if (fires[g])
            {
                firing.Add(circuit.Guards[g]);
            }
        }

        return circuit.WithOperations(
        [
            .. circuit.Operations.Where(operation => operation.Guard is not { } guard || firing.Contains(guard))
                .Select(operation => operation.Guard is null ? operation : operation.WithGuard(null)),
        ]);
    }

    /// <summary>Which of <see cref="Circuit.Guards"/> fire for a sample, compared in the precision of its inputs.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    public static bool[] FiringGuards<T>(this Circuit circuit, ReadOnlySpan<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var fires = new bool[circuit.Guards.Length];
        for (var g = 0; g < fires.Length; g++)
        {
            fires[g] = circuit.Guards[g].Fires(inputs);
        }

        return fires;
    }
}
