// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;

namespace Qusp.Simulation;

/// <summary>Work that falls into numbered chunks; a slot's scratch belongs to one thread at a time.</summary>
internal interface IChunkedWork
{
    void Run(int chunk, int slot);
}

/// <summary>
/// A few threads of the pool that share the chunks of a call. The caller works too, so a busy pool delays nothing, and
/// nothing is allocated after the constructor. Which thread runs a chunk never changes a result. A thread stays for a
/// moment after its last chunk, ready for the next round: waking one costs as much as a pass over a small state.
/// </summary>
internal sealed class Crew
{
    private const int CountBits = 20; // of a share: the round, one after its last chunk, its next chunk
    private const int MaxChunks = (1 << CountBits) - 1;
    private const int Apart = 16; // what two threads write lies two cache lines apart: processors fetch lines in pairs
    private const int PatientSpins = 4000; // about 100 µs

    private static int queued; // members of all crews that the pool has not yet begun
    private static int present; // members of all crews that have a thread

    private readonly Member[] members;
    private readonly long[] shares; // of each slot
    private readonly long[] finished; // the chunks that each slot has run in all rounds
    private IChunkedWork? work;
    private long round;
    private long begun; // the chunks of all rounds
    private bool isRunning;
    private (int Chunk, Exception Error)? failure; // of the first chunk that failed

    /// <param name="threads">The most threads, 0 = one a core; no more work than there are cores: they would stand in each other's way.</param>
    public Crew(int threads)
    {
        members = [.. Enumerable.Range(1, (threads > 0 ? Math.Min(threads, Environment.ProcessorCount) : Environment.ProcessorCount) - 1).Select(slot => new Member(this, slot))];
        shares = new long[Apart * Slots];
        finished = new long[Apart * Slots];
    }

    /// <summary>How many slots there are: the caller's is 0.</summary>
    public int Slots => members.Length + 1;

    /// <summary>Whether it is within a call of <see cref="Run(int, IChunkedWork, bool)"/>.</summary>
    public bool IsRunning => isRunning;

    /// <summary>Runs all chunks and returns when they are done. Called from a chunk of its own, it runs them on that thread.</summary>
    public void Run(int count, IChunkedWork on, bool shared)
    {
        if (!shared || members.Length == 0 || count <= 1 || isRunning)
        {
            for (var chunk = 0; chunk < count; chunk++)
            {
                on.Run(chunk, 0);
            }

            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxChunks);
        (work, failure, isRunning) = (on, null, true);
        round++;
        begun += count;
        var sharing = Math.Min(count, Slots);
        for (var slot = 0; slot < Slots; slot++)
        {
            var (first, last) = slot < sharing ? ((long)count * slot / sharing, (long)count * (slot + 1) / sharing) : (count, count);
            Volatile.Write(ref shares[Apart * slot], (round << (2 * CountBits)) | (last << CountBits) | first);
        }

        for (var slot = 1; slot < sharing; slot++)
        {
            members[slot - 1].Wake();
        }

        Work(0);

        // Chunks that other threads have begun; they may have lost their processor.
        for (var spins = 0; Finished < begun; spins++)
        {
            if (spins < PatientSpins)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }

        isRunning = false;
        if (failure is { } failed)
        {
            ExceptionDispatchInfo.Throw(failed.Error); // what one thread would have thrown
        }
    }

    private long Finished
    {
        get
        {
            var sum = 0L;
            for (var slot = 0; slot < Slots; slot++)
            {
                sum += Volatile.Read(ref finished[Apart * slot]);
            }

            return sum;
        }
    }

    // Whether another crew has work for the processor that an idle member of this one would hold.
    private static bool IsCrowded => Volatile.Read(ref queued) > 0 && Volatile.Read(ref present) >= Environment.ProcessorCount - 1;

    private static bool IsLeft(long share) => (share & MaxChunks) < ((share >> CountBits) & MaxChunks);

    private bool HasShare(int slot) => IsLeft(Volatile.Read(ref shares[Apart * slot]));

    // A slot's own share from its beginning, so that a thread meets the chunks that are in its cache from the round before;
    // then what others have left, from the end. A share is one word with its round: nobody takes a chunk of one that is over.
    private void Work(int slot)
    {
        for (var k = 0; k < Slots; k++)
        {
            ref var share = ref shares[Apart * ((slot + k) % Slots)];
            var seen = Volatile.Read(ref share);
            while (IsLeft(seen))
            {
                var rest = k == 0 ? seen + 1 : seen - (1L << CountBits);
                var before = Interlocked.CompareExchange(ref share, rest, seen);
                if (before == seen)
                {
                    Run((int)((k == 0 ? seen : rest >> CountBits) & MaxChunks), slot);
                    seen = Volatile.Read(ref share);
                }
                else
                {
                    seen = before;
                }
            }
        }
    }

    private void Run(int chunk, int slot)
    {
        try
        {
            work!.Run(chunk, slot);
        }
#pragma warning disable CA1031 // handed to the caller's thread, which throws it
        catch (Exception error)
#pragma warning restore CA1031
        {
            lock (members)
            {
                failure = failure?.Chunk < chunk ? failure : (chunk, error);
            }
        }
        finally
        {
            ref var count = ref finished[Apart * slot]; // nobody else writes it
            Volatile.Write(ref count, count + 1);
        }
    }

    private sealed class Member(Crew crew, int slot) : IThreadPoolWorkItem
    {
        private int isHere; // in the pool's queue, or running

        public void Wake()
        {
            if (Volatile.Read(ref isHere) == 0 && Interlocked.Exchange(ref isHere, 1) == 0)
            {
                Interlocked.Increment(ref queued);
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        public void Execute()
        {
            Interlocked.Decrement(ref queued);
            Interlocked.Increment(ref present);
            do
            {
                crew.Work(slot);
                for (var spins = 0; spins < PatientSpins && !IsCrowded; spins++)
                {
                    if (crew.HasShare(slot)) // looks at nothing that another thread writes between rounds
                    {
                        crew.Work(slot);
                        spins = 0;
                    }
                    else
                    {
                        Thread.SpinWait(1);
                    }
                }

                Interlocked.Exchange(ref isHere, 0);
            }
            while (crew.HasShare(slot) && Interlocked.Exchange(ref isHere, 1) == 0); // work that came between the last look and leaving
            Interlocked.Decrement(ref present);
        }
    }
}
