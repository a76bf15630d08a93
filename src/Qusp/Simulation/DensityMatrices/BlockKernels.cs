// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>A small matrix whose entries differ by lane, as planes of real and imaginary parts, row-major.</summary>
internal unsafe readonly struct LaneMatrix<V>(V* re, V* im)
    where V : unmanaged
{
    public readonly V* Re = re;
    public readonly V* Im = im;
}

/// <summary>What is done to one group of numbers, from the index where it starts.</summary>
internal interface IGroupKernel
{
    void Invoke(nint start);
}

internal static class StepGroups
{
    /// <summary>Calls the kernel where each of the groups starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForEach<TKernel>(Groups groups, ref TKernel kernel)
        where TKernel : struct, IGroupKernel
    {
        var local = kernel; // a local lives in registers; the reference is written back once
        var (touched, run, size) = (groups.Touched, groups.Run, (nint)1 << groups.Active);
        for (nint first = 0; first < size; first = ((first | touched) + run) & ~touched)
        {
            for (var r = first; r < first + run; r++)
            {
                local.Invoke(r);
            }
        }

        kernel = local;
    }
}

/// <summary>A number times one entry.</summary>
internal unsafe struct ScaleKernel<V, T, F>(Planes<V> state, nint offset, LaneMatrix<V> matrix) : IGroupKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    private readonly V re = matrix.Re[0];
    private readonly V im = F.IsReal ? default : matrix.Im[0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint start)
    {
        var i = start + offset;
        var (a, b) = (state.Re[i], state.Im[i]);
        state.Re[i] = F.IsReal ? re * a : V.MultiplyAdd(re, a, -(im * b));
        state.Im[i] = F.IsReal ? re * b : V.MultiplyAdd(re, b, im * a);
    }
}

/// <summary>Two numbers by a 2×2 matrix.</summary>
internal unsafe struct PairKernel<V, T, F>(Planes<V> state, nint first, nint second, LaneMatrix<V> matrix) : IGroupKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    private readonly V re00 = matrix.Re[0], re01 = matrix.Re[1], re10 = matrix.Re[2], re11 = matrix.Re[3];
    private readonly V im00 = matrix.Im[0], im01 = matrix.Im[1], im10 = matrix.Im[2], im11 = matrix.Im[3];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint start)
    {
        var (i, j) = (start + first, start + second);
        var (ar, ai, br, bi) = (state.Re[i], state.Im[i], state.Re[j], state.Im[j]);
        var (cr, ci) = (V.MultiplyAdd(re00, ar, re01 * br), V.MultiplyAdd(re00, ai, re01 * bi));
        var (dr, di) = (V.MultiplyAdd(re10, ar, re11 * br), V.MultiplyAdd(re10, ai, re11 * bi));
        if (!F.IsReal)
        {
            cr = V.MultiplyAdd(-im00, ai, V.MultiplyAdd(-im01, bi, cr));
            ci = V.MultiplyAdd(im00, ar, V.MultiplyAdd(im01, br, ci));
            dr = V.MultiplyAdd(-im10, ai, V.MultiplyAdd(-im11, bi, dr));
            di = V.MultiplyAdd(im10, ar, V.MultiplyAdd(im11, br, di));
        }

        (state.Re[i], state.Im[i], state.Re[j], state.Im[j]) = (cr, ci, dr, di);
    }
}

/// <summary>Four numbers by a 4×4 matrix: one wire on both sides of a density matrix, or two on one.</summary>
internal unsafe struct QuadKernel<V, T, F>(Planes<V> state, nint* offsets, LaneMatrix<V> matrix) : IGroupKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    private readonly nint i = offsets[0], j = offsets[1], k = offsets[2], l = offsets[3];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint start)
    {
        var re = state.Re + start;
        var im = state.Im + start;
        var (ar, br, cr, dr) = (re[i], re[j], re[k], re[l]);
        var (ai, bi, ci, di) = (im[i], im[j], im[k], im[l]);
        (re[i], im[i]) = Row(matrix.Re, matrix.Im, ar, br, cr, dr, ai, bi, ci, di);
        (re[j], im[j]) = Row(matrix.Re + 4, matrix.Im + 4, ar, br, cr, dr, ai, bi, ci, di);
        (re[k], im[k]) = Row(matrix.Re + 8, matrix.Im + 8, ar, br, cr, dr, ai, bi, ci, di);
        (re[l], im[l]) = Row(matrix.Re + 12, matrix.Im + 12, ar, br, cr, dr, ai, bi, ci, di);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Re, V Im) Row(V* mr, V* mi, V ar, V br, V cr, V dr, V ai, V bi, V ci, V di)
    {
        var re = V.MultiplyAdd(mr[3], dr, V.MultiplyAdd(mr[2], cr, V.MultiplyAdd(mr[1], br, mr[0] * ar)));
        var im = V.MultiplyAdd(mr[3], di, V.MultiplyAdd(mr[2], ci, V.MultiplyAdd(mr[1], bi, mr[0] * ai)));
        return F.IsReal
            ? (re, im)
            : (V.MultiplyAdd(-mi[3], di, V.MultiplyAdd(-mi[2], ci, V.MultiplyAdd(-mi[1], bi, V.MultiplyAdd(-mi[0], ai, re)))),
                V.MultiplyAdd(mi[3], dr, V.MultiplyAdd(mi[2], cr, V.MultiplyAdd(mi[1], br, V.MultiplyAdd(mi[0], ar, im)))));
    }
}

