// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Lanes;

/// <summary>What a monomial pass does to each basis state: where its amplitude comes from, and its phase.</summary>
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

    /// <summary>Writes the phase of every basis state, <c>[2, 2^n]</c>: real parts, then imaginary parts.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="wires">n.</param>
    /// <param name="uniform"><c>[A, 2]</c>: cosine and sine of each angle.</param>
    /// <param name="source">Where amplitudes come from; null if none moves.</param>
    /// <param name="to">The table.</param>
    /// <param name="before">Scratch, as much as the table.</param>
    public static void Phases<T>(Pass pass, int wires, T* uniform, int* source, T* to, T* before)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var size = 1 << wires;
        Product(pass.After, wires, uniform, to, to + size);
        if (pass.Steps.Length == 0)
        {
            return;
        }

        Product(pass.Steps, wires, uniform, before, before + size);
        for (var b = 0; b < size; b++)
        {
            var from = source is null ? b : source[b];
            Multiply(to + b, to + size + b, before[from], before[size + from]);
        }
    }

    // The phases of single wires by doubling, 2·2^n products whatever their number; the others one by one.
    private static void Product<T>(Step[] steps, int wires, T* uniform, T* re, T* im)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var single = stackalloc (T Re, T Im)[2 * wires];
        new Span<(T, T)>(single, 2 * wires).Fill((T.One, T.Zero));
        foreach (var step in steps)
        {
            if (step.Bits.Length == 1)
            {
                ref var of = ref single[(2 * step.Bits[0]) + (step.Offsets[0] == 0 ? 0 : 1)];
                of = Times(of, Phase(step, uniform));
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
                var (x, y) = Phase(step, uniform);
                var visit = new GroupStarts(step, wires);
                while (visit.Next(out var start))
                {
                    Multiply(re + start + step.Offsets[0], im + start + step.Offsets[0], x, y);
                }
            }
        }
    }

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

    private static (T Re, T Im) Phase<T>(Step step, T* uniform)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (step.Kind == StepKind.Phase)
        {
            return (T.CreateChecked(step.Matrix[0].Real), T.CreateChecked(step.Matrix[0].Imaginary));
        }

        var (cos, sin) = (uniform[2 * step.Angle], uniform[(2 * step.Angle) + 1]);
        return (cos, step.Factor < 0 ? -sin : sin);
    }

    private static (T Re, T Im) Times<T>((T Re, T Im) a, (T Re, T Im) b)
        where T : unmanaged, IFloatingPointIeee754<T> => ((a.Re * b.Re) - (a.Im * b.Im), (a.Re * b.Im) + (a.Im * b.Re));

    private static void Multiply<T>(T* re, T* im, T x, T y)
        where T : unmanaged, IFloatingPointIeee754<T> => (*re, *im) = Times((*re, *im), (x, y));
}
