// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Qusp.Simulation;

/// <summary>
/// The processor a thread runs on. Kernels of virtual machines may wake a thread on the processor of the one that woke it,
/// though another is idle, and leave it there for a tenth of a second: two threads are then slower than one.
/// </summary>
internal static unsafe partial class Processor
{
    private const int Words = 16; // of a set of up to 1024 processors
    private const int Bits = 64;

    /// <summary>Its number.</summary>
    public static int Current => Thread.GetCurrentProcessorId();

    /// <summary>Moves this thread to another of its processors, if Linux lets it; it may use all of them, as before.</summary>
    public static void Leave()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var all = stackalloc ulong[Words];
        var others = stackalloc ulong[Words];
        if (GetAffinity(0, Words * sizeof(ulong), all) < 0)
        {
            return;
        }

        var here = Current;
        new ReadOnlySpan<ulong>(all, Words).CopyTo(new Span<ulong>(others, Words));
        others[here / Bits % Words] &= ~(1UL << (here % Bits));
        if (new ReadOnlySpan<ulong>(others, Words).ContainsAnyExcept(0UL) && SetAffinity(0, Words * sizeof(ulong), others) == 0)
        {
            _ = SetAffinity(0, Words * sizeof(ulong), all);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAffinity(int thread, nint bytes, ulong* set);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nint bytes, ulong* set);
}
