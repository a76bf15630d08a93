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
/// </summary>
internal sealed class Crew
{
    private readonly Member[] members;
    private IChunkedWork? work;
    private int chunks;
    private int next;
    private int done;
    private Exception? failure;

    public Crew(int threads) => members = [.. Enumerable.Range(1, Math.Max(0, threads - 1)).Select(slot => new Member(this, slot))];

    /// <summary>How many slots there are: the caller's is 0.</summary>
    public int Slots => members.Length + 1;

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

        (work, chunks, next, done, failure) = (on, count, 0, 0, null);
        foreach (var member in members)
        {
            member.Wake();
        }

        Work(0);
        var spin = default(SpinWait);
        while (Volatile.Read(ref done) < count)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        foreach (var member in members)
        {
            member.Release();
        }

        if (failure is { } error)
        {
            throw new InvalidOperationException("A kernel failed: " + error.Message, error);
        }
    }

    private void Work(int slot)
    {
        while (true)
        {
            var chunk = Interlocked.Increment(ref next) - 1;
            if (chunk >= chunks)
            {
                return;
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
        }
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
                crew.Work(slot);
                Volatile.Write(ref state, Idle);
            }
            else
            {
                Interlocked.CompareExchange(ref state, Idle, Cancelled);
            }
        }
    }
}
