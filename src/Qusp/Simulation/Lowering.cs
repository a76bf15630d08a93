// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Simulation;

/// <summary>
/// Circuit → plan. Gates with several angles are replaced by their decomposition; what remains is a constant matrix or
/// exp(iθG), and each is split into the blocks that mix amplitudes. Almost every gate has blocks of one or two.
/// </summary>
internal sealed class Lowering
{
    private const double Tiny = 1e-15;
    private const int MaxMatrixWires = 6; // beyond, a Pauli rotation's ladder of CNOTs is shorter than its matrix

    private readonly int wires;
    private readonly ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
    private readonly ImmutableArray<PlanAngle>.Builder angles = ImmutableArray.CreateBuilder<PlanAngle>();

    // A long circuit has the same gates on the same wires again and again: their steps are found once, and shared.
    private readonly Dictionary<(Gate Gate, ImmutableArray<int> Wires), Step[]> known = new(new SamePlace());

    private Lowering(int wires) => this.wires = wires;

    public static Plan Lower(Circuit circuit)
    {
        var lowering = new Lowering(circuit.Wires);
        var counts = new GuardCount[circuit.Guards.Length + 1];
        var guards = circuit.Guards.Select((guard, g) => (guard, g)).ToDictionary(item => item.guard, item => item.g);
        foreach (var operation in circuit.Operations)
        {
            var guard = operation.Guard is { } value ? guards[value] : -1;
            ref var count = ref counts[guard < 0 ? ^1 : guard];
            count = new GuardCount(count.Gates + (operation.IsGate ? 1 : 0), count.TwoQubitGates + (operation.IsTwoQubitGate ? 1 : 0));
            lowering.Add(operation, guard);
        }

        return new Plan
        {
            Circuit = circuit,
            Steps = lowering.steps.ToImmutable(),
            Angles = lowering.angles.ToImmutable(),
            Guards = circuit.Guards,
            Counts = [.. counts],
            IsReal = lowering.steps.All(IsReal) && circuit.Measurements.All(IsReal),
        };
    }

    /// <summary>Whether a step leaves real amplitudes real.</summary>
    public static bool IsReal(Step step) => step.Kind switch
    {
        StepKind.Swap or StepKind.RealRotation => true,
        StepKind.Phase or StepKind.Dense => step.Matrix.All(entry => entry.Imaginary == 0),
        _ => false,
    };

    private void Add(Operation operation, int guard)
    {
        var gate = operation.Gate;
        if (gate.Kind == GateKind.Barrier)
        {
            return;
        }

        if (gate.Decomposition.Length > 0 && (gate.GeneratorScale == 0 || gate.Wires > MaxMatrixWires))
        {
            foreach (var part in operation.Parts())
            {
                Add(part, guard);
            }

            return;
        }

        if (gate.Parameters > 0 && gate.GeneratorScale == 0)
        {
            return; // a power 0: the identity
        }

        if (!known.TryGetValue((gate, operation.Wires), out var found))
        {
            found = known[(gate, operation.Wires)] = [.. Find(gate, operation.Wires)];
        }

        if (gate.Parameters > 0)
        {
            angles.Add(new PlanAngle(operation.Angles[0], gate.GeneratorScale, guard));
        }

        var angle = gate.Parameters > 0 ? angles.Count - 1 : -1;
        steps.AddRange(angle < 0 && guard < 0 ? found : found.Select(step => step with { Angle = angle, Guard = guard }));
    }

    // Without the angle and the guard of a place in the circuit.
    private IEnumerable<Step> Find(Gate gate, ImmutableArray<int> on)
    {
        // Controls need no matrix of their own: they only narrow where the target's blocks lie.
        var (target, controls) = gate.Target is { } inside ? (inside, gate.ControlValues) : (gate, []);
        int[] bits = [.. on.Select(wire => wires - 1 - wire)];
        int[] sorted = [.. bits.Order()];
        nint active = 0;
        for (var k = 0; k < controls.Length; k++)
        {
            active |= controls[k] ? (nint)1 << bits[k] : 0;
        }

        if (gate.Parameters == 0)
        {
            var matrix = target.Matrix();
            foreach (var block in Blocks(matrix))
            {
                if (Fixed(Restrict(matrix, block)) is { } found)
                {
                    yield return new Step(found.Kind, sorted, Offsets(block), -1, -1, 0, found.Matrix, []);
                }
            }

            yield break;
        }

        var unit = MatrixAlgebra.Scale(target.Generator!, 1 / gate.GeneratorScale);
        foreach (var block in Blocks(unit))
        {
            if (Rotation(Restrict(unit, block)) is { } found)
            {
                yield return new Step(found.Kind, sorted, Offsets(block), -1, -1, found.Sign * gate.GeneratorScale, found.Matrix, found.Square);
            }
        }

        nint[] Offsets(int[] block) =>
            [.. block.Select(local => Enumerable.Range(controls.Length, bits.Length - controls.Length).Aggregate(
                active, (offset, k) => offset | (((local >> (bits.Length - 1 - k)) & 1) * ((nint)1 << bits[k]))))];
    }

