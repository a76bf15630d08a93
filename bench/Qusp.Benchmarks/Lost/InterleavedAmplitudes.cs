// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using StateTurns = Qusp.Simulation.StateVectors.TurnKernels<Qusp.Simulation.Lanes.Lanes512<double>, double>;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// Real and imaginary parts next to one another (as most simulators keep them) against two planes: a dense complex gate on
/// each wire above the lanes, the same products, and phases of each amplitude.
/// </summary>
public unsafe class InterleavedAmplitudes : TwoDesigns
{
    private const int LaneBits = 3;
    private static readonly Complex[] Gate = [new(0.6, 0.3), new(-0.2, 0.7), new(0.1, -0.7), new(0.5, 0.4)];
    private Planes<V> state, phases;
    private Vector512<double>* pairs, pairPhases;

    [Params(12, 20)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        (state, phases) = (NewState(Wires), NewState(Wires));
        pairs = Paired(state);
        pairPhases = Paired(phases);
        Planes();
        Interleaved();
        RequireEqual();
        PhasesOnPlanes();
        PhasesInterleaved();
        RequireEqual();
    }

    [Benchmark(Baseline = true)]
    public void Planes()
    {
        for (var bit = 0; bit < Wires - LaneBits; bit++)
        {
            OnPlanes(bit);
        }
    }

    [Benchmark]
    public void Interleaved()
    {
        for (var bit = 0; bit < Wires - LaneBits; bit++)
        {
            OnPairs(bit + 1);
        }
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PhasesOnPlanes()
    {
        for (nint i = 0; i < (nint)1 << (Wires - LaneBits); i++)
        {
            var (a, b, p, q) = (state.Re[i], state.Im[i], phases.Re[i], phases.Im[i]);
            (state.Re[i], state.Im[i]) = (V.MultiplyAdd(-q, b, p * a), V.MultiplyAdd(p, b, q * a));
        }
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PhasesInterleaved()
    {
        var signs = Vector512.Create(-1.0, 1, -1, 1, -1, 1, -1, 1);
        for (nint i = 0; i < (nint)2 << (Wires - LaneBits); i++)
        {
            var (a, p) = (pairs[i], pairPhases[i]);
            var (re, im) = (Vector512.Shuffle(p, Vector512.Create(0L, 0, 2, 2, 4, 4, 6, 6)), Vector512.Shuffle(p, Vector512.Create(1L, 1, 3, 3, 5, 5, 7, 7)));
            pairs[i] = Vector512.FusedMultiplyAdd(im * signs, Exchanged(a), re * a);
        }
    }

    private Vector512<double>* Paired(Planes<V> planes)
    {
        var array = Keep(new AlignedArray<Vector512<double>>((nint)2 << (Wires - LaneBits)));
        var numbers = (double*)array.Start;
        for (nint k = 0; k < (nint)1 << Wires; k++)
        {
            (numbers[2 * k], numbers[(2 * k) + 1]) = (((double*)planes.Re)[k], ((double*)planes.Im)[k]);
        }

        return array.Start;
    }

    private void RequireEqual()
    {
        var numbers = (double*)pairs;
        double[] lost = [.. Enumerable.Range(0, 1 << Wires).Select(k => numbers[2 * k]), .. Enumerable.Range(0, 1 << Wires).Select(k => numbers[(2 * k) + 1])];
        RequireEqual(Copy(state, Wires), lost);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Exchanged(Vector512<double> pairs) => Vector512.Shuffle(pairs, Vector512.Create(1L, 0, 3, 2, 5, 4, 7, 6));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OnPlanes(int bit)
    {
        V Re(int k) => V.Broadcast(Gate[k].Real);
        V Im(int k) => V.Broadcast(Gate[k].Imaginary);
        var (ar, ai, br, bi) = (Re(0), Im(0), Re(1), Im(1));
        var (cr, ci, dr, di) = (Re(2), Im(2), Re(3), Im(3));
        var half = (nint)1 << bit;
        for (nint i = 0; i < (nint)1 << (Wires - LaneBits - 1); i++)
        {
            var re = state.Re + StateTurns.Spread(i, bit);
            var im = state.Im + StateTurns.Spread(i, bit);
            var (p, q, r, s) = (re[0], im[0], re[half], im[half]);
            re[0] = V.MultiplyAdd(-bi, s, V.MultiplyAdd(br, r, V.MultiplyAdd(-ai, q, ar * p)));
            im[0] = V.MultiplyAdd(bi, r, V.MultiplyAdd(br, s, V.MultiplyAdd(ai, p, ar * q)));
            re[half] = V.MultiplyAdd(-di, s, V.MultiplyAdd(dr, r, V.MultiplyAdd(-ci, q, cr * p)));
            im[half] = V.MultiplyAdd(di, r, V.MultiplyAdd(dr, s, V.MultiplyAdd(ci, p, cr * q)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OnPairs(int bit)
    {
        var signs = Vector512.Create(-1.0, 1, -1, 1, -1, 1, -1, 1);
        Vector512<double> Re(int k) => Vector512.Create(Gate[k].Real);
        Vector512<double> Im(int k) => signs * Gate[k].Imaginary;
        var (ar, ai, br, bi) = (Re(0), Im(0), Re(1), Im(1));
        var (cr, ci, dr, di) = (Re(2), Im(2), Re(3), Im(3));
        var half = (nint)1 << bit;
        for (nint i = 0; i < (nint)1 << (Wires - LaneBits); i++)
        {
            var at = pairs + StateTurns.Spread(i, bit);
            var (p, r) = (at[0], at[half]);
            var (q, s) = (Exchanged(p), Exchanged(r));
            at[0] = Vector512.FusedMultiplyAdd(bi, s, Vector512.FusedMultiplyAdd(br, r, Vector512.FusedMultiplyAdd(ai, q, ar * p)));
            at[half] = Vector512.FusedMultiplyAdd(di, s, Vector512.FusedMultiplyAdd(dr, r, Vector512.FusedMultiplyAdd(ci, q, cr * p)));
        }
    }
}
