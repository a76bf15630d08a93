// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// Circuit → plan. A unitary is U on the row and U* on the column, as one map where that is cheap; a channel is Σ K ⊗ K*; a
/// measurement also writes its outcome to a slot; a condition restricts a map to the slots' values where it holds.
/// </summary>
internal sealed class DensityLowering
{
    private const int MostWiresOnBothSides = 3; // of 4^k rows
    private const int MostMatrixWires = 6; // beyond, a Pauli rotation's ladder of CNOTs is shorter than its matrix

    private readonly Circuit circuit;
    private readonly int wires;
    private readonly JoinedSteps steps = new();
    private readonly ImmutableArray<FactorSource>.Builder sources = ImmutableArray.CreateBuilder<FactorSource>();
    private readonly BitSlots slots;

    private DensityLowering(Circuit circuit)
    {
        (this.circuit, wires) = (circuit, circuit.Wires);
        slots = new BitSlots(circuit.Bits, 2 * wires);
    }

    /// <summary>The plan.</summary>
    /// <exception cref="NotSupportedException">A condition reads more than 12 bits, or a channel is too wide.</exception>
    public static DensityPlan Lower(Circuit circuit)
    {
        var lowering = new DensityLowering(circuit);
        var counts = new GuardCount[circuit.Guards.Length + 1];
        var live = ClassicalBits.LiveAfter(circuit);
        for (var i = 0; i < circuit.Operations.Length; i++)
        {
            var operation = circuit.Operations[i];
            var guard = operation.Guard is { } value ? circuit.Guards.IndexOf(value) : -1;
            ref var count = ref counts[guard < 0 ? ^1 : guard];
            count = new GuardCount(count.Gates + (operation.IsGate ? 1 : 0), count.TwoQubitGates + (operation.IsTwoQubitGate ? 1 : 0));
            lowering.Add(operation, guard, live[i]);
            lowering.Free(live[i]);
        }

        return new DensityPlan
        {
            Circuit = circuit,
            Steps = lowering.steps.ToImmutable(),
            Sources = lowering.sources.ToImmutable(),
            Counts = [.. counts],
            MostBits = lowering.slots.MostActive,
            LastBits = lowering.slots.Active,
            BitPositions = [.. lowering.slots.Positions],
            KeepsTrace = circuit.Operations.All(operation => operation.Gate.IsTracePreserving),
        };
    }

    private void Add(Operation operation, int guard, IReadOnlySet<int> live)
    {
        switch (operation.Gate.Kind)
        {
            case GateKind.Unitary:
                AddUnitary(operation, guard);
                break;
            case GateKind.Channel:
                AddChannel(operation, guard);
                break;
            case GateKind.Measure:
                AddMeasurement(operation, guard, live.Contains(operation.Bit!.Value));
                break;
            default:
                break; // a barrier
        }
    }

    private void AddUnitary(Operation operation, int guard)
    {
        var (gate, on, conditions) = (operation.Gate, operation.Wires, operation.Conditions);
        if (gate.Decomposition.Length > 0 && (gate.GeneratorScale == 0 || gate.Wires > MostMatrixWires))
        {
            foreach (var part in operation.Parts())
            {
                AddUnitary(part, guard);
            }

            return;
        }

        if (gate.Parameters > 0 && gate.GeneratorScale == 0)
        {
            return; // a power 0: the identity
        }

        var (target, controls) = gate.Target is { } inside ? (inside, gate.ControlValues) : (gate, []);
        var narrow = target.Basis(gate.GeneratorScale);
        var mixed = LinearBlock.Split(narrow, local => local);
        var together = gate.Wires == 1 || (gate.Wires <= MostWiresOnBothSides && mixed.All(block => block.Size <= 2));
        var source = AddSource(operation, together, guard);
        if (together)
        {
            var full = gate.Basis(gate.GeneratorScale);
            AddStep([.. RowBits(on), .. ColumnBits(on)], [], OnBothSides(full), source, guard, conditions, isUnitary: true);
            return;
        }

        AddStep(RowBits(on), controls, narrow, source, guard, conditions, isUnitary: true);
        AddStep(ColumnBits(on), controls, [.. narrow.Select(Conjugate)], source, guard, conditions, isUnitary: true);
    }

    private void AddChannel(Operation operation, int guard)
    {
        var (gate, form) = (operation.Gate, operation.Gate.Form!);
        if (operation.Angles.All(angle => angle.IsConstant))
        {
            var constant = gate.Kraus([.. operation.Angles.Select(angle => angle.Offset)])
                .Select(k => MatrixAlgebra.Kron(k, Conjugate(k))).Aggregate((sum, k) => MatrixAlgebra.Add(sum, k, 1));
            AddStep([.. RowBits(operation.Wires), .. ColumnBits(operation.Wires)], [], [constant], -1, guard, operation.Conditions, isUnitary: false);
            return;
        }

        var size = 1 << (2 * gate.Wires);
        List<Complex[,]> basis = [new Complex[size, size]];
        foreach (var (still, moving) in form.Terms)
        {
            basis.Add(MatrixAlgebra.Kron(still, Conjugate(still)));
            basis.Add(moving is null ? new Complex[size, size] : MatrixAlgebra.Add(MatrixAlgebra.Kron(still, Conjugate(moving)), MatrixAlgebra.Kron(moving, Conjugate(still)), 1));
            basis.Add(moving is null ? new Complex[size, size] : MatrixAlgebra.Kron(moving, Conjugate(moving)));
        }

        sources.Add(new ChannelFactors(form, operation.Angles, guard));
        AddStep([.. RowBits(operation.Wires), .. ColumnBits(operation.Wires)], [], basis, sources.Count - 1, guard, operation.Conditions, isUnitary: false);
    }

