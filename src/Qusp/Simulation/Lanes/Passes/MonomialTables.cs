// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Lanes;

/// <summary>What a monomial pass does to each basis state: where its amplitude comes from, and the angle of its phase.</summary>
internal static unsafe class MonomialTables
{
    /// <summary>Where each amplitude comes from, <c>[2^n]</c>, pinned.</summary>
    public static int[] Source(Pass pass, int wires)
    {
        var source = GC.AllocateUninitializedArray<int>(1 << wires, pinned: true);
        Source(pass, wires, At(source));
        return source;
    }

    /// <summary>Writes where each amplitude comes from, <c>[2^n]</c>.</summary>
    public static void Source(Pass pass, int wires, int* to)
    {
        for (var b = 0; b < 1 << wires; b++)
        {
            to[b] = b;
        }

        foreach (var swap in pass.Swaps)
        {
            var visit = new GroupStarts(swap, wires);
            while (visit.Next(out var start))
            {
                var (i, j) = (start + swap.Offsets[0], start + swap.Offsets[1]);
                (to[i], to[j]) = (to[j], to[i]);
            }
        }
    }

    /// <summary>The address of a pinned array's first element; null of null.</summary>
    public static int* At(int[]? pinned) => pinned is null ? null : (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    /// <summary>Writes the angle of every basis state's phase, <c>[2^n]</c>: a sum in double, whatever the precision of the state.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="wires">n.</param>
    /// <param name="arguments"><c>[A]</c>: the plan's arguments λθ.</param>
    /// <param name="source">Where amplitudes come from; null if none moves.</param>
    /// <param name="to">The angles.</param>
    /// <param name="before">Scratch, as much as the angles.</param>
    public static void Angles(Pass pass, int wires, double* arguments, int* source, double* to, double* before)
    {
        Sum(pass.After, wires, arguments, to);
        if (pass.Steps.Length == 0)
        {
            return;
        }

        Sum(pass.Steps, wires, arguments, before);
        for (var b = 0; b < 1 << wires; b++)
        {
            to[b] += before[source is null ? b : source[b]];
        }
    }

    // The angles of single wires by doubling, 2^n sums whatever their number; the others one by one.
    private static void Sum(Step[] steps, int wires, double* arguments, double* to)
    {
        var ones = stackalloc double[wires]; // what a bit that is set adds
        new Span<double>(ones, wires).Clear();
        to[0] = 0;
        foreach (var step in steps)
        {
            if (step.Bits.Length == 1)
            {
                var angle = Angle(step, arguments);
                to[0] += step.Offsets[0] == 0 ? angle : 0;
                ones[step.Bits[0]] += step.Offsets[0] == 0 ? -angle : angle;
            }
        }

        for (var bit = 0; bit < wires; bit++)
        {
            Double(to, 1 << bit, ones[bit]);
        }

        foreach (var step in steps)
        {
            if (step.Bits.Length > 1)
            {
                var angle = Angle(step, arguments);
                var visit = new GroupStarts(step, wires);
                while (visit.Next(out var start))
                {
                    to[start + step.Offsets[0]] += angle;
                }
            }
        }
    }

    private static void Double(double* sums, int count, double one)
    {
        var b = 0;
        for (; b + Vector<double>.Count <= count; b += Vector<double>.Count)
        {
            (Vector.Load(sums + b) + new Vector<double>(one)).Store(sums + count + b);
        }

        for (; b < count; b++)
        {
            sums[count + b] = sums[b] + one;
        }
    }

    private static double Angle(Step step, double* arguments) =>
        step.Kind == StepKind.Phase ? step.Matrix[0].Phase : step.Factor < 0 ? -arguments[step.Angle] : arguments[step.Angle];
}
