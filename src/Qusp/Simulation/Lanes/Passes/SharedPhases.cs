// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Lanes;

/// <summary>What all samples of a call share.</summary>
/// <param name="turns"><c>[2, N]</c>: cosines, then sines of what has a place in <see cref="Schedule"/>.</param>
/// <param name="arguments"><c>[A]</c>: the plan's arguments λθ; 0 where they differ by sample.</param>
internal readonly unsafe struct Shared<T>(T* turns, double* arguments)
    where T : unmanaged
{
    public readonly T* Turns = turns;
    public readonly double* Arguments = arguments;
}

/// <summary>
/// Computes what all samples of a call share, once a call and only if the weights have changed. The angles of steps and of all basis states of small
/// tables stand side by side, in double, and cosine and sine of all of them are taken in one go; larger tables are products.
/// </summary>
internal sealed unsafe class SharedPhases<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Schedule schedule;
    private readonly (int Angle, int Weight, double Factor, double Offset)[] sources;
    private readonly (Pass Pass, PhaseRows Rows)[] small;
    private readonly Pass[] large;
    private readonly double[] arguments; // [A]
    private readonly double[] angles; // [2, Schedule.Turned]: they become cosines, before sines
    private readonly T[] turns; // [2, N]
    private readonly T[] before; // [2, 2^n]
    private readonly T[] weightsBefore;
    private bool isFilled;

    public SharedPhases(Plan plan, Schedule schedule)
    {
        this.schedule = schedule;
        arguments = GC.AllocateArray<double>(plan.Angles.Length + 1, pinned: true);
        sources = [.. plan.Angles.Select((angle, a) => (angle, a)).Where(item => item.angle.Angle.Source == AngleSource.Weight)
            .Select(item => (item.a, item.angle.Angle.Index, item.angle.GeneratorScale * item.angle.Angle.Scale, item.angle.GeneratorScale * item.angle.Angle.Offset))];
        foreach (var ((angle, scale, _), a) in plan.Angles.Select((angle, a) => (angle, a)).Where(item => item.angle.Angle.IsConstant))
        {
            arguments[a] = scale * angle.Offset;
        }

        small = [.. schedule.Passes.Where(pass => pass.IsByRows).Select(pass => (pass, new PhaseRows(pass, schedule.Wires)))];
        large = [.. schedule.Passes.Where(pass => pass.Table >= schedule.Turned)];
        angles = GC.AllocateArray<double>(2 * schedule.Turned, pinned: true);
        turns = GC.AllocateArray<T>(2 * schedule.Places, pinned: true);
        before = new T[large.Length > 0 ? 2 << schedule.Wires : 0];
        weightsBefore = new T[plan.Circuit.Weights];
    }

    /// <summary>Computes them.</summary>
    /// <param name="weights"><c>[W]</c>.</param>
    public Shared<T> Fill(ReadOnlySpan<T> weights)
    {
        if (!isFilled || !MemoryMarshal.AsBytes(weights).SequenceEqual(MemoryMarshal.AsBytes<T>(weightsBefore)))
        {
            weights.CopyTo(weightsBefore);
            isFilled = true;
            Fill();
        }

        return All;
    }

    private Shared<T> All => new((T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(turns)), (double*)Unsafe.AsPointer(ref arguments[0])); // pinned

    private void Fill()
    {
        var (turned, places) = (schedule.Turned, schedule.Places);
        fixed (double* argument = arguments, to = angles)
        {
            foreach (ref readonly var source in sources.AsSpan())
            {
                argument[source.Angle] = (source.Factor * double.CreateTruncating(weightsBefore[source.Weight])) + source.Offset;
            }

            var steps = schedule.Placed;
            for (var k = 0; k < steps.Length; k++)
            {
                to[k] = argument[steps[k]];
            }

            foreach (var (pass, rows) in small)
            {
                rows.Fill(argument, to + pass.Table);
            }

            LaneMath.Turn(to, to + turned, turned);
        }

        new ReadOnlySpan<double>(angles, 0, turned).ConvertTo(turns.AsSpan(0, turned));
        new ReadOnlySpan<double>(angles, turned, turned).ConvertTo(turns.AsSpan(places, turned));
        fixed (T* to = turns, scratch = before)
        {
            foreach (var pass in large)
            {
                MonomialTables.Phases(pass, schedule, All, MonomialTables.At(pass.Source), to + pass.Table, to + places + pass.Table, scratch);
            }
        }
    }
}
