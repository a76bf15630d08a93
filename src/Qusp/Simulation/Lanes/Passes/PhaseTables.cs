// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// What all samples of a call share: cosine and sine of the arguments that do not differ by sample, <c>[A, 2]</c>, then
/// for each monomial, if the schedule keeps tables, its phase of every basis state, <c>[2, 2^n]</c>.
/// </summary>
internal sealed unsafe class PhaseTables<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Plan plan;
    private readonly Schedule schedule;
    private readonly T[] numbers;
    private readonly T[] before;
    private bool isFilled;

    public PhaseTables(Plan plan, Schedule schedule)
    {
        (this.plan, this.schedule) = (plan, schedule);
        numbers = GC.AllocateArray<T>(Math.Max(1, Length(plan, schedule)), pinned: true);
        before = GC.AllocateArray<T>(schedule.Tables > 0 ? 2 << plan.Circuit.Wires : 0, pinned: true);
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
        fixed (T* scratch = before)
        {
            foreach (var pass in schedule.Tables > 0 ? schedule.Passes : [])
            {
                if (pass.Table >= 0)
                {
                    MonomialTables.Phases(pass, plan.Circuit.Wires, uniform, MonomialTables.At(pass.Source), to + At(plan, pass.Table), scratch);
                }
            }
        }

        return to;
    }
}