    private static (StepKind Kind, Complex[] Matrix)? Fixed(Complex[,] block)
    {
        if (block.Length == 1)
        {
            return block[0, 0] == 1 ? null : (StepKind.Phase, [block[0, 0]]);
        }

        var isSwap = block.Length == 4 && block[0, 0] == 0 && block[1, 1] == 0 && block[0, 1] == 1 && block[1, 0] == 1;
        return isSwap ? (StepKind.Swap, []) : (StepKind.Dense, [.. block.Cast<Complex>()]);
    }

    // The block of G/λ decides: ±1 alone is a phase, an imaginary or real off-diagonal pair is a rotation.
    private static (StepKind Kind, double Sign, Complex[] Matrix, Complex[] Square)? Rotation(Complex[,] unit)
    {
        if (unit.Length == 1)
        {
            return Complex.Abs(unit[0, 0]) < Tiny ? null : (StepKind.PhaseRotation, Math.Sign(unit[0, 0].Real), [], []);
        }

        var z = unit[0, 1];
        var offDiagonal = unit.Length == 4 && Complex.Abs(unit[0, 0]) < Tiny && Complex.Abs(unit[1, 1]) < Tiny;
        if (offDiagonal && Math.Abs(z.Real) < Tiny)
        {
            return (StepKind.RealRotation, Math.Sign(z.Imaginary), [], []);
        }

        if (offDiagonal && Math.Abs(z.Imaginary) < Tiny)
        {
            return (StepKind.ImaginaryRotation, Math.Sign(z.Real), [], []);
        }

        return (StepKind.DenseRotation, 1, [.. unit.Cast<Complex>()], [.. MatrixAlgebra.Multiply(unit, unit).Cast<Complex>()]);
    }

    // Basis states connected by off-diagonal entries.
    private static List<int[]> Blocks(Complex[,] matrix)
    {
        var size = matrix.GetLength(0);
        var root = Enumerable.Range(0, size).ToArray();
        for (var r = 0; r < size; r++)
        {
            for (var c = 0; c < size; c++)
            {
                if (r != c && Complex.Abs(matrix[r, c]) > Tiny && root[r] != root[c])
                {
                    var (from, to) = (root[c], root[r]);
                    root = [.. root.Select(x => x == from ? to : x)];
                }
            }
        }

        return [.. Enumerable.Range(0, size).GroupBy(i => root[i]).Select(group => group.ToArray())];
    }

    private static Complex[,] Restrict(Complex[,] matrix, int[] block) =>
        MatrixAlgebra.Map(new Complex[block.Length, block.Length], (r, c) => matrix[block[r], block[c]]);

    private static bool IsReal(Measurement measurement) => measurement switch
    {
        Expectation expectation => expectation.Observable.Terms.All(term => term.Word.CountY % 2 == 0),
        Probabilities or DensityMatrix => true,
        _ => false,
    };

    private sealed class SamePlace : IEqualityComparer<(Gate Gate, ImmutableArray<int> Wires)>
    {
        public bool Equals((Gate Gate, ImmutableArray<int> Wires) x, (Gate Gate, ImmutableArray<int> Wires) y) =>
            ReferenceEquals(x.Gate, y.Gate) && x.Wires.AsSpan().SequenceEqual(y.Wires.AsSpan());

        public int GetHashCode((Gate Gate, ImmutableArray<int> Wires) place)
        {
            var hash = default(HashCode);
            hash.Add(RuntimeHelpers.GetHashCode(place.Gate));
            foreach (var wire in place.Wires)
            {
                hash.Add(wire);
            }

            return hash.ToHashCode();
        }
    }
}
