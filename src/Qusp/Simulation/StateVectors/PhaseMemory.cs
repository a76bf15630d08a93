// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.StateVectors;

/// <summary>
/// The memory of tables of phases: of one table, or of all of a long program, each made anew when its turn comes.
/// </summary>
internal sealed unsafe class PhaseMemory<T> : IDisposable
    where T : unmanaged
{
    private AlignedArray<T>? low; // [patterns, 2, 2^lowBits]
    private AlignedArray<T>? high; // [2, 2^highBits]
    private AlignedArray<double>? angles; // of one table, then their sines

    /// <summary>Whose numbers are there.</summary>
    public object? Owner { get; set; }

    public T* Low => low!.Start;

    public T* High => high!.Start;

    public double* Angles => angles!.Start;

    public long Bytes => ((low?.Length ?? 0) + (high?.Length ?? 0)) * sizeof(T) + ((angles?.Length ?? 0) * sizeof(double));

    /// <summary>Makes room; what was there is lost if there was less.</summary>
    public void Reserve(nint lowNumbers, nint highNumbers, nint angleNumbers)
    {
        Grow(ref low, lowNumbers);
        Grow(ref high, highNumbers);
        Grow(ref angles, angleNumbers);
    }

    public void Dispose()
    {
        low?.Dispose();
        high?.Dispose();
        angles?.Dispose();
    }

    private static void Grow<N>(ref AlignedArray<N>? array, nint length)
        where N : unmanaged
    {
        if (array is null || array.Length < length)
        {
            array?.Dispose();
            array = new AlignedArray<N>(length);
        }
    }
}

/// <summary>
/// Gives each table of a program memory of its own, so that weights that stay keep their phases, until there is too much: all further ones
/// share.
/// </summary>
internal sealed class PhaseMemories<T> : IDisposable
    where T : unmanaged
{
    private const long MostBytes = 16 << 20;

    private readonly List<PhaseMemory<T>> memories = [];
    private long bytes; // of all but the last

    public PhaseMemory<T> Next()
    {
        if (memories is [.., var last] && bytes + last.Bytes > MostBytes)
        {
            return last;
        }

        bytes += memories is [.., var before] ? before.Bytes : 0;
        memories.Add(new PhaseMemory<T>());
        return memories[^1];
    }

    public void Dispose()
    {
        foreach (var memory in memories)
        {
            memory.Dispose();
        }
    }
}
