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

    /// <summary>Writes the phase of every basis state.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="schedule">Its schedule.</param>
    /// <param name="shared">What all samples of the call share, up to <see cref="Schedule.Turned"/>.</param>
    /// <param name="source">Where amplitudes come from; null if none moves.</param>
    /// <param name="re">Receives the real parts, <c>[2^n]</c>.</param>
    /// <param name="im">Receives the imaginary parts, <c>[2^n]</c>.</param>
    /// <param name="before">Scratch, <c>[2, 2^n]</c>.</param>
    public static void Phases<T>(Pass pass, Schedule schedule, Shared<T> shared, int* source, T* re, T* im, T* before)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Product(pass.After, schedule, shared, re, im);
        if (pass.Steps.Length == 0)
        {
            return;
        }

        var size = 1 << schedule.Wires;
        Product(pass.Steps, schedule, shared, before, before + size);
        for (var b = 0; b < size; b++)
        {
            var from = source is null ? b : source[b];
            Multiply(re + b, im + b, before[from], before[size + from]);
        }
    }

    // The phases of single wires by doubling, 2·2^n products whatever their number; the others one by one.
    private static void Product<T>(Step[] steps, Schedule schedule, Shared<T> shared, T* re, T* im)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var wires = schedule.Wires;
        var single = stackalloc (T Re, T Im)[2 * wires];
        Turn(steps, wires, shared.Arguments, single);
        foreach (var step in steps)
        {
            if (step.Bits.Length == 1 && step.Kind == StepKind.Phase)
            {
                ref var of = ref single[Place(step)];
                of = Times(of, Constant<T>(step));
            }
        }

        (re[0], im[0]) = (T.One, T.Zero);
        for (var bit = 0; bit < wires; bit++)
        {
            Double(re, im, 1 << bit, single[2 * bit], single[(2 * bit) + 1]);
        }

        foreach (var step in steps)
        {
            if (step.Bits.Length > 1)
            {
                var (x, y) = step.Kind == StepKind.Phase ? Constant<T>(step) : (shared.Turns[schedule.PlaceOf(step)], shared.Turns[schedule.Places + schedule.PlaceOf(step)]);
                y = step.Kind != StepKind.Phase && step.Factor < 0 ? -y : y;
                var visit = new GroupStarts(step, wires);
                while (visit.Next(out var start))
                {
                    Multiply(re + start + step.Offsets[0], im + start + step.Offsets[0], x, y);
                }
            }
        }
    }

    // The rotations of each wire, off and on: one sine and cosine of the sum of their angles.
    private static void Turn<T>(Step[] steps, int wires, double* arguments, (T Re, T Im)* single)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = LaneMath.Whole(2 * wires);
        var angles = stackalloc double[2 * count];
        new Span<double>(angles, count).Clear();
        foreach (var step in steps)
        {
            if (step.Bits.Length == 1 && step.Kind == StepKind.PhaseRotation)
            {
                angles[Place(step)] += step.Factor < 0 ? -arguments[step.Angle] : arguments[step.Angle];
            }
        }

        LaneMath.Turn(angles, angles + count, count);
        for (var k = 0; k < 2 * wires; k++)
        {
            single[k] = (T.CreateTruncating(angles[k]), T.CreateTruncating(angles[count + k]));
        }
    }

    private static int Place(Step step) => (2 * step.Bits[0]) + (step.Offsets[0] == 0 ? 0 : 1);

    private static (T Re, T Im) Constant<T>(Step step)
        where T : unmanaged, IFloatingPointIeee754<T> => (T.CreateChecked(step.Matrix[0].Real), T.CreateChecked(step.Matrix[0].Imaginary));

    private static void Double<T>(T* re, T* im, int count, (T Re, T Im) zero, (T Re, T Im) one)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var b = 0;
        for (; b + Vector<T>.Count <= count; b += Vector<T>.Count)
        {
            var (x, y) = (Vector.Load(re + b), Vector.Load(im + b));
            ((x * one.Re) - (y * one.Im)).Store(re + count + b);
            ((x * one.Im) + (y * one.Re)).Store(im + count + b);
            ((x * zero.Re) - (y * zero.Im)).Store(re + b);
            ((x * zero.Im) + (y * zero.Re)).Store(im + b);
        }

        for (; b < count; b++)
        {
            (re[count + b], im[count + b]) = Times((re[b], im[b]), one);
            (re[b], im[b]) = Times((re[b], im[b]), zero);
        }
    }

    private static (T Re, T Im) Times<T>((T Re, T Im) a, (T Re, T Im) b)
        where T : unmanaged, IFloatingPointIeee754<T> => ((a.Re * b.Re) - (a.Im * b.Im), (a.Re * b.Im) + (a.Im * b.Re));

    private static void Multiply<T>(T* re, T* im, T x, T y)
        where T : unmanaged, IFloatingPointIeee754<T> => (*re, *im) = Times((*re, *im), (x, y));
}
