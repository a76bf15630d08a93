// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>The pass that rewrites a circuit in the gates of a set.</summary>
public static class DecompositionPasses
{
    /// <summary>
    /// Rewrites each gate that is not in the set: angles that vary stay affine in their source; a constant gate of two wires
    /// takes at most three CNOTs or CZs (Weyl decomposition), of more wires those of the quantum Shannon decomposition; gates
    /// with many controls need no further wires. Neighbouring constant gates of one wire become one sequence. The same unitary,
    /// its phase included: what phase is over becomes a global phase where a measurement sees it. What is no gate stays.
    /// </summary>
    /// <param name="circuit">The circuit. <see cref="OptimizingPasses.Optimize"/> it before for fewer gates.</param>
    /// <param name="set">The gates allowed.</param>
    /// <exception cref="NotSupportedException">A gate has no known decomposition; the message names it.</exception>
    public static Circuit Decompose(this Circuit circuit, GateSet set)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(set);
        var operations = ImmutableArray.CreateBuilder<Operation>();
        foreach (var operation in circuit.Operations)
        {
            if (!operation.IsGate || set.Has(operation.Gate))
            {
                operations.Add(operation);
                continue;
            }

            foreach (var part in Synthesis.ToCnots(operation).SelectMany(part => SingleQubitSynthesis.InSet(part, set)))
            {
                operations.Add(new Operation(part.Gate, part.Wires, part.Angles, operation.Guard, null, operation.Conditions));
            }
        }

        // A phase between two gates of a wire must not keep them apart.
        return circuit.WithOperations(operations.ToImmutable()).RemoveGlobalPhases().CancelInverses().JoinRuns(set).RemoveGlobalPhases();
    }
}
