// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A pass over gates with several angles.</summary>
internal static class GeneratorPasses
{
    /// <summary>
    /// The circuit in which every varying angle turns a gate with a generator, exp(iθG): gates that are products of such, U3 or Rot,
    /// are written out, and what is the identity for all angles is left out. The same unitary.
    /// </summary>
    public static Circuit ExpandToGenerators(this Circuit circuit) =>
        circuit.WithOperations([.. circuit.Operations.SelectMany(Expand)]);

    private static IEnumerable<Operation> Expand(Operation operation)
    {
        if (operation.IsGate && Commutation.IsIdentity(operation.Gate))
        {
            return [];
        }

        if (!operation.IsGate || operation.Gate.GeneratorScale > 0 || operation.Gate.Decomposition.IsEmpty || operation.Angles.All(angle => angle.IsConstant))
        {
            return [operation];
        }

        return operation.Parts().SelectMany(Expand);
    }
}
