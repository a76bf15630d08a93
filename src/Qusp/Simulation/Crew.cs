// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation;

/// <summary>Work that falls into numbered chunks; a slot's scratch belongs to one thread at a time.</summary>
internal interface IChunkedWork
{
    void Run(int chunk, int slot);
}

/// <summary>
/// A few threads of the pool that share the chunks of one call, woken once a call. The caller works too, so a busy pool
/// delays nothing, and nothing is allocated after the constructor. Which thread runs a chunk never changes a result.
/// Several rounds of chunks may follow one another between <see cref="Open"/> and <see cref="Close"/>: the threads stay.
/// </summary>
internal sealed class Crew
{
    private const int CountBits = 20; // of the ticket: the round, how many chunks it has, the next one to take
    private const int MaxChunks = (1 << CountBits) - 1;

    private readonly Member[] members;
    private IChunkedWork? work;
    private long ticket;
    private long round;
    private int done;
    private bool isOpen;
    private Exception? failure;

    public Crew(int threads) => members = [.. Enumerable.Range(1, Math.Max(0, threads - 1)).Select(slot => new Member(this, slot))];

    /// <summary>How many slots there are: the caller's is 0.</summary>
    public int Slots => members.Length + 1;

    /// <summary>Wakes the threads for the rounds to come.</summary>
    public void Open()
    {
        Volatile.Write(ref isOpen, true);
        foreach (var member in members)
        {
            member.Wake();
        }
    }

    /// <summary>Lets the threads go.</summary>
    public void Close()
    {
        Volatile.Write(ref isOpen, false);
        foreach (var member in members)
        {
            member.Release();
        }
    }

    /// <summary>Runs all chunks and returns when they are done.</summary>
    public void Run(int count, IChunkedWork on, bool shared)
    {
        if (!shared || members.Length == 0 || count == 1)
        {
            for (var chunk = 0; chunk < count; chunk++)
            {
                on.Run(chunk, 0);
            }

            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxChunks);
        (work, done, failure) = (on, 0, null);
        Volatile.Write(ref ticket, (++round << (2 * CountBits)) | ((long)count << CountBits));
        var wasOpen = isOpen;
        if (!wasOpen)
        {
            Open();
        }

        while (TryWork(0))
        {
        }

        var spin = default(SpinWait);
        while (Volatile.Read(ref done) < count)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        if (!wasOpen)
        {
            Close();
        }

        if (failure is { } error)
        {
            throw new InvalidOperationException("A kernel failed: " + error.Message, error);
        }
    }

    private void Serve(int slot)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref isOpen))
        {
            if (TryWork(slot))
            {
                spin.Reset();
            }
            else
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private bool TryWork(int slot)
    {
        var taken = Volatile.Read(ref ticket);
        var chunk = (int)(taken & MaxChunks);
        if (chunk >= ((taken >> CountBits) & MaxChunks))
        {
            return false;
        }

        if (Interlocked.CompareExchange(ref ticket, taken + 1, taken) != taken)
        {
            return true; // another thread was faster
        }

        try
        {
            work!.Run(chunk, slot);
        }
#pragma warning disable CA1031 // handed to the caller's thread, which throws it
        catch (Exception error)
#pragma warning restore CA1031
        {
            failure = error;
        }
        finally
        {
            Interlocked.Increment(ref done);
        }

        return true;
    }

    private sealed class Member(Crew crew, int slot) : IThreadPoolWorkItem
    {
        private const int Idle = 0, Queued = 1, Running = 2, Cancelled = 3; // cancelled: still in the pool's queue
        private int state;

        public void Wake()
        {
            if (Interlocked.CompareExchange(ref state, Queued, Cancelled) != Cancelled)
            {
                Volatile.Write(ref state, Queued);
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        // After this the member touches nothing of the call that ends.
        public void Release()
        {
            if (Interlocked.CompareExchange(ref state, Cancelled, Queued) == Queued)
            {
                return;
            }

            var spin = default(SpinWait);
            while (Volatile.Read(ref state) == Running)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        public void Execute()
        {
            if (Interlocked.CompareExchange(ref state, Running, Queued) == Queued)
            {
                crew.Serve(slot);
                Volatile.Write(ref state, Idle);
            }
            else
            {
                Interlocked.CompareExchange(ref state, Idle, Cancelled);
            }
        }
    }
}
