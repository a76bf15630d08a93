// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>A pass that multiplies small matrices.</summary>
public static class FusionPasses
{
    private static readonly Gate[] Named = [Gates.X, Gates.Y, Gates.Z, Gates.H, Gates.S, Gates.Sdg, Gates.T, Gates.Tdg, Gates.SX, Gates.SX.Adjoint()];

    /// <summary>
    /// Joins gates of one wire that follow one another, have constant angles and the same guard, into one: the gate of the
    /// table that it is, or U3, and a global phase where a measurement sees it. The same unitary; never more operations.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    public static Circuit FuseSingleQubit(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);

        // A run that vanishes brings together what stood before and after it.
        for (var fused = Fuse(circuit); !ReferenceEquals(fused, circuit); fused = Fuse(circuit))
        {
            circuit = fused;
        }

        return circuit;
    }

    private static Circuit Fuse(Circuit circuit)
    {
        Operation?[] result = [.. circuit.Operations];
        var added = new Dictionary<int, Operation>();
        var runs = Enumerable.Range(0, circuit.Wires).Select(_ => new List<int>()).ToArray();
        var (seesPhase, changed) = (circuit.SeesPhase(), false);
        for (var i = 0; i < result.Length; i++)
        {
            var operation = result[i]!;
            var joins = operation.Wires.Length == 1 && !Commutation.IsWall(operation) && operation.Angles.All(angle => angle.IsConstant)
                && !operation.Gate.Equals(Gates.GlobalPhase);
            foreach (var wire in operation.Wires)
            {
                if (!joins || (runs[wire].Count > 0 && result[runs[wire][^1]]!.Guard != operation.Guard))
                {
                    Close(runs[wire]);
                }
            }

            if (joins)
            {
                runs[operation.Wires[0]].Add(i);
            }
        }

        runs.ToList().ForEach(Close);
        return changed
            ? circuit.WithOperations([.. result.SelectMany((operation, i) => (IEnumerable<Operation?>)[operation, added.GetValueOrDefault(i)]).OfType<Operation>()])
            : circuit;

        void Close(List<int> run)
        {
            if (run.Count > 1)
            {
                var last = result[run[^1]]!;
                var (gate, phase) = One(Product(run.Select(i => result[i]!)), last);
                ImmutableArray<Operation> parts = [.. gate is null ? [] : (Operation[])[gate], .. seesPhase && phase is not null ? (Operation[])[phase] : []];
                if (parts.Length < run.Count)
                {
                    changed = true;
                    run.ForEach(i => result[i] = null);
                    result[run[^1]] = parts.IsEmpty ? null : parts[0];
                    if (parts.Length > 1)
                    {
                        added[run[^1]] = parts[1];
                    }
                }
            }

            run.Clear();
        }
    }

    private static Complex[,] Product(IEnumerable<Operation> run) => run.Aggregate(
        MatrixAlgebra.Identity(2),
        (product, operation) => MatrixAlgebra.Multiply(operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Offset)]), product));

    // U = e^{−iγ} · gate, where γ is the angle of a global phase.
    private static (Operation? Gate, Operation? Phase) One(Complex[,] u, Operation like)
    {
        foreach (var gate in (ReadOnlySpan<Gate>)[Gates.I, .. Named])
        {
            if (MatrixAlgebra.PhaseBetween(gate.Matrix(), u) is { } between)
            {
                return (gate.Equals(Gates.I) ? null : new Operation(gate, like.Wires, [], like.Guard), Phase(-between));
            }
        }

        var (theta, phi, lambda, phase) = EulerAngles.OfU3(u);
        return (new Operation(Gates.U3, like.Wires, [theta, phi, lambda], like.Guard), Phase(-phase));

        Operation? Phase(double angle) =>
            Math.Abs(Math.IEEERemainder(angle, 2 * Math.PI)) < 1e-14 ? null : new Operation(Gates.GlobalPhase, like.Wires, [angle], like.Guard);
    }
}
