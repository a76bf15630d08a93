// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Simulation.Lanes;

/// <summary>Whether amplitudes have imaginary parts: a type argument, so that real circuits compile to real kernels.</summary>
internal interface IField
{
    static abstract bool IsReal { get; }
}

internal readonly struct RealField : IField
{
    public static bool IsReal => true;
}

internal readonly struct ComplexField : IField
{
    public static bool IsReal => false;
}

/// <summary>What is done to the two amplitudes of a group; for one amplitude, i = j.</summary>
internal interface IPairKernel
{
    void Invoke(nint i, nint j);
}

/// <summary>Planes of real and imaginary parts; the imaginary plane of a real state is null and never touched.</summary>
internal unsafe readonly struct Planes<V>(V* re, V* im)
    where V : unmanaged
{
    public readonly V* Re = re;
    public readonly V* Im = im;

    /// <summary>The real parts alone.</summary>
    public Planes<V> Real => new(Re, null);

    /// <summary>The same planes counted from an index on.</summary>
    public Planes<V> From(nint start) => new(Re + start, Im is null ? null : Im + start);

    /// <summary>Writes one amplitude; of a real state its real part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set<F>(nint index, V real, V imaginary)
        where F : IField
    {
        Re[index] = real;
        if (!F.IsReal)
        {
            Im[index] = imaginary;
        }
    }
}

internal static class Groups
{
    /// <summary>Calls the kernel for every setting of the wires that a step does not touch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForEach<TKernel>(in Step step, int wires, ref TKernel kernel)
        where TKernel : struct, IPairKernel
    {
        var local = kernel; // a local lives in registers; the reference is written back once
        var bits = step.Bits;
        var low = bits[0];
        var run = (nint)1 << low;
        var outer = (nint)1 << (wires - bits.Length - low);
        var (first, second) = (step.Offsets[0], step.Offsets[^1]);
        for (nint o = 0; o < outer; o++)
        {
            var start = o << low;
            foreach (var bit in bits)
            {
                start = ((start >> bit) << (bit + 1)) | (start & (((nint)1 << bit) - 1));
            }

            for (nint r = 0; r < run; r++)
            {
                local.Invoke(start + r + first, start + r + second);
            }
        }

        kernel = local;
    }
}

internal unsafe struct SwapKernel<V, T, F>(Planes<V> state) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint i, nint j)
    {
        (state.Re[i], state.Re[j]) = (state.Re[j], state.Re[i]);
        if (!F.IsReal)
        {
            (state.Im[i], state.Im[j]) = (state.Im[j], state.Im[i]);
        }
    }
}

internal unsafe struct GuardedSwapKernel<V, T, F>(Planes<V> state, V mask) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint i, nint j)
    {
        var (a, b) = (state.Re[i], state.Re[j]);
        state.Re[i] = V.Select(mask, b, a);
        state.Re[j] = V.Select(mask, a, b);
        if (!F.IsReal)
        {
            (a, b) = (state.Im[i], state.Im[j]);
            state.Im[i] = V.Select(mask, b, a);
            state.Im[j] = V.Select(mask, a, b);
        }
    }
}

internal unsafe struct RealRotationKernel<V, T, F>(Planes<V> state, V cos, V sin) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint i, nint j)
    {
        Turn(state.Re, i, j);
        if (!F.IsReal)
        {
            Turn(state.Im, i, j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Turn(V* plane, nint i, nint j)
    {
        var (a, b) = (plane[i], plane[j]);
        plane[i] = V.MultiplyAdd(cos, a, -(sin * b));
        plane[j] = V.MultiplyAdd(cos, b, sin * a);
    }
}

internal unsafe struct ImaginaryRotationKernel<V, T>(Planes<V> state, V cos, V sin) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint i, nint j)
    {
        var (ar, ai, br, bi) = (state.Re[i], state.Im[i], state.Re[j], state.Im[j]);
        state.Re[i] = V.MultiplyAdd(cos, ar, -(sin * bi));
        state.Im[i] = V.MultiplyAdd(cos, ai, sin * br);
        state.Re[j] = V.MultiplyAdd(cos, br, -(sin * ai));
        state.Im[j] = V.MultiplyAdd(cos, bi, sin * ar);
    }
}

/// <summary>Multiplies one amplitude by a complex number that may differ by lane.</summary>
internal unsafe struct PhaseKernel<V, T, F>(Planes<V> state, V re, V im) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Invoke(nint i, nint j)
    {
        var a = state.Re[i];
        if (F.IsReal)
        {
            state.Re[i] = re * a;
            return;
        }

        var b = state.Im[i];
        state.Re[i] = V.MultiplyAdd(re, a, -(im * b));
        state.Im[i] = V.MultiplyAdd(re, b, im * a);
    }
}

/// <summary>
/// The reverse step of a real rotation: with both states behind it, adds <c>Σ Re⟨λ|D ψ⟩</c> for D = [[0, −1], [1, 0]] and
/// takes both states before it.
/// </summary>
internal unsafe struct ReverseRealRotationKernel<V, T, F>(Planes<V> state, Planes<V> adjoint, V cos, V sin) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    public V Gradient;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(nint i, nint j)
    {
        Turn(state.Re, adjoint.Re, i, j);
        if (!F.IsReal)
        {
            Turn(state.Im, adjoint.Im, i, j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Turn(V* plane, V* dual, nint i, nint j)
    {
        var (a, b, p, q) = (plane[i], plane[j], dual[i], dual[j]);
        Gradient = V.MultiplyAdd(q, a, V.MultiplyAdd(-p, b, Gradient));
        plane[i] = V.MultiplyAdd(cos, a, sin * b);
        plane[j] = V.MultiplyAdd(cos, b, -(sin * a));
        dual[i] = V.MultiplyAdd(cos, p, sin * q);
        dual[j] = V.MultiplyAdd(cos, q, -(sin * p));
    }
}

/// <summary>Adds <c>Σ Re⟨λ|D ψ⟩</c> for D = [[0, −1], [1, 0]].</summary>
internal unsafe struct RealOverlapKernel<V, T, F>(Planes<V> state, Planes<V> adjoint) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where F : IField
{
    public V Gradient;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(nint i, nint j)
    {
        Gradient = V.MultiplyAdd(adjoint.Re[j], state.Re[i], V.MultiplyAdd(-adjoint.Re[i], state.Re[j], Gradient));
        if (!F.IsReal)
        {
            Gradient = V.MultiplyAdd(adjoint.Im[j], state.Im[i], V.MultiplyAdd(-adjoint.Im[i], state.Im[j], Gradient));
        }
    }
}

/// <summary>Adds <c>Σ Re⟨λ|D ψ⟩</c> for D = [[0, i], [i, 0]].</summary>
internal unsafe struct ImaginaryOverlapKernel<V, T>(Planes<V> state, Planes<V> adjoint) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public V Gradient;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(nint i, nint j)
    {
        var first = V.MultiplyAdd(adjoint.Im[i], state.Re[j], -(adjoint.Re[i] * state.Im[j]));
        var second = V.MultiplyAdd(adjoint.Im[j], state.Re[i], -(adjoint.Re[j] * state.Im[i]));
        Gradient += first + second;
    }
}

/// <summary>Adds <c>Σ Re⟨λ|iψ⟩</c> of one amplitude.</summary>
internal unsafe struct PhaseOverlapKernel<V, T>(Planes<V> state, Planes<V> adjoint) : IPairKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public V Gradient;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(nint i, nint j) =>
        Gradient = V.MultiplyAdd(adjoint.Im[i], state.Re[i], V.MultiplyAdd(-adjoint.Re[i], state.Im[i], Gradient));
}
