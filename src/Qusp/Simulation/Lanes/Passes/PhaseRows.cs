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

    /// <summary>The rows of a pass whose <see cref="Pass.Source"/> is there.</summary>
    public PhaseRows(Pass pass, int wires)
    {
        angles = Angles(pass);
        size = LaneMath.Whole(1 << wires);
        rows = GC.AllocateArray<double>(size * (angles.Length + 1), pinned: true);
        foreach (var step in pass.After)
        {
            Add(step, wires, RowOf(step));
        }

        var before = new double[size];
        foreach (var step in pass.Steps)
        {
            Array.Clear(before);
            Add(step, wires, before);
            var row = RowOf(step);
            for (var b = 0; b < 1 << wires; b++)
            {
                row[b] += before[pass.Source is { } source ? source[b] : b];
            }
        }
    }

    /// <summary>Whether a pass is small enough.</summary>
    public static bool Take(Pass pass, int wires) => (Angles(pass).Length + 1L) << wires <= MaxNumbers;

    private static int[] Angles(Pass pass) => [.. pass.Steps.Concat(pass.After).Where(step => step.Angle >= 0).Select(step => step.Angle).Distinct()];

    private Span<double> RowOf(Step step) => rows.AsSpan(step.Angle < 0 ? 0 : size * (1 + Array.IndexOf(angles, step.Angle)), size);

    private static void Add(Step step, int wires, Span<double> row)
    {
        var angle = step.Kind == StepKind.Phase ? step.Matrix[0].Phase : Math.Sign(step.Factor);
        var visit = new GroupStarts(step, wires);
        while (visit.Next(out var start))
        {
            row[(int)(start + step.Offsets[0])] += angle;
        }
    }

    /// <summary>Writes the angle of every basis state's phase, <c>[2^n]</c>, in whole vectors.</summary>
    /// <param name="arguments"><c>[A]</c>: the plan's arguments λθ.</param>
    /// <param name="to">The angles.</param>
    public void Fill(double* arguments, double* to)
    {
        // Every width gives the same bits.
        if (Vector512.IsHardwareAccelerated)
        {
            Fill<Lanes512<double>>(arguments, to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Fill<Lanes256<double>>(arguments, to);
        }
        else
        {
            Fill<Lanes128<double>>(arguments, to);
        }
    }

    private void Fill<D>(double* arguments, double* to)
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
