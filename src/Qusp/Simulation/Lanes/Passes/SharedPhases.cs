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
/// Computes what all samples of a call share, once a call and only if the weights have changed: the angles of steps and of
/// whole tables of phases in double, side by side, then cosine and sine of all of them in one go.
/// </summary>
internal sealed unsafe class SharedPhases<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Schedule schedule;
    private readonly int wires;
    private readonly (int Angle, int Weight, double Factor, double Offset)[] sources;
    private readonly (Pass Pass, PhaseRows? Rows)[] tables;
    private readonly double[] arguments;
    private readonly double[] angles; // [2, N]: they become cosines, before sines
    private readonly T[] turns; // the same array in double
    private readonly T[] weightsBefore;
    private bool isFilled;

    public SharedPhases(Plan plan, Schedule schedule)
    {
        (this.schedule, wires) = (schedule, plan.Circuit.Wires);
        arguments = GC.AllocateArray<double>(plan.Angles.Length + 1, pinned: true);
        sources = [.. plan.Angles.Select((angle, a) => (angle, a)).Where(item => item.angle.Angle.Source == AngleSource.Weight)
            .Select(item => (item.a, item.angle.Angle.Index, item.angle.GeneratorScale * item.angle.Angle.Scale, item.angle.GeneratorScale * item.angle.Angle.Offset))];
        foreach (var ((angle, scale, _), a) in plan.Angles.Select((angle, a) => (angle, a)).Where(item => item.angle.Angle.IsConstant))
        {
            arguments[a] = scale * angle.Offset;
        }

        tables = [.. schedule.Passes.Where(pass => pass.Table >= 0).Select(pass => (pass, PhaseRows.Of(pass, wires)))];
        angles = GC.AllocateArray<double>(2 * schedule.Places, pinned: true);
        turns = angles as T[] ?? GC.AllocateArray<T>(angles.Length, pinned: true);
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

        return new((T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(turns)), (double*)Unsafe.AsPointer(ref arguments[0])); // pinned
    }

    private void Fill()
    {
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

            foreach (var (pass, rows) in tables)
            {
                if (rows is not null)
                {
                    rows.Angles(argument, to + pass.Table);
                }
                else
                {
                    MonomialTables.Angles(pass, wires, argument, MonomialTables.At(pass.Source), to + pass.Table, to + schedule.Places + pass.Table);
                }
            }

            LaneMath.Turn(to, to + schedule.Places, schedule.Places);
        }

        if (typeof(T) != typeof(double))
        {
            new ReadOnlySpan<double>(angles).ConvertTo(turns);
        }
    }
}
