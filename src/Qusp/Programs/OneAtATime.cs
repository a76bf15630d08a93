// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Qusp;

/// <summary>
/// One call at a time: the buffers of a program serve one, so a second caller is refused rather than given a mixture of both, and so is
/// a call after the end.
/// </summary>
internal struct OneAtATime
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int Closed = 2;

    private int state;

    /// <summary>Begins a call, which ends where the result is disposed of.</summary>
    /// <exception cref="InvalidOperationException">Another call is running.</exception>
    /// <exception cref="ObjectDisposedException">The program was disposed of.</exception>
    [UnscopedRef]
    public Running Take()
    {
        var before = Interlocked.CompareExchange(ref state, Taken, Free);
        return before == Free ? new Running(ref state) : throw Refusal(before);
    }

    /// <summary>Ends all calls; a second time does nothing.</summary>
    /// <exception cref="InvalidOperationException">A call is running.</exception>
    public void Close()
    {
        if (Interlocked.CompareExchange(ref state, Closed, Free) == Taken)
        {
            throw Refusal(Taken);
        }
    }

    private static InvalidOperationException Refusal(int state) => state == Closed
        ? new ObjectDisposedException("program", "This program was disposed of; compile another.")
        : new InvalidOperationException("A program runs one call at a time and another call is running; compile one program for each thread (a program uses several threads itself).");

    /// <summary>A call that is running.</summary>
    public readonly ref struct Running(ref int state)
    {
        private readonly ref int state = ref state;

        public void Dispose() => Volatile.Write(ref state, Free);
    }
}
