// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Qusp.Simulation;

/// <summary>
/// Whether threads share the rounds of a small piece of work. That pays where their processors share a cache: between others a line
/// takes five times as long, and a meeting of two threads too. Nobody tells which processors a program has, and virtual
/// machines move about; so both ways are timed now and then, and the faster one is taken until the next time. No result
/// depends on it.
/// </summary>
internal sealed class Sharing
{
    private const int MaxPeriod = 512; // calls from one comparison to the next, after a while
    private const int Trial = 4; // calls of each way; the first moves the data to where it is needed and does not count

    private bool preferred = true;
    private int period = 8 * Trial; // short at first: code that has just been compiled is not what it will be
    private int call;
    private long started;
    private long best; // of this way
    private long other; // of the one before

    /// <summary>Begins a call.</summary>
    /// <returns>Whether its rounds are shared.</returns>
    public bool Begin()
    {
        started = Stopwatch.GetTimestamp();
        return call < Trial ? !preferred : preferred;
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        if (call < 2 * Trial)
        {
            Compare(Stopwatch.GetTimestamp() - started);
        }

        if (++call == period)
        {
            (call, period) = (0, Math.Min(2 * period, MaxPeriod));
        }
    }

    private void Compare(long ticks)
    {
        if (call % Trial == 0)
        {
            (other, best) = (best, long.MaxValue);
            return;
        }

        best = Math.Min(best, ticks);
        if (call == (2 * Trial) - 1 && other < best)
        {
            preferred = !preferred;
        }
    }
}
