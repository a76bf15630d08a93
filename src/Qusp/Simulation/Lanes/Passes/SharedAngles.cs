// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes;

/// <summary>Cosine and sine of the arguments that all samples share, once a call and only if the weights changed.</summary>
internal sealed unsafe class SharedAngles<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (int Angle, int Weight, double Scale, double Offset)[] sources;
    private readonly T[] arguments; // padded to whole vectors
    private readonly T[] weightsBefore;
    private readonly T[] uniform;
    private bool isFilled;

    public SharedAngles(Plan plan)
    {
        sources =
        [
            .. plan.Angles.Select((angle, a) => (angle.Angle, angle.GeneratorScale, a)).Where(item => item.Angle.Source != AngleSource.Input)
                .Select(item => (item.a, item.Angle.Source == AngleSource.Weight ? item.Angle.Index : -1, item.GeneratorScale * item.Angle.Scale, item.GeneratorScale * item.Angle.Offset)),
        ];
        arguments = new T[sources.Length + Vector512<T>.Count];
        weightsBefore = new T[plan.Circuit.Weights];
        uniform = new T[2 * plan.Angles.Length];
    }

    /// <summary>Computes them.</summary>
    /// <param name="weights"><c>[W]</c>.</param>
    /// <returns><c>[A, 2]</c>; zero for arguments that differ by sample.</returns>
    public T[] Fill(ReadOnlySpan<T> weights)
    {
        if (isFilled && MemoryMarshal.AsBytes(weights).SequenceEqual(MemoryMarshal.AsBytes<T>(weightsBefore)))
        {
            return uniform;
        }

        isFilled = true;
        weights.CopyTo(weightsBefore);
        for (var k = 0; k < sources.Length; k++)
        {
            var (_, weight, scale, offset) = sources[k];
            arguments[k] = T.CreateTruncating((scale * (weight < 0 ? 0 : double.CreateTruncating(weights[weight]))) + offset);
        }

        // Every width gives the same bits.
        if (Vector512.IsHardwareAccelerated)
        {
            Turn<Lanes512<T>>();
        }
        else
        {
            Turn<Lanes128<T>>();
        }

        return uniform;
    }

    private void Turn<V>()
        where V : unmanaged, ILanes<V, T>
    {
        fixed (T* from = arguments)
        {
            for (var k = 0; k < sources.Length; k += V.Count)
            {
                var (sin, cos) = LaneMath.SinCos<V, T>(Unsafe.ReadUnaligned<V>(from + k));
                for (var lane = 0; lane < Math.Min(V.Count, sources.Length - k); lane++)
                {
                    var at = 2 * sources[k + lane].Angle;
                    (uniform[at], uniform[at + 1]) = (((T*)&cos)[lane], ((T*)&sin)[lane]);
                }
            }
        }
    }
}
