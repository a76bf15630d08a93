// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Qusp.Simulation.DensityMatrices;

namespace Qusp.Simulation.Trajectories;

/// <summary>One operation on pure states.</summary>
/// <param name="Guard">The circuit's guard, or −1.</param>
/// <param name="Conditions">What measured bits must spell.</param>
internal abstract record TrajectoryStep(int Guard, ImmutableArray<Condition> Conditions);

/// <summary>A unitary.</summary>
/// <param name="Guard">The circuit's guard, or −1.</param>
/// <param name="Conditions">What measured bits must spell.</param>
/// <param name="Map">Its matrix on the wires' bits.</param>
internal sealed record UnitaryStep(int Guard, ImmutableArray<Condition> Conditions, LinearStep Map) : TrajectoryStep(Guard, Conditions);

/// <summary>Something with Kraus operators, of which each trajectory takes one.</summary>
/// <param name="Guard">The circuit's guard, or −1.</param>
/// <param name="Conditions">What measured bits must spell.</param>
/// <param name="Form">The Kraus operators.</param>
/// <param name="Angles">The strengths.</param>
/// <param name="Map">All entries of a matrix on the wires' bits, as one block.</param>
/// <param name="Bit">The classical bit that the operator's number is written to, or null.</param>
/// <param name="KeepsTrace">Whether probabilities sum to 1; else it is a post-selection.</param>
/// <param name="IsReversible">Whether every operator is a multiple of a unitary, so that its inverse undoes it.</param>
internal sealed record KrausStep(
    int Guard, ImmutableArray<Condition> Conditions, KrausForm Form, ImmutableArray<Angle> Angles, LinearStep Map, int? Bit, bool KeepsTrace, bool IsReversible)
    : TrajectoryStep(Guard, Conditions)
{
    public bool Varies => !Angles.All(angle => angle.IsConstant);

    public int Size => Map.Blocks[0].Size;
}

/// <summary>A circuit for pure states of which each takes a path of its own through channels and measurements.</summary>
internal sealed class TrajectoryPlan
{
    private const int MostMatrixWires = 6; // beyond, a Pauli rotation's ladder of CNOTs is shorter than its matrix

    private readonly ImmutableArray<TrajectoryStep>.Builder steps = ImmutableArray.CreateBuilder<TrajectoryStep>();
    private readonly ImmutableArray<FactorSource>.Builder sources = ImmutableArray.CreateBuilder<FactorSource>();

    public TrajectoryPlan(Circuit circuit)
    {
        Circuit = circuit;
        foreach (var operation in circuit.Operations)
        {
            var guard = operation.Guard is { } value ? circuit.Guards.IndexOf(value) : -1;
            if (operation.Gate.Form is not null)
            {
                AddKraus(operation, guard);
            }
            else if (operation.IsGate)
            {
                AddUnitary(operation, guard);
            }
        }

        (Steps, Sources) = (steps.ToImmutable(), sources.ToImmutable());
        KeepsTrace = circuit.Operations.All(operation => operation.Gate.IsTracePreserving);
        Irreversible = Steps.Count(step => step is KrausStep { IsReversible: false });
        LargestBlock = Steps.Select(step => step is UnitaryStep unitary ? unitary.Map.Blocks.Max(block => block.Size) : ((KrausStep)step).Size).DefaultIfEmpty(1).Max();
        MostTerms = Steps.OfType<KrausStep>().Select(step => step.Form.Terms.Length).DefaultIfEmpty(1).Max();
    }

    public Circuit Circuit { get; }

    public ImmutableArray<TrajectoryStep> Steps { get; }

    /// <summary>What gives the factors of unitaries' matrices.</summary>
    public ImmutableArray<FactorSource> Sources { get; }

    public bool KeepsTrace { get; }

    /// <summary>How many steps cannot be undone, so that a reverse sweep needs the state before them.</summary>
    public int Irreversible { get; }

    public int LargestBlock { get; }

    public int MostTerms { get; }

    private void AddUnitary(Operation operation, int guard)
    {
        var gate = operation.Gate;
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
        var bits = Bits(operation.Wires);
        nint start = 0;
        for (var k = 0; k < controls.Length; k++)
        {
            start |= controls[k] ? (nint)1 << bits[k] : 0;
        }

        var blocks = LinearBlock.Split(target.Basis(gate.GeneratorScale), local => LinearBlock.Offset(start, bits.AsSpan(controls.Length), local));
        if (gate.Parameters > 0)
        {
            sources.Add(new RotationFactors(operation.Angles[0], gate.GeneratorScale, onBothSides: false, guard));
        }

        if (blocks.Length > 0)
        {
            steps.Add(new UnitaryStep(guard, operation.Conditions, new LinearStep(IndexBits.At(bits), Circuit.Wires, blocks, gate.Parameters > 0 ? sources.Count - 1 : -1, guard, IsUnitary: true)));
        }
    }

    private void AddKraus(Operation operation, int guard)
    {
        var form = operation.Gate.Form!;
        var bits = Bits(operation.Wires);
        var size = 1 << bits.Length;
        var block = new LinearBlock(
            [.. Enumerable.Range(0, size).Select(local => LinearBlock.Offset(0, bits, local))], [], [.. Enumerable.Range(0, size * size)], IsReal: false);
        var map = new LinearStep(IndexBits.At(bits), Circuit.Wires, [block], -1, guard, IsUnitary: false);
        var reversible = form.Terms.All(term => term.Moving is null && IsUnitary(term.Fixed));
        steps.Add(new KrausStep(guard, operation.Conditions, form, operation.Angles, map, operation.Bit, operation.Gate.IsTracePreserving, reversible));
    }

    private int[] Bits(ImmutableArray<int> on) => [.. on.Select(wire => Circuit.Wires - 1 - wire)];

    private static bool IsUnitary(Complex[,] a) =>
        MatrixAlgebra.Distance(MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(a), a), MatrixAlgebra.Identity(a.GetLength(0))) < 1e-12;
}
