// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Qusp.Simulation.StateVectors;

/// <summary>Numbers outside the managed heap, each array at the start of a cache line; zero at first.</summary>
internal sealed unsafe class AlignedArray<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    public AlignedArray(nint length)
    {
        Length = length;
        var bytes = checked((nuint)Math.Max(1, length) * (nuint)sizeof(T));
        Start = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(Start, bytes);
    }

    ~AlignedArray() => Dispose();

    public T* Start { get; private set; }

    public nint Length { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
        GC.SuppressFinalize(this);
    }
}
