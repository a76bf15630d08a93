// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation;

/// <summary>What a step does to the amplitudes of each group of basis states that differ in its wires only.</summary>
internal enum StepKind
{
    /// <summary>Exchanges two amplitudes.</summary>
    Swap,

    /// <summary>Rotates two amplitudes by a real matrix, (a, b) → (ca − sb, sa + cb).</summary>
    RealRotation,

    /// <summary>Rotates two amplitudes with imaginary off-diagonals, (a, b) → (ca + isb, isa + cb).</summary>
    ImaginaryRotation,

    /// <summary>Multiplies one amplitude by e^{i·angle}.</summary>
    PhaseRotation,

    /// <summary>Multiplies one amplitude by a constant.</summary>
    Phase,

    /// <summary>Applies a constant matrix to two or more amplitudes.</summary>
    Dense,

    /// <summary>Applies 1 + (cos − 1)B + i·sin·G to two or more amplitudes.</summary>
    DenseRotation,
}

/// <summary>
/// One irreducible piece of an operation: the part of its matrix that mixes a few local basis states with one another.
/// A gate falls into pieces that act on disjoint amplitudes, so their order does not matter.
/// </summary>
/// <param name="Kind">What it does.</param>
/// <param name="Bits">The bit positions of the gate's wires in a basis-state index, rising.</param>
/// <param name="Offsets">The index offsets of the local basis states that it mixes.</param>
/// <param name="Angle">The plan's angle that turns it, or −1.</param>
/// <param name="Guard">The plan's guard, or −1.</param>
/// <param name="Factor">∂(argument)/∂θ with its sign: ±λ for rotations.</param>
/// <param name="Matrix">Row-major [d, d]: a constant matrix, or the normalised generator G/λ of a dense rotation; one entry for a phase.</param>
/// <param name="Square">Row-major [d, d]: (G/λ)² of a dense rotation.</param>
internal sealed record Step(
    StepKind Kind,
    int[] Bits,
    nint[] Offsets,
    int Angle,
    int Guard,
    double Factor,
    System.Numerics.Complex[] Matrix,
    System.Numerics.Complex[] Square)
{
    /// <summary>Whether it multiplies amplitudes by phases.</summary>
    public bool IsDiagonal => Kind is StepKind.Phase or StepKind.PhaseRotation;

    /// <summary><see cref="Bits"/> as a mask.</summary>
    public nint Mask
    {
        get
        {
            nint mask = 0;
            foreach (var bit in Bits)
            {
                mask |= (nint)1 << bit;
            }

            return mask;
        }
    }
}

/// <summary>The argument λ·θ of a rotation: <c>λ(scale · source + offset)</c>.</summary>
/// <param name="Angle">θ.</param>
/// <param name="GeneratorScale">λ.</param>
/// <param name="Guard">The plan's guard, or −1.</param>
internal readonly record struct PlanAngle(Angle Angle, double GeneratorScale, int Guard);

/// <summary>How many of the circuit's operations hang on a guard (or on none, at the end of the table).</summary>
internal readonly record struct GuardCount(int Gates, int TwoQubitGates);

/// <summary>A circuit as flat data for state-vector kernels, which know amplitudes and angles, never gates.</summary>
internal sealed class Plan
{
    /// <summary>The circuit.</summary>
    public required Circuit Circuit { get; init; }

    /// <summary>The steps, in order.</summary>
    public required ImmutableArray<Step> Steps { get; init; }

    /// <summary>The rotations' arguments; several steps may share one.</summary>
    public required ImmutableArray<PlanAngle> Angles { get; init; }

    /// <summary>The guards, as in <see cref="Circuit.Guards"/>.</summary>
    public required ImmutableArray<Guard> Guards { get; init; }

    /// <summary>Operations by guard; the last entry is of operations without one.</summary>
    public required ImmutableArray<GuardCount> Counts { get; init; }

    /// <summary>Whether all amplitudes stay real and all observables are real matrices: imaginary parts need not be kept.</summary>
    public required bool IsReal { get; init; }

    /// <summary>The largest number of amplitudes that one step mixes.</summary>
    public int LargestStep => Steps.IsEmpty ? 1 : Steps.Max(step => step.Offsets.Length);
}
