// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Numbers outside the managed heap, each array at the start of a cache line; zero at first. Large ones ask Linux for
/// pages of 2 MiB: passes that stride through a state otherwise wait for address translation.
/// </summary>
internal sealed unsafe class AlignedArray<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;
    private const int HugePage = 1 << 21;

    public AlignedArray(nint length)
    {
        Length = length;
        var bytes = checked((nuint)Math.Max(1, length) * (nuint)sizeof(T));
        var isLarge = bytes >= 2 * HugePage;
        Start = (T*)NativeMemory.AlignedAlloc(bytes, isLarge ? (nuint)HugePage : CacheLine);
        if (isLarge && OperatingSystem.IsLinux())
        {
            HugePages.Advise(Start, bytes);
        }

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

/// <summary>A hint to Linux; where it is refused, memory is as before.</summary>
internal static unsafe partial class HugePages
{
    private const int Advice = 14; // MADV_HUGEPAGE

    public static void Advise(void* start, nuint bytes) => _ = MemoryAdvise(start, bytes, Advice);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryAdvise(void* start, nuint bytes, int advice);
}
