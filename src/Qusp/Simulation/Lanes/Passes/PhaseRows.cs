// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// The angles of a monomial's phases as a matrix: one row of 2^n numbers, mostly ±1, for each argument and one for the constant phases. For a small circuit
/// that is the least work there is; what the permutation does with the phases before it is in the rows.
/// </summary>
internal sealed unsafe class PhaseRows
{
    private const int MaxNumbers = 1 << 11; // beyond, MonomialTables is faster

    private readonly int[] angles; // of each row but the first, that of the constants
    private readonly double[] rows;
    private readonly int size;

    private PhaseRows(Pass pass, int wires, int[] angles)
    {
        this.angles = angles;
        size = LaneMath.Whole(1 << wires);
        rows = GC.AllocateArray<double>(size * (angles.Length + 1), pinned: true);
        var scratch = new double[size];
        var arguments = new double[angles.Append(0).Max() + 1];
        fixed (double* to = rows, before = scratch, units = arguments)
        {
            var source = MonomialTables.At(pass.Source);
            MonomialTables.Angles(pass.Only(step => step.Kind == StepKind.Phase), wires, units, source, to, before);
            for (var row = 0; row < angles.Length; row++)
            {
                units[angles[row]] = 1;
                MonomialTables.Angles(pass.Only(step => step.Angle == angles[row]), wires, units, source, to + (size * (row + 1)), before);
            }
        }
    }

    /// <summary>The rows of a pass whose <see cref="Pass.Source"/> is there; null if it is too large.</summary>
    public static PhaseRows? Of(Pass pass, int wires)
    {
        int[] angles = [.. pass.Steps.Concat(pass.After).Where(step => step.Angle >= 0).Select(step => step.Angle).Distinct()];
        return ((angles.Length + 1L) << wires) <= MaxNumbers ? new PhaseRows(pass, wires, angles) : null;
    }

    /// <summary>Writes the angle of every basis state's phase, <c>[2^n]</c>, in whole vectors.</summary>
    /// <param name="arguments"><c>[A]</c>: the plan's arguments λθ.</param>
    /// <param name="to">The angles.</param>
    public void Angles(double* arguments, double* to)
    {
        // Every width gives the same bits.
        if (Vector512.IsHardwareAccelerated)
        {
            Angles<Lanes512<double>>(arguments, to);
        }
        else
        {
            Angles<Lanes128<double>>(arguments, to);
        }
    }

    private void Angles<D>(double* arguments, double* to)
        where D : unmanaged, ILanes<D, double>
    {
        fixed (double* first = rows)
        {
            for (var b = 0; b < size; b += D.Count)
            {
                var row = first + b;
                var sum = *(D*)row;
                foreach (var angle in angles)
                {
                    row += size;
                    sum = D.MultiplyAdd(*(D*)row, D.LoadBroadcast(arguments + angle), sum);
                }

                *(D*)(to + b) = sum;
            }
        }
    }
}