    // On the slot, the row and the column: what is |kk⟩ stays and the slot becomes k; coherences between outcomes are lost.
    private void AddMeasurement(Operation operation, int guard, bool isRead)
    {
        int[] bits = [.. RowBits(operation.Wires), .. ColumnBits(operation.Wires)];
        if (!isRead)
        {
            AddStep(bits, [], [MatrixAlgebra.Map(new Complex[4, 4], (r, c) => r == c && r is 0 or 3 ? 1 : 0)], -1, guard, operation.Conditions, isUnitary: false);
            return;
        }

        var slot = slots.Take(operation.Bit!.Value);
        int[] read = slots.Read(operation.Conditions, except: slot);
        bits = [.. read, slot, .. bits];
        var size = 1 << bits.Length;
        var form = operation.Gate.Form!;
        var still = new Complex[size, size];
        Complex[][,] moves = [.. form.Terms.Select(_ => new Complex[size, size])];
        for (var from = 0; from < size; from++)
        {
            if (!slots.Hold(operation.Conditions, position => Array.IndexOf(bits, position) is var k and >= 0 && ((from >> (bits.Length - 1 - k)) & 1) == 1))
            {
                still[from, from] = 1;
                continue;
            }

            for (var i = 0; i < moves.Length && (from & 3) is 0 or 3; i++)
            {
                // Of |kk⟩ what the operator leaves of |k⟩, to the slot of its outcome.
                moves[i][(from & ~4) | (form.Outcome(i) << 2), from] = form.Terms[i].Fixed[from & 1, from & 1];
            }
        }

        if (operation.Angles.All(angle => angle.IsConstant))
        {
            var factors = new KrausFactor[moves.Length];
            form.Factors([.. operation.Angles.Select(angle => angle.Offset)], -1, factors);
            var map = moves.Zip(factors).Aggregate(still, (sum, one) => MatrixAlgebra.Add(sum, one.First, one.Second.Weight.Value));
            AddStep(bits, [], [map], -1, guard, [], isUnitary: false);
            return;
        }

        var none = new Complex[size, size];
        sources.Add(new ChannelFactors(form, operation.Angles, guard));
        AddStep(bits, [], [still, .. moves.SelectMany(move => (Complex[][,])[move, none, none])], sources.Count - 1, guard, [], isUnitary: false);
    }

    // Slots of bits that nobody will read: both values' matrices become one.
    private void Free(IReadOnlySet<int> live)
    {
        foreach (var (bit, position) in slots.Positions.Index())
        {
            if (position >= 0 && !live.Contains(bit))
            {
                AddStep([position], [], [new Complex[,] { { 1, 1 }, { 0, 0 } }], -1, -1, [], isUnitary: false);
                slots.Release(bit);
            }
        }
    }

    // One step; its pieces are repeated for every value of the conditions' slots where they hold.
    private void AddStep(
        int[] on, ImmutableArray<bool> controls, IReadOnlyList<Complex[,]> basis, int source, int guard, ImmutableArray<Condition> conditions, bool isUnitary)
    {
        int[] read = slots.Read(conditions);
        var blocks = ImmutableArray.CreateBuilder<LinearBlock>();
        for (var value = 0; value < 1 << read.Length; value++)
        {
            if (slots.Hold(conditions, position => Array.IndexOf(read, position) is var k and >= 0 && ((value >> k) & 1) == 1))
            {
                nint start = 0;
                for (var k = 0; k < read.Length; k++)
                {
                    start |= (nint)((value >> k) & 1) << read[k];
                }

                for (var k = 0; k < controls.Length; k++)
                {
                    start |= controls[k] ? (nint)1 << on[k] : 0;
                }

                blocks.AddRange(LinearBlock.Split(basis, local => LinearBlock.Offset(start, on.AsSpan(controls.Length), local)));
            }
        }

        if (blocks.Count == 0)
        {
            return;
        }

        var step = new LinearStep(IndexBits.At(on.Concat(read)), slots.Active, blocks.ToImmutable(), source, guard, isUnitary);
        steps.Add(step, guard < 0 && conditions.IsEmpty && controls.IsEmpty ? new(on, basis) : null);
    }

    private int AddSource(Operation operation, bool together, int guard)
    {
        if (operation.Gate.Parameters == 0)
        {
            return -1;
        }

        sources.Add(new RotationFactors(operation.Angles[0], operation.Gate.GeneratorScale, together, guard));
        return sources.Count - 1;
    }

    private int[] RowBits(ImmutableArray<int> on) => [.. on.Select(wire => (2 * wires) - 1 - wire)];

    private int[] ColumnBits(ImmutableArray<int> on) => [.. on.Select(wire => wires - 1 - wire)];

    // (Σ f_i A_i) ⊗ (Σ f_j A_j)*, by the products of factors: of 1, c, s they are 1, c, s, c², cs, s².
    private static List<Complex[,]> OnBothSides(IReadOnlyList<Complex[,]> basis)
    {
        var products = new List<Complex[,]>();
        foreach (var (i, j) in basis.Count == 1 ? [(0, 0)] : (ReadOnlySpan<(int, int)>)[(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)])
        {
            var product = MatrixAlgebra.Kron(basis[i], Conjugate(basis[j]));
            products.Add(i == j ? product : MatrixAlgebra.Add(product, MatrixAlgebra.Kron(basis[j], Conjugate(basis[i])), 1));
        }

        return products;
    }

    private static Complex[,] Conjugate(Complex[,] a) => MatrixAlgebra.Map(a, (r, c) => Complex.Conjugate(a[r, c]));
}
