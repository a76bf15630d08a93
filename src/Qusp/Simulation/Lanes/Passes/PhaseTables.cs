// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// What all samples of a call share: cosine and sine of the arguments that do not differ by sample, <c>[A, 2]</c>, then
/// for each monomial its phase of every basis state, <c>[2, 2^n]</c>: real parts, then imaginary parts.
/// </summary>
internal sealed unsafe class PhaseTables<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Plan plan;
    private readonly Schedule schedule;
    private readonly int size;
    private readonly T[] numbers;
    private readonly T[] before;
    private bool isFilled;

    public PhaseTables(Plan plan, Schedule schedule)
    {
        (this.plan, this.schedule) = (plan, schedule);
        size = schedule.Tables > 0 ? 1 << plan.Circuit.Wires : 0;
        numbers = GC.AllocateArray<T>(Math.Max(1, Length(plan, schedule)), pinned: true);
        before = GC.AllocateArray<T>(2 * size, pinned: true);
    }

    /// <summary>How many numbers there are.</summary>
    public static int Length(Plan plan, Schedule schedule) => At(plan, schedule.Tables);

    /// <summary>Where a table begins.</summary>
    public static int At(Plan plan, int table) => (2 * plan.Angles.Length) + (table == 0 ? 0 : (table * 2) << plan.Circuit.Wires);

    /// <summary>Computes the tables for a call.</summary>
    /// <param name="uniform"><c>[A, 2]</c>.</param>
    public T* Fill(T* uniform)
    {
        var to = (T*)Unsafe.AsPointer(ref numbers[0]); // pinned
        var angles = 2 * plan.Angles.Length;
        if (isFilled && MemoryMarshal.AsBytes(new Span<T>(uniform, angles)).SequenceEqual(MemoryMarshal.AsBytes(new Span<T>(to, angles))))
        {
            return to; // a pullback after its evaluation, batch after batch with the same weights
        }

        isFilled = true;
        new Span<T>(uniform, angles).CopyTo(new Span<T>(to, angles));
        foreach (var pass in schedule.Passes)
        {
            if (pass.Table < 0)
            {
                continue;
            }

            var re = to + At(plan, pass.Table);
            var im = re + size;
            Product(pass.After, uniform, re, im);
            if (pass.Steps.Count == 0)
            {
                continue;
            }

            fixed (T* first = before)
            {
                Product(pass.Steps, uniform, first, first + size);
                for (var b = 0; b < size; b++)
                {
                    var from = pass.Source is null ? b : pass.Source[b];
                    Multiply(re + b, im + b, first[from], first[size + from]);
                }
            }
        }

        return to;
    }

    // The phases of single wires by doubling, 2·2^n products whatever their number; the others one by one.
    private void Product(List<Step> steps, T* uniform, T* re, T* im)
    {
        var single = stackalloc (T Re, T Im)[2 * plan.Circuit.Wires];
        new Span<(T, T)>(single, 2 * plan.Circuit.Wires).Fill((T.One, T.Zero));
        foreach (var step in steps)
        {
            if (step.Bits.Length == 1)
            {
                ref var of = ref single[(2 * step.Bits[0]) + (step.Offsets[0] == 0 ? 0 : 1)];
                of = Times(of, Phase(step, uniform));
            }
        }

        (re[0], im[0]) = (T.One, T.Zero);
        for (var bit = 0; bit < plan.Circuit.Wires; bit++)
        {
            Double(re, im, 1 << bit, single[2 * bit], single[(2 * bit) + 1]);
        }

        foreach (var step in steps)
        {
            if (step.Bits.Length > 1)
            {
                var (x, y) = Phase(step, uniform);
                var visit = new GroupStarts(step, plan.Circuit.Wires);
                while (visit.Next(out var start))
                {
                    Multiply(re + start + step.Offsets[0], im + start + step.Offsets[0], x, y);
                }
            }
        }
    }

    private static void Double(T* re, T* im, int count, (T Re, T Im) zero, (T Re, T Im) one)
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

    private static (T Re, T Im) Phase(in Step step, T* uniform)
    {
        if (step.Kind == StepKind.Phase)
        {
            return (T.CreateChecked(step.Matrix[0].Real), T.CreateChecked(step.Matrix[0].Imaginary));
        }

        var (cos, sin) = (uniform[2 * step.Angle], uniform[(2 * step.Angle) + 1]);
        return (cos, step.Factor < 0 ? -sin : sin);
    }

    private static (T Re, T Im) Times((T Re, T Im) a, (T Re, T Im) b) => ((a.Re * b.Re) - (a.Im * b.Im), (a.Re * b.Im) + (a.Im * b.Re));

    private static void Multiply(T* re, T* im, T x, T y) => (*re, *im) = Times((*re, *im), (x, y));
}