/// <summary>Any number of numbers by a matrix: the general case.</summary>
internal unsafe struct BlockKernel<V, T, F>(Planes<V> state, nint* offsets, int size, LaneMatrix<V> matrix, V* gathered) : IGroupKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint start)
    {
        for (var c = 0; c < size; c++)
        {
            gathered[2 * c] = state.Re[start + offsets[c]];
            gathered[(2 * c) + 1] = state.Im[start + offsets[c]];
        }

        for (var r = 0; r < size; r++)
        {
            var (re, im) = (default(V), default(V));
            for (var c = 0; c < size; c++)
            {
                var (mr, a, b) = (matrix.Re[(r * size) + c], gathered[2 * c], gathered[(2 * c) + 1]);
                re = V.MultiplyAdd(mr, a, re);
                im = V.MultiplyAdd(mr, b, im);
                if (!F.IsReal)
                {
                    var mi = matrix.Im[(r * size) + c];
                    re = V.MultiplyAdd(-mi, b, re);
                    im = V.MultiplyAdd(mi, a, im);
                }
            }

            state.Re[start + offsets[r]] = re;
            state.Im[start + offsets[r]] = im;
        }
    }
}

/// <summary>Adds <c>conj(λ_r) ρ_c</c> to the sums of the entries (r, c) that vary: what a change of the entry does to Re⟨λ|ρ⟩; of real entries the real parts.</summary>
internal unsafe struct OuterKernel<V, T, F>(Planes<V> state, Planes<V> adjoint, nint* offsets, int count, LaneMatrix<V> sums) : IGroupKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint start)
    {
        for (var e = 0; e < count; e++)
        {
            var (r, c) = (start + offsets[2 * e], start + offsets[(2 * e) + 1]);
            var (lr, li, ar, ai) = (adjoint.Re[r], adjoint.Im[r], state.Re[c], state.Im[c]);
            sums.Re[e] = V.MultiplyAdd(lr, ar, V.MultiplyAdd(li, ai, sums.Re[e]));
            if (!F.IsReal)
            {
                sums.Im[e] = V.MultiplyAdd(lr, ai, V.MultiplyAdd(-li, ar, sums.Im[e]));
            }
        }
    }
}

internal static unsafe class BlockKernels
{
    /// <summary>Applies a matrix to a block of every group.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="block">The block.</param>
    /// <param name="matrix">Its matrix.</param>
    /// <param name="state">The vector.</param>
    /// <param name="gathered">Scratch of 2d.</param>
    public static void Apply<V, T>(Groups groups, LinearBlock block, LaneMatrix<V> matrix, Planes<V> state, V* gathered)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (block.IsReal)
        {
            Apply<V, T, RealField>(groups, block, matrix, state, gathered);
        }
        else
        {
            Apply<V, T, ComplexField>(groups, block, matrix, state, gathered);
        }
    }

    /// <summary>For each varying entry of the block <c>Σ conj(λ_r) ρ_c</c> over the groups, in the order of <see cref="LinearBlock.Entries"/>; of a real block the real parts, the others are 0.</summary>
    public static void Outer<V, T>(Groups groups, LinearBlock block, Planes<V> state, Planes<V> adjoint, LaneMatrix<V> sums)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var e = 0; e < block.Entries.Length; e++)
        {
            (sums.Re[e], sums.Im[e]) = (default, default);
        }

        if (block.IsReal)
        {
            Outer<V, T, RealField>(groups, block, state, adjoint, sums);
        }
        else
        {
            Outer<V, T, ComplexField>(groups, block, state, adjoint, sums);
        }
    }

    private static void Outer<V, T, F>(Groups groups, LinearBlock block, Planes<V> state, Planes<V> adjoint, LaneMatrix<V> sums)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where F : IField
    {
        fixed (nint* offsets = block.EntryOffsets)
        {
            var kernel = new OuterKernel<V, T, F>(state, adjoint, offsets, block.Entries.Length, sums);
            StepGroups.ForEach(groups, ref kernel);
        }
    }

    private static void Apply<V, T, F>(Groups groups, LinearBlock block, LaneMatrix<V> matrix, Planes<V> state, V* gathered)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where F : IField
    {
        switch (block.Size)
        {
            case 1:
                var scale = new ScaleKernel<V, T, F>(state, block.Offsets[0], matrix);
                StepGroups.ForEach(groups, ref scale);
                break;
            case 2:
                var pair = new PairKernel<V, T, F>(state, block.Offsets[0], block.Offsets[1], matrix);
                StepGroups.ForEach(groups, ref pair);
                break;
            case 4:
                fixed (nint* offsets = block.Offsets)
                {
                    var quad = new QuadKernel<V, T, F>(state, offsets, matrix);
                    StepGroups.ForEach(groups, ref quad);
                }

                break;
            default:
                fixed (nint* offsets = block.Offsets)
                {
                    var general = new BlockKernel<V, T, F>(state, offsets, block.Size, matrix, gathered);
                    StepGroups.ForEach(groups, ref general);
                }

                break;
        }
    }
}
